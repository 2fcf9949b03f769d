"""``--explain``: each decision, its weights, and what was learned from it."""

from __future__ import annotations

from gencode_graph.cli.explain import Explanation
from gencode_graph.decisions import Context, Decision
from gencode_graph.events import Decided, Event, Learned, StepStarted


def test_decisions_are_told_with_weights_and_outcomes() -> None:
    told, heard = Explanation(), list[Event]()
    hear = told.hearing(heard.append)
    for name in ("archetype", "vibe"):
        decision = Decision(
            id=f"run/analysis/1/{name}", point=name, query="", context=Context(), selected="first", confidence=0.87,
            abstained=False, ranking=(("first", 0.75), ("second", 0.25)), value={}, evolved=name == "vibe",
        )  # fmt: skip
        hear(Decided(step="analysis", decision=decision))
    hear(StepStarted(step="analysis", persona="Marcus"))
    hear(Learned(step="preview_final", decision="run/analysis/1/vibe", success=True, score=1.0))
    assert len(heard) == 4
    first, second = told.text().split("\n\n")
    assert first.startswith("archetype: first (87% sure)")
    assert "0.75" in first
    assert first.endswith("in analysis; no outcome yet")
    assert second.startswith("vibe: first (87% sure, learned from outcomes)")
    assert second.endswith("in analysis; learned: it worked, score 1.00")


def test_where_nothing_was_decided_that_is_said() -> None:
    assert Explanation().text() == "The memory had nothing to decide."
