"""Runs of a few steps with a model that never helps: does each end in the green baseline, within five attempts a step?

    python benchmarks/healing.py --never-helps [--runs N] [--seed N] [--apps DIR] [--json]

Each run has the built-in drafts of one app, and a model on loopback whose every answer is noise, a claim, in pieces,
or code that cannot work. One step lets a careless draft with a fault pass, unjudged, so that a later step finds
it: certain repairs may heal it in every second run, and in the others only the way back is left. Fails unless every
run ends with all steps passed and without a fault, none took more than five attempts, and where nothing could heal,
the files are those of the built-in drafts.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.mutators import draw
from benchmarks.mutators.apps import App
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import build, series
from gencode_graph.protocols import Check
from gencode_graph.sandbox import BACKENDS
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step, Team, within
from gencode_graph.testing import Wire, load_script
from gencode_graph.testing.rehearsal import BUG_TRACKER
from gencode_graph.testing.rehearsal.worse import worse
from gencode_graph.testing.wire import Conversation
from gencode_graph.types import Command, Draft, Limit, Origin, Result, StepResult, Task, Verdict
from gencode_graph.validation.contract import contract_valid
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.preflight import judge, preflight
from gencode_graph.validation.python import python_syntax

ORDER = ("analysis", "architecture", "contracts", "backend_models", "backend_implementation", "system_integration")
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "analysis": STEPS["analysis"].checks,
    "architecture": (placeholders,),
    "contracts": (contract_valid, placeholders),
    "backend_models": (python_syntax, placeholders),
    "backend_implementation": (placeholders,),
}
"""Those that run no tool; the last step's is ``sound``."""
CARELESS = "backend_implementation"
GARBAGE = ("noise", "prose", "imports", "removed", "short", "syntax", "weakened")
FOR_TEXT = ("noise", "prose", "removed", "short")
"""For steps that write no code: a bracket too many in a document is no fault that anything could find."""
FAULTY = ("import", "path", "name")
"""Classes of fault that the last step's checks see."""
MOST = 5
MODEL = "openai:gpt-4o-mini"


class Still:
    """A sandbox that keeps files and runs nothing: what the model writes here is only ever read."""

    name = "still"
    limits: tuple[Limit, ...] = ()

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        """Keep files."""
        self._files.update(files)

    async def install(self, lock: str) -> None:
        """Nothing is installed."""

    async def run(self, command: Command) -> Result:
        """Nothing happens, and that well."""
        return Result(verdict="ok", exit_code=0, stdout="", stderr="", seconds=0.0, backend=self.name)

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The files that were put."""
        return {path: text for path, text in self._files.items() if any(within(path, (p, f"{p}/")) for p in paths)}

    async def close(self) -> None:
        """There is nothing to end."""


async def open_still(settings: Settings, folder: Path, run_id: str) -> Still:
    """A sandbox for one run."""
    return Still()


async def sound(task: Task, draft: Draft, services: Services) -> Verdict:
    """All files of the app parse, define what they use, and fit together."""
    files: dict[str, str | bytes] = dict(services.workspace.read(task.tree))
    return await preflight(task, Draft(files=files), services)


@dataclass(frozen=True, kw_only=True)
class Given:
    """Proposes files that are there already."""

    name: str
    files: Mapping[str, str]
    model: bool = False

    def accepts(self, task: Task) -> bool:
        """Always: what was tried on the same findings is not tried again."""
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        """The files."""
        return Draft(files=dict(self.files), origin="model" if self.model else "builtin")


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a run ended."""

    seed: int
    app: str
    healing: bool
    """Whether healers worked."""
    passed: bool
    """All steps did."""
    sound: bool
    """Nothing is wrong with the app."""
    baseline: bool
    """It is what the built-in drafts are."""
    attempts: Mapping[str, int]
    failed: Mapping[str, Sequence[str]]
    """Step -> who tried, and the first error that was left, for those that did not pass."""
    differs: Sequence[str]
    """Files that are not those of the built-in drafts."""
    calls: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether it ended as it should."""
        return self.passed and (self.baseline or (self.healing and self.sound)) and max(self.attempts.values()) <= MOST


def steps(app: App, careless: Mapping[str, str], *, healing: bool) -> dict[str, Step]:
    """The few steps, with an app's files as their built-in drafts, and a draft with a fault let pass in one."""
    made: dict[str, Step] = {}
    taken: set[str] = set()
    for name in ORDER:
        step = STEPS[name]
        files = {p: t for p, t in app.files.items() if step.owns(p) and p not in taken}
        taken |= files.keys()
        made[name] = replace(
            step, producers=(Given(name="blueprint", files=files),), checks=CHECKS.get(name, (sound,)),
            healers=step.healers if healing else (),
        )  # fmt: skip
    made[CARELESS] = replace(
        made[CARELESS], team=Team(agents=(Given(name="derek/careless", files=careless, model=True),))
    )
    return made


