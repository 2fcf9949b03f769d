"""Steps and commits are found by their names, to be compared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gencode_graph.cli.look import between
from gencode_graph.errors import InputError
from gencode_graph.workspace import EMPTY, Entry


def entry(number: int, step: str | None, run_id: str = "run", tree: int | None = None) -> Entry:
    return Entry(
        id=f"{number:x}" * 40,
        tree=f"tree-{number if tree is None else tree}",
        layer=None,
        subject=step or "by hand",
        step=step,
        producer="blueprint",
        attempt=1,
        run_id=run_id if step else None,
        at=datetime(2026, 11, 21, tzinfo=UTC),
    )


LOG = (
    entry(5, "testing_backend", tree=4),
    entry(4, "contracts"),
    entry(3, None),
    entry(2, "analysis"),
    entry(1, "analysis", "other"),
)


@pytest.mark.parametrize(
    ("a", "b", "trees"),
    [
        (None, None, ("tree-3", "tree-4")),
        ("contracts", None, ("tree-3", "tree-4")),
        ("analysis", None, ("tree-1", "tree-2")),
        ("analysis", "contracts", ("tree-2", "tree-4")),
        ("3333", "5555", ("tree-3", "tree-4")),
        ("1111", None, (EMPTY, "tree-1")),
    ],
)
def test_what_to_compare(a: str | None, b: str | None, trees: tuple[str, str]) -> None:
    assert between(LOG, "run", a, b) == trees


def test_nothing_was_made_yet() -> None:
    assert between((), "run", None, None) == (EMPTY, EMPTY)


@pytest.mark.parametrize("name", ["nothing", "", "33", "frontend_mock"])
def test_an_unknown_name_lists_the_steps_there_are(name: str) -> None:
    with pytest.raises(InputError, match="its steps: analysis, contracts, testing_backend"):
        between(LOG, "run", name, None)
