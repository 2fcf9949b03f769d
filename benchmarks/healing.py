"""Faults in generated apps, and how many of them are repaired without a model.

    python benchmarks/healing.py [--seed N] [--per-class N] [--classes a,b] [--apps DIR] [--memory] [--green] ...
    python benchmarks/healing.py --never-helps [--runs N] [--seed N] [--apps DIR] [--json]

Twelve classes of fault, as models and hurried people make them (benchmarks/mutators, written apart from the healers),
are put one at a time into finished apps, in Python and in TypeScript, and formatted as a model's drafts are. The
checks of the two steps that put backend and frontend together judge the app: gates first (syntax, names, imports,
calls), then ruff and the API against its contract, or tsc and biome. What they find goes to ``heal``, without a model
and without the app as it was, up to five times; healed is what all checks pass again with every test file as it was. A
fault that these checks cannot see is counted as unseen, and another one is drawn in its place. The app's own tests run
over two healed apps of each class and language, over all with --tests. With --memory, what repaired a fault (or, where
nothing did, the lines as they were) is remembered, and the same faults come a second time. benchmarks/never_helps.py
tells of --never-helps.

Fails unless 90 % are healed, all of those with imports and names, no test was changed, the median takes less than 3 s,
and with --memory the second pass takes fewer attempts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TextIO

sys.path[0] = str(Path(__file__).resolve().parents[1])  # not this folder: it has a `requests`

from rich.console import Console

from benchmarks.healing_figures import ATTEMPTS, Case, compared, misses, rows, table
from benchmarks.healing_memory import Lessons, empty_memory
from benchmarks.healing_notes import note
from benchmarks.mutators import CLASSES, draw, languages
from benchmarks.mutators.apps import Changes, Fault
from benchmarks.never_helps import report, runs
from benchmarks.ward import OFFLINE, SIDES, Bed, admitted, changed, make_apps, read_apps
from gencode_graph.decisions import Context
from gencode_graph.errors import GencodeError, InputError
from gencode_graph.healing.heal import heal
from gencode_graph.healing.patient import Patient, is_judge
from gencode_graph.protocols import Memory
from gencode_graph.types import Finding

TESTED = 2
"""Healed apps of a class and language whose own tests run."""
DRAWS = 6
"""Faults drawn for one that the checks see."""


async def treat(
    fault: Fault, bed: Bed, *, green: bool, log: TextIO | None = None, lessons: Lessons | None = None
) -> tuple[Case, dict[str, str]]:
    """One fault put into an app and healed; the app's files as they are then."""
    case = Case(kind=fault.kind, language=fault.language, app=fault.app, way=fault.way, path=fault.path)
    files = sick = changed(bed.app.files, fault.changes)
    first, _ = await bed.judge(files, fault.language, green=green)
    case.seen, case.rules = bool(first), sorted({finding.rule for finding in first})
    errors, before = first, {_signs(first)}
    while errors and case.attempts < ATTEMPTS:
        patient = Patient(
            files=files, green=bed.app.files if green else {}, spec=bed.app.spec, may_write=bed.side(fault.language)
        )
        began = time.monotonic()
        changes, pattern = await lessons.propose(errors, patient) if lessons else ({}, None)
        if not changes:
            changes, case.crash = await asyncio.to_thread(_healed, errors, patient)
        spent = time.monotonic() - began
        case.seconds, case.checked = case.seconds + spent, case.checked + spent
        if not changes:
            break
        began = time.monotonic()
        changes = await bed.formatted(files, changes, fault.language)
        case.checked += time.monotonic() - began
        case.attempts, case.by = case.attempts + 1, "memory" if pattern else "heal"
        case.weakened |= any(is_judge(path) for path in changes)
        made = changed(files, changes)
        found, checks = await bed.judge(made, fault.language, green=green)
        case.checked += checks
        if lessons and pattern:
            await lessons.judged(pattern, worked=not found)
            if found:
                continue  # what did not work is taken back
        files, errors = made, found
        if errors and _signs(errors) in before:
            break
        before.add(_signs(errors))
    case.green = case.seen and not errors
    case.weakened |= any(is_judge(p) and files.get(p) != t for p, t in bed.app.files.items())
    case.same = files == dict(bed.app.files)
    if lessons and case.seen and case.by != "memory" and not (case.healed and case.attempts == 1):
        await lessons.remember(first[0], sick, files if case.healed else bed.app.files)
    if log and case.seen:
        log.write(note(fault, bed.app, sick, files, first, errors, case))
        log.flush()
    return case, files


