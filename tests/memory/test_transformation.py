"""Constraints are changed one at a time, and only where everything allows it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import RefusedError
from gencode_graph.memory.transformation import Variant, transform, variants

TASK = ("every page must load within 2 seconds", "use SQLite")


async def yes(offered: Sequence[Variant]) -> Sequence[Variant]:
    return offered


async def no(_offered: Sequence[Variant]) -> Sequence[Variant]:
    return ()


async def other(_offered: Sequence[Variant]) -> Sequence[Variant]:
    return (Variant(kind="drop", label="drop: the tests", constraints=()),)


def test_each_variant_says_what_is_different() -> None:
    found = {variant.label: variant.constraints for variant in variants(TASK, add=("no animations",))}
    assert found == {
        "vary: every page must load within 2 seconds -> every page must load within 4 seconds": (
            "every page must load within 4 seconds", "use SQLite"),
        "vary: every page must load within 2 seconds -> every page should load within 2 seconds": (
            "every page should load within 2 seconds", "use SQLite"),
        "add: no animations": (*TASK, "no animations"),
        "drop: every page must load within 2 seconds": ("use SQLite",),
        "drop: use SQLite": ("every page must load within 2 seconds",),
    }  # fmt: skip


def test_other_words_for_a_constraint_can_be_given() -> None:
    found = variants(TASK, instead={"use SQLite": ["use PostgreSQL", "keep it in memory"]}, add=())
    assert [v.label for v in found if "SQLite ->" in v.label] == [
        "vary: use SQLite -> use PostgreSQL", "vary: use SQLite -> keep it in memory",
    ]  # fmt: skip


@given(st.lists(st.text(min_size=1), unique=True, max_size=5))
def test_a_variant_differs_in_one_constraint(constraints: list[str]) -> None:
    for variant in variants(constraints):
        gone, new = set(constraints) - set(variant.constraints), set(variant.constraints) - set(constraints)
        assert (len(gone), len(new)) == {"drop": (1, 0), "vary": (1, 1), "add": (0, 1)}[variant.kind]


async def test_what_was_approved_is_what_comes_back() -> None:
    assert await transform(TASK, allowed=True, sandboxed=True, approve=yes) == variants(TASK)


@pytest.mark.parametrize(
    ("allowed", "sandboxed", "approve", "says"),
    [
        (False, True, yes, "GENCODE_TRANSFORMATION=true"),
        (True, False, yes, "in a sandbox only"),
        (True, True, no, "no change of a constraint was approved"),
        (True, True, other, "was not offered"),
    ],
)
async def test_otherwise_it_is_refused(allowed: bool, sandboxed: bool, approve: object, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        await transform(TASK, allowed=allowed, sandboxed=sandboxed, approve=approve)  # type: ignore[arg-type]
