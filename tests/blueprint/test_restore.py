"""The certain way back: after it, the app is what the built-in drafts made, whatever models did before and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.blueprint.analysis import analyse
from gencode_graph.blueprint.restore import Restore
from gencode_graph.pipeline import build, series
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.step import Step, Team
from gencode_graph.types import Draft, Finding, Origin, StepResult, Task, Usage, Verdict

BAD = b"planted"


class Anyone:
    """A model that is there; nobody asks it."""

    spent = held = Usage()

    def charged(self, step: str) -> Usage:
        return Usage()

    async def judged(self, **judgement: Any) -> None:
        pass


@dataclass(frozen=True)
class Writer:
    """Proposes the same once."""

    name: str
    files: Mapping[str, str]
    origin: Origin = "model"
    removed: tuple[str, ...] = ()
    asked: list[int] = field(default_factory=list)

    def accepts(self, task: Task) -> bool:
        return not self.asked and (task.models or self.origin == "builtin")

    async def produce(self, task: Task, services: Services) -> Draft:
        self.asked.append(task.attempt)
        return Draft(files=self.files, removed=self.removed, origin=self.origin)


async def anything(task: Task, draft: Draft, services: Services) -> Verdict:
    return Verdict()


async def nothing_planted(task: Task, draft: Draft, services: Services) -> Verdict:
    """The check that only a later step makes."""
    tree = services.workspace.read(task.tree)
    bad = [path for path, text in tree.items() if text.startswith(BAD)]
    bad += [path for path in ("app/a", "app/b") if path not in tree]
    return Verdict(findings=tuple(Finding(rule="planted", message=path, path=path) for path in bad))


GREEN = {"app/a": "green a", "app/b": "green b", "app/own": "green own"}


async def run(tmp_path: Path, derek: Writer, meddler: Writer) -> tuple[dict[str, StepResult], dict[str, str]]:
    made, own = ({k: v for k, v in GREEN.items() if (k == "app/own") == mine} for mine in (False, True))
    make = Step(
        name="make", persona="Derek", does="makes", reads=("request",), writes=("app/",), checks=(anything,),
        producers=(Writer("base", made, "builtin"),), team=Team(agents=(derek,)),
    )  # fmt: skip
    test = replace(
        make, name="test", reads=("app/",), checks=(nothing_planted,), team=Team(agents=(), fixers=(meddler,)),
        producers=(Writer("base", own, "builtin"),), resorts=(Restore(("app/",)),),
    )  # fmt: skip
    settings = Settings(workspace=tmp_path / "app", home=tmp_path / "home")
    graph = build(series("make", "test"), {"make": make, "test": test}).compile(checkpointer=InMemorySaver())
    async with connect(settings, "run") as services:
        object.__setattr__(services, "model", Anyone())
        config: Any = {"configurable": {"thread_id": "run"}}
        state = await graph.ainvoke({"request": "anything"}, config, context=settings)
    folder = tmp_path / "app" / "app"
    return state["steps"], {f"app/{path.name}": path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "derek",
    [
        Writer("derek", {"app/a": "planted a"}),
        Writer("derek", {"app/more": "planted more"}),
        Writer("derek", {"app/own": "planted own", "app/a": "planted a"}),
        Writer("derek", {}, removed=("app/a",)),
    ],
    ids=["changed", "added", "in the way", "removed"],
)
@pytest.mark.parametrize(
    "meddler",
    [
        Writer("fixer", {}),
        Writer("fixer", {"app/b": "planted b"}),
        Writer("fixer", {"app/new": "planted new"}),
        Writer("fixer", {"app/own": "planted own"}),
        Writer("fixer", {"app/a": "planted, still"}, removed=("app/b",)),
        Writer("fixer", {}, removed=("app/own", "app/b")),
    ],
    ids=["does nothing", "changes", "adds", "changes the step's own", "removes", "removes the step's own"],
)
async def test_all_that_models_did_is_undone(tmp_path: Path, derek: Writer, meddler: Writer) -> None:
    fresh = [replace(it, asked=[]) for it in (derek, meddler)]
    steps, shown = await run(tmp_path, *fresh)
    assert (steps["make"].origin, steps["test"].status, steps["test"].producer) == ("model", "passed", "restore")
    assert [it.asked for it in fresh] == [[2], [2]]
    assert shown == GREEN


async def test_what_helps_is_kept(tmp_path: Path) -> None:
    fixer = Writer("fixer", {"app/a": "mended a"})
    steps, shown = await run(tmp_path, Writer("derek", {"app/a": "planted a", "app/more": "good more"}), fixer)
    assert (steps["test"].producer, steps["test"].origin) == ("fixer", "model")
    assert shown == {**GREEN, "app/a": "mended a", "app/more": "good more"}


@pytest.mark.node
@pytest.mark.slow
async def test_what_was_built_on_a_models_specification_can_be_made_again_without_it(tmp_path: Path) -> None:
    first = analyse("A library with books")
    other = first.model_copy(update={"name": "Shelves", "hue": 10})
    healer = Restore(("backend/", "frontend/", "openapi.json", "docs/", "appspec.json"), anew=True)
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        write = services.workspace.write
        mine, theirs = (
            write({"appspec.json": spec.model_dump_json(indent=1) + "\n"}, origin="builtin") for spec in (first, other)
        )
        services.results["analysis"] = StepResult(
            status="passed", tree=theirs, producer="marcus", attempts=2, seconds=1, origin="model", baseline=mine
        )
        tree = services.workspace.merge(theirs, (write({"backend/app/odd.py": "1 /"}, origin="model"), ()))
        draft = await healer.produce(Task(run_id="run", step="testing_frontend", request="", tree=tree), services)
    assert AppSpec.model_validate_json(draft.files["appspec.json"]) == first
    assert draft.removed == ("backend/app/odd.py",)
    assert {"openapi.json", "frontend/src/api/schema.d.ts", "backend/app/main.py"} <= draft.files.keys()
    assert "Shelves" not in str(draft.files["docs/architecture.md"])