def _healed(errors: Sequence[Finding], patient: Patient) -> tuple[Changes, str]:
    """What healers propose, and the last line of what they raised."""
    try:
        return heal(errors, patient).files, ""
    except Exception as error:  # it heals nothing then, and is told of
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {}, f"{type(error).__name__}: {error} in {Path(place.filename).name}:{place.lineno}"


def _signs(errors: Sequence[Finding]) -> str:
    return str(sorted(finding.signature for finding in errors))


@dataclass(frozen=True, kw_only=True)
class Ward:
    """All apps, and how they are treated."""

    beds: Mapping[str, Bed]
    options: argparse.Namespace
    memory: Memory | None = None

    async def treat(self, fault: Fault, log: TextIO | None = None) -> tuple[Case, dict[str, str]]:
        """One fault in its app."""
        bed = self.beds[fault.app]
        context = Context(archetype=bed.app.spec.archetype, step=SIDES[fault.language].name, language=fault.language)
        lessons = Lessons(self.memory, context) if self.memory else None
        return await treat(fault, bed, green=self.options.green, log=log, lessons=lessons)

    async def treat_class(self, kind: str) -> list[tuple[Fault, Case]]:
        """So many faults of a class that the checks see, and those among them that they do not."""
        options, apps = self.options, [bed.app for bed in self.beds.values()]
        dice = Random(f"{options.seed}/{kind}")
        done: list[tuple[Fault, Case]] = []
        known: set[str] = set()
        for language in languages(kind, options.per_class):
            for _ in range(DRAWS):
                fault = draw(kind, language, apps, dice)
                if fault.key in known:
                    continue
                known.add(fault.key)
                bed = self.beds[fault.app]
                fault = replace(fault, changes=await bed.formatted(bed.app.files, fault.changes, language))
                if changed(bed.app.files, fault.changes) == dict(bed.app.files):
                    continue  # the formatters put it right
                case, files = await self.treat(fault, options.log)
                done.append((fault, case))
                ran = sum(it.tests is not None for _, it in done if it.language == language)
                if case.healed and not options.no_tests and (options.tests or ran < TESTED):
                    case.tests = not await bed.tests(files, language)
                _tell(f"{kind:10} {language:10} {len(done):3}: {_state(case)}")
                if case.seen:
                    break
        return done

    async def again(self, faults: Sequence[Fault]) -> list[Case]:
        """The same faults once more, now that there are lessons."""
        cases: list[Case] = []
        for fault in faults:
            cases.append((await self.treat(fault))[0])
            _tell(f"again {fault.kind:10} {fault.language:10} {len(cases):3}: {_state(cases[-1])}")
        return cases


def _state(case: Case) -> str:
    if not case.seen:
        return f"unseen ({case.way})"
    if case.crash:
        return f"NOT healed, {case.crash} ({case.way}: {', '.join(case.rules)})"
    return f"{'healed' if case.healed else 'NOT healed'} in {case.attempts} ({case.way}: {', '.join(case.rules)})"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def measure(options: argparse.Namespace) -> tuple[list[Case], list[Case]]:
    """All cases of the classes that are asked for, and with a memory those of the second pass."""
    with tempfile.TemporaryDirectory(prefix="gencode-healing-") as name:
        scratch = Path(name)
        folder = await _apps(options, scratch)
        async with AsyncExitStack() as stack:
            beds = {app.name: await stack.enter_async_context(admitted(app, scratch)) for app in read_apps(folder)}
            for bed in beds.values():
                await _sound(bed)
            os.environ.update(OFFLINE)
            memory = await stack.enter_async_context(empty_memory(scratch / "memory")) if options.memory else None
            ward = Ward(beds=beds, options=options, memory=memory)
            done = [pair for kind in options.classes for pair in await ward.treat_class(kind)]
            again = await ward.again([fault for fault, case in done if case.seen]) if memory else []
        return [case for _, case in done], again


