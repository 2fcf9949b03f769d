"""The demo with agents, as the script has it or with every answer made worse: what of it ends in the app?

    python benchmarks/rehearsal.py [--worse KIND] [--few] [--keep FOLDER] [--json]

KIND is ``none`` for the rehearsal as it is, a way to spoil every answer (gencode_graph/testing/rehearsal/worse.py),
``turns-1`` to ``turns-3`` for another way in each step, or ``all`` of these. With --few, the steps up to the wired
backend are run, without the browser. Fails when a run is not delivered, or when a file is not the built-in one although
all was refused or put back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph import agenerate
from gencode_graph.agents import CAST
from gencode_graph.events import AttemptFailed, Event
from gencode_graph.graph import APP
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import Expression, build, parallel, series
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.testing import Wire, load_script
from gencode_graph.testing.rehearsal import BUG_TRACKER, REQUEST
from gencode_graph.testing.rehearsal.worse import KINDS, TURNS, by_step, worse
from gencode_graph.types import Draft, StepResult, Task, Verdict

FEW = series(
    "analysis", "architecture", parallel("frontend_mock", "contracts"),
    "backend_models", "backend_implementation", "system_integration",
)  # fmt: skip
MODEL = "openai:gpt-4o-mini"
LAST = "docs/report.md"
"""Tells of the run, so it is never the same."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to."""

    kind: str
    status: str
    seconds: float
    calls: int
    refused: dict[str, list[str]]
    """Step -> the first error of each attempt that did not pass."""
    accepted: dict[str, str]
    """Step -> who of the agents made what was kept."""
    restored: tuple[str, ...]
    """Steps in which the built-in drafts were put back."""
    differs: tuple[str, ...]
    """Files that are not the built-in ones."""
    leaks: tuple[str, ...]
    """Files and repositories with the key."""

    @property
    def good(self) -> bool:
        """Whether it delivered, and nothing refused or put back is in the app."""
        return self.status == "delivered" and not self.leaks and not (self.differs and not self.accepted)


async def rehearse(
    kind: str, folder: Path, green: Mapping[str, bytes], setenv: Callable[[str, str], None], *, few: bool = False
) -> Outcome:
    """One run below ``folder``, whose answers are spoilt by a kind; ``setenv`` sets variables of this process."""
    script = load_script(BUG_TRACKER)
    if kind != "none":
        script = worse(script, by_step(TURNS[kind]) if kind in TURNS else lambda call: kind)
    canary, began = f"sk-canary-{uuid4().hex}", time.monotonic()
    settings = Settings(workspace=folder / "app", home=folder / "home", model=MODEL)
    with Wire(**vars(script)) as wire:
        for name, value in {**wire.env_of("openai"), "OPENAI_API_KEY": canary}.items():
            setenv(name, value)
        status, steps = await (_few if few else _whole)(settings)
        calls = len(wire.calls)
    refused = {s["name"]: [a["errors"][0] for a in s["history"] if a["errors"]] for s in steps}
    return Outcome(
        kind=kind,
        status=status,
        seconds=round(time.monotonic() - began, 1),
        calls=calls,
        refused={name: errors for name, errors in refused.items() if errors},
        accepted={s["name"]: s["producer"] for s in steps if of_agents(s)},
        restored=tuple(s["name"] for s in steps if str(s["producer"]).startswith("restore")),
        differs=tuple(differences(files(folder / "app"), green)),
        leaks=tuple(holding(folder, canary)),
    )


def of_agents(made: Mapping[str, Any]) -> bool:
    """Whether one of the cast made a draft."""
    return str(made["producer"]).partition("/")[0] in CAST


async def baseline(folder: Path, *, few: bool = False) -> dict[str, bytes]:
    """The files that the built-in generator makes, without a check."""
    plain = {name: replace(step, checks=(_nothing,), healers=(), team=None) for name, step in STEPS.items()}
    settings = Settings(workspace=folder / "app", home=folder / "home", agents=False)
    await _graph(FEW if few else APP, plain, settings)
    return files(folder / "app")


async def _nothing(task: Task, draft: Draft, services: Services) -> Verdict:
    """A check that finds nothing."""
    return Verdict()


