"""heal: every repair that is certain, in one go; the cheapest way back to green, without any model."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gencode_graph.blueprint.producers import formatted
from gencode_graph.healing.diagnosis import diagnosed
from gencode_graph.healing.examine import examine, read_out, side_of
from gencode_graph.healing.patient import Healer, Patient
from gencode_graph.healing.python import HEALERS as PYTHON
from gencode_graph.healing.python.ruff import tidied
from gencode_graph.healing.reading import first_problem
from gencode_graph.healing.text import HEALERS as TEXT
from gencode_graph.healing.web import WEB
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task
from gencode_graph.validation.kinds import texts

HEALERS: tuple[Healer, ...] = (*TEXT, *PYTHON, *WEB)
"""In the order in which they are asked about a finding; the first that has a repair which holds is taken."""
REPAIRS = 60
"""At most, in one go: a repair may bring the next fault to light."""

CONSEQUENCES = re.compile(r"tsc/TS(?:7006|7031|7019|7005|7034|18046)$|tsc/TS61\d\d$")
"""What a compiler says last: of names without use and without a type, which may be there for another error."""


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
    for path in changed:
        if path.endswith(".py"):
            changed[path] = tidied(files[path], path, files)
    changed |= dict.fromkeys(path for path in before if path not in files)
    left = tuple(finding for finding in errors if finding.signature in treatment.open)
    return Repairs(files=dict(sorted(changed.items())), done=tuple(treatment.done), left=left)


class _Treatment:
    """An app while it is repaired."""

    def __init__(self, patient: Patient, healers: Sequence[Healer], side: str) -> None:
        self.patient = patient
        self.done: list[tuple[Finding, str]] = []
        self._healers = healers
        self._side = side
        self._seen = examine(patient.files, side)
        self._first = {one.signature for one in self._seen}
        self._given: set[str] = set()
        self._untreated = patient.files
        self._states = {self._state(patient.files)}

    @property
    def open(self) -> set[str]:
        """Signatures of what is left: it can still be seen, or nothing was done about it."""
        healed = {finding.signature for finding, _ in self.done} | self._first
        return {one.signature for one in self._seen} | {key for key in self._given if key not in healed}

    def run(self, errors: Sequence[Finding]) -> None:
        """Make one repair after the other until no healer has anything to add."""
        self._given = {one.signature for one in errors}
        told = [(error, one) for error in errors for one in read_out(error, self.patient.files)]
        told = [(error, one) for error, one in told if one.signature not in self._first]
        told.sort(key=lambda pair: bool(CONSEQUENCES.match(pair[1].rule)))
        while len(self.done) < REPAIRS:
            treated = {finding.signature for finding, _ in self.done}
            seen = sorted(self._seen, key=lambda one: one.rule.startswith("contract/"))  # a route may hang on a name
            ways = [(one, one) for one in seen] + [(e, o) for e, o in told if e.signature not in treated]
            before = len(self.done)
            for error, one in ways:
                causes = {done.path for done, _ in self.done if not CONSEQUENCES.match(done.rule)}
                if CONSEQUENCES.match(one.rule) and one.path in causes:
                    continue
                if one.signature in self._first and one.signature not in {seen.signature for seen in self._seen}:
                    continue  # gone with an earlier repair
                self._treat(error, one)
            if len(self.done) == before:
                return

    def _treat(self, error: Finding, finding: Finding) -> bool:
        """Take the first repair that holds; whether there was one."""
        for healer in self._healers:
            repair = dict(self._allowed(healer(finding, self.patient)))
            gone = [path for path, text in repair.items() if text is None]
            after = {**self.patient.files, **{path: text for path, text in repair.items() if text is not None}}
            after = {path: text for path, text in after.items() if path not in gone}
            state = self._state(after)
            if repair and state not in self._states and self._holds(finding, repair, after):
                self._states.add(state)
                self.patient = replace(self.patient, files=after)
                self.done.append((error, healer.__name__))
                return True
        return False

    def _state(self, files: Mapping[str, str]) -> frozenset[tuple[str, str | None]]:
        """What an app has come to: two repairs that undo each other would go on for ever."""
        before = self._untreated
        made = {(path, text) for path, text in files.items() if before.get(path) != text}
        return frozenset(made | {(path, None) for path in before if path not in files})

    def _allowed(self, repair: Mapping[str, str | None]) -> Iterator[tuple[str, str | None]]:
        """A repair without what changes nothing; nothing of one that touches what it must not."""
        if all(self.patient.treatable(path) for path in repair):
            yield from ((path, text) for path, text in repair.items() if self.patient.files.get(path) != text)

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
        return bool(task.errors)

    async def produce(self, task: Task, services: Services) -> Draft:
        """The repaired files, formatted; an empty draft where nothing is certain."""
        causes = await diagnosed(task, services)
        draft = await asyncio.to_thread(self._produce, task, causes, services)
        return replace(draft, files=await formatted({**draft.files}, task, services)) if draft.files else draft

    def _produce(self, task: Task, causes: Sequence[Finding], services: Services) -> Draft:
        files = texts(services.workspace.read(task.tree))
        green = texts(services.workspace.read(task.green)) if task.green else {}
        patient = Patient(files=files, green=green, spec=task.spec, may_write=task.owns)
        repairs = heal((*task.findings, *causes), patient, self.healers)
        return Draft(
            files={path: text for path, text in repairs.files.items() if text is not None},
            removed=tuple(path for path, text in repairs.files.items() if text is None),
            origin=services.origin,
        )
