"""A pipeline is wired right, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.errors import WiringError
from gencode_graph.graph import APP, build_graph
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import Expression, build, leaves, parallel, series
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Draft, Task, Verdict


async def fine(task: Task, draft: Draft, services: Services) -> Verdict:
    return Verdict()


def step(name: str, reads: tuple[str, ...] = ("request",), writes: tuple[str, ...] = ()) -> Step:
    return Step(name=name, persona="Derek", does="something", reads=reads, writes=writes, checks=(fine,))


A = step("a", writes=("a.txt", "src/"))
B = step("b", reads=("a.txt",), writes=("b.txt",))
C = step("c", reads=("src/main.py",), writes=("c.txt",))
D = step("d", reads=("b.txt", "c.txt"))
KNOWN = {s.name: s for s in (A, B, C, D)}

WRONG = {
    "an unknown step": (series("a", "x"), "no step 'x'; known steps: a, b, c, d"),
    "a step twice": (series("a", "b", "a"), "stands twice"),
    "a read that nobody wrote": (series("b", "a"), "step b reads a.txt, which no step before it writes"),
    "a read from a sibling": (series("a", parallel("b", "d")), "step d reads"),
    "an empty part": (series("a", parallel()), "empty"),
}


@pytest.mark.parametrize(("expression", "reason"), WRONG.values(), ids=WRONG)
def test_wrong_wiring_is_refused_with_the_reason(expression: Expression, reason: str) -> None:
    with pytest.raises(WiringError, match=reason):
        build(expression, KNOWN)


def test_two_branches_may_not_write_the_same_file() -> None:
    twin = step("twin", reads=("a.txt",), writes=("b.txt",))
    with pytest.raises(WiringError, match=r"two parallel branches write b\.txt"):
        build(series("a", parallel("b", "twin")), {**KNOWN, "twin": twin})


def test_a_step_that_does_nothing_is_refused() -> None:
    idle = Step(name="idle", persona="Derek", does="nothing", reads=("request",))
    with pytest.raises(WiringError, match="neither makes nor checks"):
        build("idle", {"idle": idle})


def test_a_read_may_name_a_file_in_a_written_folder() -> None:
    build(series("a", parallel("b", "c"), "d"), KNOWN)


@dataclass(frozen=True)
class Sees:
    """Writes down which files it saw."""

    name: str = "sees"

    def accepts(self, task: Task) -> bool:
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        return Draft(files={f"{task.step}.txt": " ".join(services.workspace.paths(task.tree))})


async def test_a_step_sees_the_files_of_all_steps_before_it_and_of_no_sibling(tmp_path: Path) -> None:
    reads = {"a": (), "b": ("a.txt",), "c": ("b.txt",), "d": ("a.txt",), "e": ("c.txt", "d.txt")}
    steps = {
        name: Step(name=name, persona="Derek", does="looks", reads=seen, writes=(f"{name}.txt",), producers=(Sees(),))
        for name, seen in reads.items()
    }
    settings = Settings(workspace=tmp_path / "app", home=tmp_path / "home")
    graph = build(series("a", parallel(series("b", "c"), "d"), "e"), steps).compile(checkpointer=InMemorySaver())
    async with connect(settings, "run"):
        await graph.ainvoke({"request": "x"}, {"configurable": {"thread_id": "run"}}, context=settings)
    seen = {name: (settings.workspace_of("") / f"{name}.txt").read_text().split() for name in steps}
    assert seen == {
        "a": [],
        "b": ["a.txt"],
        "c": ["a.txt", "b.txt"],
        "d": ["a.txt"],
        "e": ["a.txt", "b.txt", "c.txt", "d.txt"],
    }


def test_the_app_graph_shows_twelve_steps() -> None:
    drawing = build_graph().compile().get_graph(xray=1)
    shown = {name.rpartition(":")[2] for name in drawing.nodes} - {"__start__", "__end__"}
    assert shown == set(STEPS)
    assert len(shown) == 12


def test_every_step_stands_in_the_pipeline_once() -> None:
    assert sorted(leaves(APP)) == sorted(STEPS)


def test_steps_live_in_files_of_their_name() -> None:
    for name in STEPS:
        assert __import__(f"gencode_graph.nodes.{name}", fromlist=["step"]).step is STEPS[name]


def test_each_persona_has_work() -> None:
    assert {s.persona for s in STEPS.values()} == {"Marcus", "Victoria", "Derek", "Luna"}
