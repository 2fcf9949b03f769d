"""recall: repairs that turned the same or a like check green before, in this app or another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from gencode_graph.blueprint.producers import formatted
from gencode_graph.decisions import Pattern
from gencode_graph.healing.heal import heal
from gencode_graph.healing.patient import Healer, Patient
from gencode_graph.lessons import RECALLED, recalled
from gencode_graph.memory.repairs import applied, signature
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task
from gencode_graph.validation.kinds import texts

FINDINGS, PATTERNS = 5, 3
"""Of a failed attempt, and for each, that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Recall:
    """Proposes what the memory has for the findings: what worked in such a place, or, if ``foreign``, elsewhere."""

    foreign: bool = False

    @property
    def name(self) -> str:
        return "foreign pattern" if self.foreign else "pattern"

    def accepts(self, task: Task) -> bool:
        return bool(task.errors)

    async def produce(self, task: Task, services: Services) -> Draft:
        """The repaired files, and a note for each pattern that was used; an empty draft where none fits."""
        found = [
            (error, pattern) for error in task.errors[:FINDINGS] for pattern in await self._for(error, task, services)
        ]
        if not found:
            return Draft()
        draft = await asyncio.to_thread(self._draft, found, task, services)
        return replace(draft, files=await formatted({**draft.files}, task, services)) if draft.files else draft

    async def _for(self, error: Finding, task: Task, services: Services) -> list[Pattern]:
        text = f"{error.rule} {error.message}"
        patterns = await recalled(services, task, "repair", signature(error), text)
        return [pattern for pattern in patterns if pattern.foreign == self.foreign][:PATTERNS]

    def _draft(self, found: list[tuple[Finding, Pattern]], task: Task, services: Services) -> Draft:
        patient = Patient(files=texts(services.workspace.read(task.tree)), spec=task.spec, may_write=task.owns)
        repairs = heal(task.errors, patient, [_healer(error, pattern) for error, pattern in found])
        used = dict.fromkeys(name for _, name in repairs.done)
        return Draft(
            files={path: text for path, text in repairs.files.items() if text is not None},
            origin=services.origin,
            findings=tuple(Finding(rule=RECALLED, message=name, severity="note") for name in used),
        )


def _healer(error: Finding, pattern: Pattern) -> Healer:
    """A pattern as a healer of the one finding that it was recalled for."""

    def healer(finding: Finding, patient: Patient) -> dict[str, str | None]:
        return {**applied(pattern, finding, patient.files)} if finding == error else {}

    healer.__name__ = pattern.id
    return healer