async def one(seed: int, app: App, folder: Path) -> Run:
    """One run below a folder."""
    dice = Random(f"{seed}/never")
    own = replace(app, files={p: t for p, t in app.files.items() if any(STEPS[n].owns(p) for n in ORDER)})
    careless, healing = _careless(own, dice), bool(seed % 2)
    script = worse(load_script(BUG_TRACKER), lambda call: _garbage(call, seed))
    settings = Settings(
        workspace=folder / "app", home=folder / "home", model=MODEL, sandbox="still", budget_usd=50, budget_calls=2000
    )
    BACKENDS["still"] = f"{__name__}:open_still"
    began = time.monotonic()
    with Wire(**vars(script)) as wire:
        os.environ.update({**wire.env_of("openai"), "OPENAI_API_KEY": "sk-nobody"})
        graph = build(series(*ORDER), steps(own, careless, healing=healing)).compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "run"}, "recursion_limit": 100}
        async with connect(settings, "run") as services:
            end = await graph.ainvoke({"request": "an app"}, config, context=settings)
            results: dict[str, StepResult] = end["steps"]
            tree = services.workspace.merge(None, *((results[n].tree, results[n].removed) for n in ORDER))
            files = {path: text.decode() for path, text in services.workspace.read(tree).items()}
            task = Task(run_id="run", step=ORDER[-1], request="", tree=tree)
            found = (await sound(task, Draft(), services)).findings
        calls = len(wire.calls)
    return Run(
        seed=seed,
        app=app.name,
        healing=healing,
        passed=all(result.status == "passed" for result in results.values()),
        sound=not any(finding.severity == "error" for finding in found),
        baseline=files == dict(own.files),
        attempts={name: results[name].attempts for name in ORDER},
        failed={name: _tries(result) for name, result in results.items() if result.status != "passed"},
        differs=sorted(path for path in {*files, *own.files} if files.get(path) != own.files.get(path))[:5],
        calls=calls,
        seconds=round(time.monotonic() - began, 1),
    )


def _careless(app: App, dice: Random) -> dict[str, str]:
    """Files of one step with a fault that the last step sees."""
    while True:
        fault = draw(dice.choice(FAULTY), "python", [app], dice)
        changes = {path: text for path, text in fault.changes.items() if text is not None}
        mine = len(changes) == len(fault.changes) and all(map(STEPS[CARELESS].owns, changes))
        if mine and any(finding.severity == "error" for finding in judge(changes, app.files)):
            return changes


def _garbage(call: Conversation, seed: int) -> str:
    """A way to spoil an answer, the same for the same call."""
    ways = FOR_TEXT if call.step in ("analysis", "architecture") else GARBAGE
    return Random(f"{seed}/{call.digest}").choice(ways)


def _tries(result: StepResult) -> list[str]:
    return [f"{it.producer}: {it.errors[0] if it.errors else 'nothing'}" for it in result.history]


async def runs(count: int, seed: int, apps: Sequence[App], tell: Any) -> list[Run]:
    """So many runs, one after another, in the apps by turns."""
    ended: list[Run] = []
    for number in range(seed, seed + count):
        with tempfile.TemporaryDirectory(prefix="gencode-never-") as scratch:
            ended.append(await one(number, apps[number % len(apps)], Path(scratch)))
        last = ended[-1]
        tell(f"{len(ended):4} of {count}: {'good' if last.good else 'BAD'}, {last.calls} calls, {last.seconds} s")
    return ended


def report(ended: Sequence[Run]) -> str:
    """The figures for people."""
    good, most = sum(run.good for run in ended), max(max(run.attempts.values()) for run in ended)
    spread = {n: sum(n == a for run in ended for a in run.attempts.values()) for n in range(1, most + 1)}
    healed = sum(run.sound and not run.baseline for run in ended)
    lines = [
        f"ended well           {good} of {len(ended)}",
        f"as the built-in ones {sum(run.baseline for run in ended)}, healed otherwise {healed}",
        f"attempts of a step   {', '.join(f'{n}: {times}' for n, times in spread.items())} (at most {most})",
        f"calls to the model   {sum(run.calls for run in ended)}",
    ]
    lines += [f"BAD: {run}" for run in ended if not run.good]
    return "\n".join(lines)