async def _sound(bed: Bed) -> None:
    """Raise ``InputError`` unless an app passes its checks before anything is done to it."""
    for side in SIDES:
        errors, _ = await bed.judge(bed.app.files, side)
        if errors:
            told = "; ".join(f"{error.path}: {error.rule}: {error.message[:200]}" for error in errors[:3])
            raise InputError(f"{bed.app.name} does not pass its own checks, make it anew: {told}")


def main() -> int:
    """Put the faults in, heal, print the table, and say whether the thresholds hold."""
    options = _options()
    logging.disable(logging.CRITICAL)
    try:
        if options.never_helps:
            return asyncio.run(never(options))
        cases, again = asyncio.run(measure(options))
    except GencodeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    missed = misses(cases)
    both = compared(cases, again) if again else None
    if options.json:
        told = [{**asdict(case), "healed": case.healed} for case in cases]
        print(json.dumps({"rows": rows(cases), "memory": both, "missed": missed, "cases": told}, indent=1))
    else:
        show(cases, again, missed, both, green=options.green)
    return 1 if missed or (both and both["attempts"][1] >= both["attempts"][0]) else 0


def show(
    cases: Sequence[Case], again: Sequence[Case], missed: Sequence[str], both: Mapping[str, Any] | None, *, green: bool
) -> None:
    """The tables, and what does not hold."""
    console = Console()
    console = Console(width=max(console.width, 130))
    console.print(table(cases, "Faults healed without a model", green=green))
    if both:
        console.print(table(again, "The same faults again, with the memory", green=green))
        (one, two), (first, second) = both["healed"], both["attempts"]
        print(f"attempts a fault: {first}, with the memory {second} (one that is not healed takes {ATTEMPTS})")
        print(f"healed: {one}, with the memory {two} of {both['faults']}, {both['by_memory']} of them by the memory")
        print(f"fewer attempts for {both['fewer']}, more for {both['more']}")
    for text in missed:
        print(f"MISSED: {text}")


async def never(options: argparse.Namespace) -> int:
    """Runs with a model that never helps."""
    with tempfile.TemporaryDirectory(prefix="gencode-healing-") as name:
        ended = await runs(options.runs, options.seed, read_apps(await _apps(options, Path(name))), _tell)
    print(json.dumps([asdict(run) for run in ended], indent=1) if options.json else report(ended))
    return 0 if all(run.good for run in ended) else 1


async def _apps(options: argparse.Namespace, scratch: Path) -> Path:
    """The folder of the apps, which are made where it holds none."""
    folder: Path = options.apps or scratch / "apps"
    if not read_apps(folder):
        _tell(f"making the apps in {folder}")
        await make_apps(folder)
    return folder


def _classes(text: str) -> list[str]:
    wanted = text.split(",")
    if unknown := [name for name in wanted if name not in CLASSES]:
        raise argparse.ArgumentTypeError(f"no class {', '.join(unknown)}; there are {', '.join(CLASSES)}")
    return wanted


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the faults; the same ones every time")
    parser.add_argument("--per-class", type=int, default=20, help="faults of each class that the checks see")
    parser.add_argument("--classes", type=_classes, default=list(CLASSES), help=f"of {', '.join(CLASSES)}; all")
    parser.add_argument("--apps", type=Path, help="folder of apps; four are made there if it holds none")
    parser.add_argument("--green", action="store_true", help="give the healers the app as it was too")
    parser.add_argument("--memory", action="store_true", help="go over the faults twice, with a memory of repairs")
    tests = parser.add_mutually_exclusive_group()
    tests.add_argument("--tests", action="store_true", help="run the tests of every healed app: minutes")
    tests.add_argument("--no-tests", action="store_true", help="run no tests")
    parser.add_argument("--log", type=argparse.FileType("a", encoding="utf-8"), help="file for what happened to each")
    parser.add_argument("--never-helps", action="store_true", help="whole runs with a model that never helps instead")
    parser.add_argument("--runs", type=int, default=100, help="of --never-helps")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
