"""The drawing of the pipeline is made from its expression."""

from __future__ import annotations

import pytest

from gencode_graph.cli.drawing import before, drawing, rows
from gencode_graph.graph import APP
from gencode_graph.pipeline import Expression, leaves, parallel, series


@pytest.mark.parametrize(
    ("expression", "lines"),
    [
        ("a", ["a"]),
        (series("a", "b"), ["a", "b"]),
        (series("a", parallel("b", "c"), "d"), ["a", "┬─ b", "└─ c", "d"]),
        (parallel("a", "b", "c"), ["┬─ a", "├─ b", "└─ c"]),
        (parallel(series("a", "b"), series("c", "d")), ["┬─ a", "│  b", "└─ c", "   d"]),
        (parallel(series("a", parallel("b", "c")), "d"), ["┬─ a", "│  ┬─ b", "│  └─ c", "└─ d"]),
    ],
)
def test_branches_are_drawn_side_by_side(expression: Expression, lines: list[str]) -> None:
    assert [lead + name for lead, name in rows(expression)] == lines


def test_every_step_is_drawn_once_with_who_does_what() -> None:
    lines = list(drawing())
    assert len(lines) == 12
    for line, name in zip(lines, leaves(APP), strict=True):
        assert f" {name} " in f" {line} "
        assert any(persona in line for persona in ("Marcus", "Victoria", "Derek", "Luna"))


def test_a_step_waits_for_what_stands_before_it_and_not_for_its_neighbours() -> None:
    waits = before(series("a", parallel(series("b", "c"), "d"), "e"))
    assert waits == {
        "a": set(),
        "b": {"a"},
        "c": {"a", "b"},
        "d": {"a"},
        "e": {"a", "b", "c", "d"},
    }
