"""A pipeline is wired right, or refused with the reason."""

from __future__ import annotations

import pytest

from gencode_graph.errors import WiringError
from gencode_graph.graph import APP, build_graph
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import Expression, build, leaves, parallel, series
from gencode_graph.services import Services
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