async def _whole(settings: Settings) -> tuple[str, list[dict[str, Any]]]:
    failed: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def heard(event: Event) -> None:
        if isinstance(event, AttemptFailed):
            error = next(finding for finding in event.findings if finding.severity == "error")
            failed[event.step].append({"errors": [f"{error.rule}: {error.message[:160]}"]})

    report = await agenerate(REQUEST, settings=settings, on_event=heard)
    steps = report.model_dump(mode="json")["steps"]
    return report.status, [{**step, "history": failed[step["name"]]} for step in steps]


async def _few(settings: Settings) -> tuple[str, list[dict[str, Any]]]:
    results = await _graph(FEW, STEPS, settings)
    failed = [name for name, result in results.items() if result.status != "passed"]
    steps = [{"name": name, **result.model_dump(mode="json")} for name, result in results.items()]
    return f"failed in {', '.join(failed)}" if failed else "delivered", steps


async def _graph(expression: Expression, steps: Mapping[str, Step], settings: Settings) -> dict[str, StepResult]:
    graph = build(expression, steps).compile(checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "run"}, "recursion_limit": 100}
    async with connect(settings, "run"):
        end = await graph.ainvoke({"request": REQUEST}, config, context=settings)
    results: dict[str, StepResult] = end["steps"]
    return results


def files(folder: Path) -> dict[str, bytes]:
    """What the user sees."""
    shown = (p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in (".git", ".gencode"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in shown}


def differences(made: Mapping[str, bytes], green: Mapping[str, bytes]) -> list[str]:
    """Paths of files that are not in both, or not the same."""
    return sorted(path for path in made.keys() | green.keys() if made.get(path) != green.get(path) and path != LAST)


def holding(folder: Path, secret: str) -> list[str]:
    """Files, and git repositories by their objects, in which a text occurs."""
    wanted = secret.encode()
    found = [str(path) for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]
    for git in folder.rglob(".git"):
        argv = ["git", "-C", str(git.parent), "cat-file", "--batch", "--batch-all-objects"]
        found += [str(git)] if wanted in subprocess.run(argv, capture_output=True, check=True).stdout else []
    return found


async def rehearsals(kinds: list[str], *, few: bool, keep: Path | None = None) -> list[Outcome]:
    """A run for each kind, one after another."""
    with tempfile.TemporaryDirectory(prefix="gencode-rehearsal-") as scratch:
        root = keep or Path(scratch)
        green = await baseline(root / "green", few=few)
        outcomes = []
        for kind in kinds:
            outcomes.append(await rehearse(kind, root / kind, green, os.environ.__setitem__, few=few))
            print(_line(outcomes[-1]), file=sys.stderr, flush=True)
    return outcomes


def _line(it: Outcome) -> str:
    parts = [
        f"{it.kind:12} {it.status:10} {it.seconds:6.1f} s {it.calls:4} calls",
        f"refused in {len(it.refused)} steps",
    ]
    parts += [f"accepted {', '.join(f'{step} by {who}' for step, who in it.accepted.items())}"] if it.accepted else []
    parts += [f"put back in {', '.join(it.restored)}"] if it.restored else []
    parts += [f"differs: {', '.join(it.differs[:5])}"] if it.differs else []
    return "; ".join([*parts, *(["KEY FOUND"] if it.leaks else [])])


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worse", default="turns-1", choices=[*KINDS, *TURNS, "all", "none"])
    parser.add_argument("--few", action="store_true", help="without the browser's steps")
    parser.add_argument("--keep", type=Path, help="folder for what the runs make")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    kinds = [*TURNS, *KINDS] if options.worse == "all" else [options.worse]
    outcomes = asyncio.run(rehearsals(kinds, few=options.few, keep=options.keep))
    if options.json:
        print(json.dumps([{**asdict(it), "good": it.good} for it in outcomes], indent=1))
    else:
        for it in outcomes:
            print(_line(it))
            for step, errors in it.refused.items():
                print("\n".join(f"    {step}: {error}" for error in errors))
    return 0 if all(it.good for it in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
