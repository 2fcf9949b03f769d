"""Faults in generated apps, and how many of them are repaired without a model.

    python benchmarks/healing.py [--seed N] [--per-class N] [--classes a,b] [--apps DIR] [--green] [--tests] [--json]

Twelve classes of fault, as models and hurried people make them (benchmarks/mutators, written apart from the healers),
are put one at a time into finished apps, in Python and in TypeScript. The checks of the two steps that put backend and
frontend together judge the app: gates first (syntax, names, imports, calls), then ruff and the API against its
contract, or tsc and biome. What they find goes to ``heal``, without a model and without the app as it was, up to five
times; healed is what all checks pass again with every test file as it was. A fault that these checks cannot see is
counted as unseen, and another one is drawn in its place. The app's own tests run over two healed apps of each class
and language, over all with --tests.

Fails unless 90 % are healed, all of those with imports and names, and no test was changed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TextIO

sys.path[0] = str(Path(__file__).resolve().parents[1])  # not this folder: it has a `requests`

from rich.console import Console
from rich.table import Table

from benchmarks.mutators import CLASSES, draw, languages
from benchmarks.mutators.apps import Fault
from benchmarks.mutators.notes import note
from benchmarks.never_helps import report, runs
from benchmarks.ward import SIDES, Bed, admitted, changed, make_apps, read_apps
from gencode_graph.errors import GencodeError, InputError
from gencode_graph.healing.heal import heal
from gencode_graph.healing.patient import Patient, is_judge

ATTEMPTS = 5
CERTAIN = ("import", "path", "name")
"""Classes of which all have to be healed."""
TESTED = 2
"""Healed apps of a class and language whose own tests run."""
DRAWS = 6
"""Times the faults wanted, after which no more are drawn for a class."""


@dataclass
class Case:
    """What became of one fault."""

    kind: str
    language: str
    app: str
    way: str
    path: str
    rules: list[str] = field(default_factory=list)
    """Of what the checks found."""
    seen: bool = False
    green: bool = False
    """The checks pass again."""
    attempts: int = 0
    seconds: float = 0.0
    """Healing alone."""
    checked: float = 0.0
    """Healing, and the checks after it."""
    weakened: bool = False
    """A test was changed."""
    tests: bool | None = None
    """Whether the app's own tests pass; None where they did not run."""
    same: bool = False
    """The app is what it was before the fault, to the letter."""

    @property
    def healed(self) -> bool:
        """Whether all is as good as before, as far as it was looked at."""
        return self.green and not self.weakened and self.tests is not False


async def treat(fault: Fault, bed: Bed, *, green: bool, log: TextIO | None) -> tuple[Case, dict[str, str]]:
    """One fault put into an app and healed; the app's files as they are then."""
    case = Case(kind=fault.kind, language=fault.language, app=fault.app, way=fault.way, path=fault.path)
    files = sick = changed(bed.app.files, fault.changes)
    first, _ = await bed.judge(files, fault.language, green=green)
    case.seen, case.rules = bool(first), sorted({finding.rule for finding in first})
    errors, before = first, set[str]()
    while errors and case.attempts < ATTEMPTS:
        case.attempts += 1
        patient = Patient(
            files=files, green=bed.app.files if green else {}, spec=bed.app.spec, may_write=bed.side(fault.language)
        )
        began = time.monotonic()
        repairs = await asyncio.to_thread(heal, errors, patient)
        spent = time.monotonic() - began
        case.weakened |= any(is_judge(path) for path in repairs.files)
        files = changed(files, repairs.files)
        before.add(str(sorted(finding.signature for finding in errors)))
        checks = 0.0
        if repairs.files:
            errors, checks = await bed.judge(files, fault.language, green=green)
        case.seconds, case.checked = case.seconds + spent, case.checked + spent + checks
        if not repairs.files or str(sorted(finding.signature for finding in errors)) in before:
            break
    case.green = case.seen and not errors
    case.weakened |= any(is_judge(p) and files.get(p) != t for p, t in bed.app.files.items())
    case.same = files == dict(bed.app.files)
    if log and case.seen:
        log.write(note(fault, bed.app, sick, files, first, errors, healed=case.healed))
        log.flush()
    return case, files


async def treat_class(kind: str, count: int, beds: Mapping[str, Bed], options: argparse.Namespace) -> list[Case]:
    """So many faults of a class that the checks see, and those among them that they do not."""
    dice, apps = Random(f"{options.seed}/{kind}"), [bed.app for bed in beds.values()]
    cases: list[Case] = []
    known: set[str] = set()
    for language in languages(kind, count):
        for _ in range(DRAWS):
            fault = draw(kind, language, apps, dice)
            if fault.key in known:
                continue
            known.add(fault.key)
            case, files = await treat(fault, beds[fault.app], green=options.green, log=options.log)
            cases.append(case)
            ran = sum(c.tests is not None for c in cases if c.language == language)
            if case.healed and not options.no_tests and (options.tests or ran < TESTED):
                case.tests = not await beds[fault.app].tests(files, language)
            _tell(f"{kind:10} {language:10} {len(cases):3}: {_state(case)}")
            if case.seen:
                break
    return cases


