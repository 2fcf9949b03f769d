"""heal: every repair that is certain, in one go; the cheapest way back to green, without any model."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gencode_graph.healing.examine import examine, first_problem, side_of
from gencode_graph.healing.patient import Healer, Patient
from gencode_graph.healing.python import HEALERS as PYTHON
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task
from gencode_graph.validation.kinds import texts

HEALERS: tuple[Healer, ...] = PYTHON
"""In the order in which they are asked about a finding; the first that has a repair which holds is taken."""
ROUNDS = 6
"""A repair may bring the next fault to light, so often at most."""


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """What healers came to."""

    files: Mapping[str, str | None] = field(default_factory=dict)
    """Path -> new content, None for a file that goes; only what differs."""
    done: tuple[tuple[Finding, str], ...] = ()
    """Findings that a repair was made for, each with the healer's name; also such as came to light on the way."""
    left: tuple[Finding, ...] = ()
    """Errors among the given findings that no healer had a repair for."""


def heal(findings: Sequence[Finding], patient: Patient, healers: Sequence[Healer] = HEALERS) -> Repairs:
    """Repairs for the errors among the findings, and for what an examination finds besides. Deterministic."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return Repairs()
    treatment = _Treatment(patient, healers, side_of(finding.path for finding in errors))
    treatment.run(errors)
    files, before = treatment.patient.files, patient.files
    changed: dict[str, str | None] = {path: text for path, text in files.items() if before.get(path) != text}
    changed |= dict.fromkeys(path for path in before if path not in files)
    healed = {finding.signature for finding, _ in treatment.done}
    left = tuple(finding for finding in errors if finding.signature not in healed)
    return Repairs(files=dict(sorted(changed.items())), done=tuple(treatment.done), left=left)


class _Treatment:
    """An app while it is repaired."""

    def __init__(self, patient: Patient, healers: Sequence[Healer], side: str) -> None:
        self.patient = patient
        self.done: list[tuple[Finding, str]] = []
        self._healers = healers
        self._side = side
        self._seen = examine(patient.files, side)

    def run(self, errors: Sequence[Finding]) -> None:
        """Go over all findings until no healer has anything to add."""
        for _ in range(ROUNDS):
            healed = {finding.signature for finding, _ in self.done}
            known = {finding.signature: finding for finding in (*errors, *self._seen)}
            if not sum(self._treat(finding) for key, finding in known.items() if key not in healed):
                return

    def _treat(self, finding: Finding) -> bool:
        """Take the first repair that holds; whether there was one."""
        for healer in self._healers:
            repair = {
                path: text
                for path, text in healer(finding, self.patient).items()
                if self.patient.files.get(path) != text and self.patient.treatable(path)
            }
            after = {**self.patient.files, **{path: text for path, text in repair.items() if text is not None}}
            after = {path: text for path, text in after.items() if repair.get(path, "") is not None}
            if repair and self._holds(finding, repair, after):
                self.patient = replace(self.patient, files=after)
                self.done.append((finding, healer.__name__))
                return True
        return False

    def _holds(self, finding: Finding, repair: Mapping[str, str | None], after: Mapping[str, str]) -> bool:
        """Whether a repair takes the finding away, and leaves nothing worse than it was."""
        before = self.patient.files
        unread = False
        for path, text in repair.items():
            old = first_problem(path, before[path]) if path in before else None
            new = first_problem(path, text) if text is not None else None
            if new is not None and (old is None or new <= old):
                return False
            unread = unread or old is not None or path not in before
        seen = examine(after, self._side)
        now, then = Counter(one.signature for one in seen), Counter(one.signature for one in self._seen)
        if now[finding.signature] and now[finding.signature] >= then[finding.signature]:
            return False
        if not unread and now.total() > then.total():
            return False
        self._seen = seen
        return True


@dataclass(frozen=True)
class Heal:
    """Proposes all certain repairs of a draft that did not pass."""

    name: str = "heal"
    healers: tuple[Healer, ...] = HEALERS

    def accepts(self, task: Task) -> bool:
        return any(finding.severity == "error" for finding in task.findings)

    async def produce(self, task: Task, services: Services) -> Draft:
        """The repaired files; an empty draft where nothing is certain."""
        return await asyncio.to_thread(self._produce, task, services)

    def _produce(self, task: Task, services: Services) -> Draft:
        files = texts(services.workspace.read(task.tree))
        green = texts(services.workspace.read(task.green)) if task.green else {}
        patient = Patient(files=files, green=green, spec=task.spec, may_write=task.owns)
        repairs = heal(task.findings, patient, self.healers)
        return Draft(
            files={path: text for path, text in repairs.files.items() if text is not None},
            removed=tuple(path for path, text in repairs.files.items() if text is None),
            origin=services.origin,
        )
