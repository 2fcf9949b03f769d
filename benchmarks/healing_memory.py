"""The pattern memory in the benchmark of healing: what repaired a fault once is proposed when it comes again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutators.apps import Changes
from gencode_graph.decisions import Context, Pattern
from gencode_graph.healing.patient import Patient
from gencode_graph.memory import connect_memory
from gencode_graph.memory.repairs import applied, generalised, signature
from gencode_graph.protocols import Memory
from gencode_graph.settings import Settings
from gencode_graph.types import Finding

LOOKED_AT = 3
"""Findings for which patterns are recalled."""


@dataclass
class Lessons:
    """What the memory knows of one app's side, and what was tried of it on one fault."""

    memory: Memory
    context: Context
    tried: set[str] = field(default_factory=set)

    async def propose(self, errors: Sequence[Finding], patient: Patient) -> tuple[Changes, Pattern | None]:
        """The changes of the first pattern that fits, and that was not tried yet; nothing where none does."""
        for error in errors[:LOOKED_AT]:
            kind, text = signature(error), f"{error.rule} {error.message}"
            for pattern in await self.memory.recall("repair", kind, text, context=self.context):
                changes = applied(pattern, error, patient.files)
                if changes and pattern.id not in self.tried and all(map(patient.treatable, changes)):
                    self.tried.add(pattern.id)
                    return changes, pattern
        return {}, None

    async def judged(self, pattern: Pattern, *, worked: bool) -> None:
        """Tell how a pattern did."""
        await self.memory.judged(pattern.id, worked=worked)

    async def remember(self, error: Finding, sick: Mapping[str, str], well: Mapping[str, str]) -> None:
        """Keep what turned the checks green, as far as it can be put in general form."""
        pattern = generalised(error, sick, well, context=self.context, proof=f"{error.rule} turned green")
        if pattern is not None:
            await self.memory.remember(pattern)


@asynccontextmanager
async def empty_memory(home: Path) -> AsyncIterator[Memory]:
    """A memory without any past."""
    async with connect_memory(Settings(home=home), redact=str) as memory:
        yield memory