def _state(case: Case) -> str:
    if not case.seen:
        return f"unseen ({case.way})"
    return f"{'healed' if case.healed else 'NOT healed'} in {case.attempts} ({case.way}: {', '.join(case.rules)})"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def measure(options: argparse.Namespace) -> list[Case]:
    """All cases of the classes that are asked for."""
    with tempfile.TemporaryDirectory(prefix="gencode-healing-") as name:
        scratch = Path(name)
        folder = await _apps(options, scratch)
        cases: list[Case] = []
        async with AsyncExitStack() as stack:
            beds = {app.name: await stack.enter_async_context(admitted(app, scratch)) for app in read_apps(folder)}
            for bed in beds.values():
                await _sound(bed)
            for kind in options.classes:
                cases += await treat_class(kind, options.per_class, beds, options)
        return cases


async def _sound(bed: Bed) -> None:
    """Raise ``InputError`` unless an app passes its checks before anything is done to it."""
    for side in SIDES:
        errors, _ = await bed.judge(bed.app.files, side)
        if errors:
            told = "; ".join(f"{error.path}: {error.rule}: {error.message[:200]}" for error in errors[:3])
            raise InputError(f"{bed.app.name} does not pass its own checks, make it anew: {told}")


def rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The figures of each class and language, and of all."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.kind, case.language), []).append(case)
    return [_row(*key, group) for key, group in groups.items()] + [_row("all", "", cases)]


def _row(kind: str, language: str, cases: Sequence[Case]) -> dict[str, Any]:
    seen = [case for case in cases if case.seen]
    healed = [case for case in seen if case.healed]
    return {
        "class": kind, "language": language, "faults": len(cases), "seen": len(seen), "healed": len(healed),
        "weakened": sum(case.weakened for case in cases),
        "tests": f"{sum(c.tests is True for c in cases)}/{sum(c.tests is not None for c in cases)}",
        "same": sum(case.same for case in healed),
        "attempts": round(statistics.mean(case.attempts for case in healed), 2) if healed else None,
        "seconds": round(statistics.median(case.seconds for case in seen), 2) if seen else None,
        "checked": round(statistics.median(case.checked for case in seen), 2) if seen else None,
    }  # fmt: skip


def holds(cases: Sequence[Case]) -> bool:
    """Whether the thresholds are met."""
    seen = [case for case in cases if case.seen]
    certain = all(case.healed for case in seen if case.kind in CERTAIN)
    return certain and not any(c.weakened for c in cases) and sum(c.healed for c in seen) >= 0.9 * len(seen)


def table(cases: Sequence[Case], *, green: bool) -> Table:
    """The figures for people."""
    same = "reverted" if green else "as before"
    heads = ("class", "language", "faults", "seen", "healed", "tests changed", "tests pass", same, "attempts", "heal s",
             "with checks s")  # fmt: skip
    shown = Table(*heads, title="Faults healed without a model")
    for row in rows(cases):
        shown.add_row(*("" if value is None else str(value) for value in row.values()))
    return shown


def main() -> int:
    """Put the faults in, heal, print the table, and say whether the thresholds hold."""
    options = _options()
    logging.disable(logging.CRITICAL)
    try:
        if options.never_helps:
            return asyncio.run(never(options))
        cases = asyncio.run(measure(options))
    except GencodeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps({"rows": rows(cases), "cases": [{**asdict(c), "healed": c.healed} for c in cases]}, indent=1))
    else:
        console = Console()
        Console(width=max(console.width, 130)).print(table(cases, green=options.green))
    return 0 if holds(cases) else 1


async def never(options: argparse.Namespace) -> int:
    """Runs with a model that never helps."""
    with tempfile.TemporaryDirectory(prefix="gencode-healing-") as name:
        ended = await runs(options.runs, options.seed, read_apps(await _apps(options, Path(name))), _tell)
    print(json.dumps([asdict(run) for run in ended], indent=1) if options.json else report(ended))
    return 0 if all(run.good for run in ended) else 1


async def _apps(options: argparse.Namespace, scratch: Path) -> Path:
    """The folder of the apps, which are made where none is given."""
    if options.apps is None:
        _tell("making the apps")
        await make_apps(scratch / "apps")
    return options.apps or scratch / "apps"


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
    parser.add_argument("--apps", type=Path, help="folder of apps that `gencode new` made; four are made without it")
    parser.add_argument("--green", action="store_true", help="give the healers the app as it was too")
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
