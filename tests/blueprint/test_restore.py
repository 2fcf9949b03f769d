"""The certain way back: after it, the app is what the built-in drafts made, whatever models did before and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.blueprint.restore import Restore
from gencode_graph.pipeline import build, series
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step, Team
from gencode_graph.types import Draft, Finding, Origin, StepResult, Task, Usage, Verdict

BAD = b"planted"


class Anyone:
    """A model that is there; nobody asks it."""

    spent = held = Usage()

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
        make, name="test", reads=("app/",), checks=(nothing_planted,), team=Team(agents=()),
        producers=(Writer("base", own, "builtin"),), healers=(meddler, Restore(("app/",))),
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
