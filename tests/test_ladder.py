"""Which way a step takes next: cheap before dear, never twice, and always time for the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.decisions import Context, Decision
from gencode_graph.ladder import pick, trial, ways
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.state import StepState
from gencode_graph.step import Step, Team
from gencode_graph.supervision import BLANK
from gencode_graph.types import Draft, Finding, StepResult, Task


@dataclass(frozen=True)
class Way:
    """Always has something to propose, or, as a healer, on findings."""

    name: str
    heals: bool = False

    def accepts(self, task: Task) -> bool:
        return bool(task.errors) or not self.heals

    async def produce(self, task: Task, services: Services) -> Draft:
        return Draft()


STEP = Step(
    name="work",
    persona="Derek",
    does="works",
    reads=("request",),
    writes=("a/",),
    producers=(Way("built-in"),),
    healers=(Way("fix", heals=True), Way("pattern", heals=True)),
    team=Team(agents=(Way("agent"),), fixers=(Way("fixer", heals=True),)),
    resorts=(Way("restore", heals=True), Way("restore all", heals=True)),
)
GREEN = StepResult(status="passed", tree="t", producer="built-in", attempts=1, seconds=0)


def situation(errors: int, attempt: int, *, green: bool = False, tried: tuple[str, ...] = ()) -> tuple[Task, StepState]:
    findings = tuple(Finding(rule="bad", message=str(n)) for n in range(errors))
    task = Task(run_id="run", step="work", request="", tree="", attempt=attempt + 1, findings=findings)
    done = tuple(trial(Way(name), task) for name in tried)
    state: StepState = {**BLANK, "attempt": attempt, "kept": GREEN if green else None, "tried": done}
    return task, state


@pytest.mark.parametrize(
    ("given", "open_to"),
    [
        ((0, 0), ["built-in", "agent"]),
        ((1, 1), ["fix", "pattern", "fixer", "built-in", "agent", "restore", "restore all"]),
        ((1, 2), ["fix", "pattern", "fixer", "built-in", "agent", "restore", "restore all"]),
        ((1, 3), ["restore", "restore all"]),
        ((1, 4), ["restore"]),
        ((1, 5), []),
    ],
)
def test_the_last_attempts_are_kept_for_the_ways_back(given: tuple[int, int], open_to: list[str]) -> None:
    assert [way.name for way in ways(STEP, *situation(*given))] == open_to


def test_on_what_is_green_agents_work_and_their_drafts_are_mended_without_fixers_or_ways_back() -> None:
    assert [way.name for way in ways(STEP, *situation(0, 1, green=True))] == ["agent"]
    assert [way.name for way in ways(STEP, *situation(1, 4, green=True))] == ["fix", "pattern", "agent"]


def test_nothing_is_tried_twice_on_the_same_findings() -> None:
    task, state = situation(1, 1, tried=("fix", "fixer"))
    assert [way.name for way in ways(STEP, task, state)][:2] == ["pattern", "built-in"]


@dataclass
class Knowing:
    """A memory that is sure of one thing."""

    of: str

    async def decide(self, point: str, query: str, **given: Any) -> Decision:
        names = [option.name for option in given["options"]]
        return Decision(
            id=given["key"], point=point, query=query, context=Context(), confidence=0.9, abstained=False, value={},
            selected=self.of if self.of in names else given["default"], ranking=((self.of, 1.0),),
        )  # fmt: skip


@pytest.fixture
async def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    for module in ("lessons",):
        monkeypatch.setattr(f"gencode_graph.{module}.emit", lambda event: None)  # there is no graph to hear it
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home", memory=False), "run") as opened:
        yield opened


async def test_without_a_memory_the_first_way_is_taken(services: Services) -> None:
    taken = await pick(STEP, *situation(1, 1), services)
    assert taken is not None
    assert taken.name == "fix"
    assert await pick(STEP, *situation(1, 5), services) is None


@pytest.mark.parametrize(("knows", "taken"), [("fixer", "fixer"), ("nothing of use", "fix")])
async def test_a_memory_that_knows_better_decides(services: Services, knows: str, taken: str) -> None:
    object.__setattr__(services, "memory", Knowing(knows))
    way = await pick(STEP, *situation(1, 1), services)
    assert way is not None
    assert way.name == taken
