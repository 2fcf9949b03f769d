"""What one run learned helps the next: repairs, ways, kinds of app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.blueprint.producers import Analyst
from gencode_graph.decisions import Context
from gencode_graph.events import Decided, Event, Learned, parse_event
from gencode_graph.healing.recall import Recall
from gencode_graph.pipeline import build
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step, Team
from gencode_graph.types import Draft, Finding, StepResult, Task, Usage, Verdict


class Anyone:
    """A model that is there; nobody asks it."""

    spent = held = Usage()

    def charged(self, step: str) -> Usage:
        return Usage()

    async def judged(self, **judgement: Any) -> None:
        pass


@dataclass(frozen=True)
class Writer:
    """Writes the same file once."""

    name: str
    path: str
    text: str
    heals: bool = False
    asked: list[Task] = field(default_factory=list)

    def accepts(self, task: Task) -> bool:
        return not self.asked and bool(task.errors) == self.heals

    async def produce(self, task: Task, services: Services) -> Draft:
        self.asked.append(task)
        return Draft(files={self.path: self.text}, origin="model" if self.heals else "builtin")


def no_bare_index(name: str, path: str) -> Any:
    """A check that wants ``.get`` for a name."""

    async def checked(task: Task, draft: Draft, services: Services) -> Verdict:
        text = services.workspace.read(task.tree)[path].decode()
        if f"row['{name}']" not in text:
            return Verdict()
        return Verdict(findings=(Finding(rule="pytest/failed", message=f"KeyError: '{name}'", path=path),))

    return checked


@asynccontextmanager
async def ran(
    home: Path, step: Step, run_id: str, **given: Any
) -> AsyncIterator[tuple[StepResult, list[Event], Services]]:
    """A step as the only one of a graph: its result, what was told, and the services."""
    settings = Settings(workspace=home.parent / run_id, home=home, **given)
    graph = build(step.name, {step.name: step}).compile(checkpointer=InMemorySaver())
    events: list[Event] = []
    async with connect(settings, run_id) as services:
        if step.team:
            object.__setattr__(services, "model", Anyone())
        config: Any = {"configurable": {"thread_id": run_id}}
        parts = graph.astream({"request": "A gym"}, config, context=settings, stream_mode="custom", subgraphs=True)
        async for _, part in parts:
            events.append(parse_event(part))
        state = (await graph.aget_state(config)).values
        yield state["steps"][step.name], events, services


def failing(name: str, path: str, *fixers: Writer) -> Step:
    text = f"def total(row):\n    return row['{name}'] * 2\n"
    return Step(
        name="work", persona="Derek", does="works", reads=("request",), writes=("app/",),
        producers=(Writer("built-in", path, text),), checks=(no_bare_index(name, path),), healers=(Recall(),),
        team=Team(agents=(), fixers=fixers),
    )  # fmt: skip


async def test_a_repair_by_a_model_is_made_again_without_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fixer = Writer("derek", "app/a.py", "def total(row):\n    return row.get('price', 0) * 2\n", heals=True)
    async with ran(home, failing("price", "app/a.py", fixer), "one") as (first, _, _):
        assert (first.status, first.producer, first.attempts) == ("passed", "derek", 2)
    async with ran(home, failing("weight", "app/b.py"), "two") as (again, _, services):
        assert (again.status, again.producer, again.attempts) == ("passed", "pattern", 2)
        assert b".get(" in services.workspace.read(again.tree)["app/b.py"]
        assert [finding.rule for finding in again.findings] == ["memory/pattern"]
        assert services.memory is not None
        found = await services.memory.recall(
            "repair", "", "pytest/failed KeyError: 'weight'", context=Context(step="work")
        )
        assert [(pattern.used, pattern.worked) for pattern in found] == [(2, 2)]


async def test_each_way_that_was_chosen_gets_its_outcome(tmp_path: Path) -> None:
    useless = Writer("derek", "app/a.py", "row['price']\n", heals=True)
    helps = Writer("luna", "app/a.py", "row.get('price')\n", heals=True)
    async with ran(tmp_path / "home", failing("price", "app/a.py", useless, helps), "run") as (result, events, _):
        assert (result.status, result.producer, result.attempts) == ("passed", "luna", 3)
    chosen = {it.decision.id: it.decision.selected for it in events if isinstance(it, Decided)}
    told = {chosen[it.decision]: it.success for it in events if isinstance(it, Learned)}
    assert told == {"derek": False}  # luna was the only one left


async def test_nothing_is_remembered_where_the_memory_is_off(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fixer = Writer("derek", "app/a.py", "row.get('price')\n", heals=True)
    async with ran(home, failing("price", "app/a.py", fixer), "run", memory=False) as (result, events, services):
        assert result.status == "passed"
        assert services.memory is None
    assert not [event for event in events if isinstance(event, Decided | Learned)]
    assert not (home / "memory").exists()


def analysis() -> Step:
    return Step(
        name="analysis", persona="Marcus", does="analyses", reads=("request",),
        writes=("appspec.json", "docs/analysis.md"), producers=(Analyst(),),
    )  # fmt: skip


async def kind_of(home: Path, run_id: str, **given: Any) -> str:
    async with ran(home, analysis(), run_id, **given) as (result, _, services):
        spec = await services.spec(result.tree)
        assert spec is not None
        return spec.archetype


@pytest.mark.slow
async def test_kinds_that_a_user_keeps_asking_for_become_the_default(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = await kind_of(home, "first")
    other = "content_platform" if first != "content_platform" else "saas_app"
    for n in range(12):
        assert await kind_of(home, f"asked-{n}", archetype=other) == other
    assert await kind_of(home, "last") == other
    assert await kind_of(tmp_path / "elsewhere", "fresh") == first
