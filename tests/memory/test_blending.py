"""Blending of values by weight, and how a decision is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.decisions import Context, Decision
from gencode_graph.errors import InputError
from gencode_graph.memory.blending import Rule, blend, explain

SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | st.text(max_size=4)
NAMES = st.sampled_from("abcd")
VALUES = st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(NAMES, SCALARS, max_size=2))

TABLE: list[tuple[str, list[Any], list[float], Any]] = [
    ("numbers by weight", [1.0, 2.0], [0.75, 0.25], 1.25),
    ("whole numbers stay whole", [2, 5], [0.5, 0.5], 4),
    ("a whole and a broken one", [2, 2.5], [0.5, 0.5], 2.25),
    ("weights need not sum to 1", [1.0, 3.0], [2.0, 2.0], 2.0),
    ("words by the winner", ["dark", "light"], [0.4, 0.6], "light"),
    ("true is no number", [True, False], [0.4, 0.6], False),
    ("true beside a number", [True, 3], [0.6, 0.4], True),
    ("lists by the winner", [["a"], ["b", "c"]], [0.4, 0.6], ["b", "c"]),
    ("nothing by the winner", [None, 4], [0.6, 0.4], None),
    ("what is not of one kind, by the winner", ["high", 3], [0.4, 0.6], 3),
    ("within a mapping", [{"x": 1.0, "y": "p"}, {"x": 3.0, "z": 7}], [0.5, 0.5], {"x": 2.0, "y": "p", "z": 7}),
    ("a weight of nothing", [1.0, 9.0], [1.0, 0.0], 1.0),
]
RULED: list[tuple[Rule, list[Any], list[float], Any]] = [
    ("winner", [1, 9], [0.6, 0.4], 1),
    ("max", [1, 9], [0.6, 0.4], 9),
    ("min", [5, 2], [0.6, 0.4], 2),
    ("max", [1, 9], [0.99, 0.01], 1),
    ("union", [["a", "b"], ["b", "c"]], [0.4, 0.6], ["b", "c", "a"]),
    ("union", [["a"], ["z"]], [0.99, 0.01], ["a"]),
    ("union", ["a", "b"], [0.6, 0.4], "a"),
    ("blend", ["a", "b"], [0.6, 0.4], "a"),
]


@pytest.mark.parametrize(("values", "weights", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_values_are_joined(values: list[Any], weights: list[float], expected: Any) -> None:
    joined = blend([{"field": value} for value in values], weights)["field"]
    assert joined == expected
    assert type(joined) is type(expected)


@pytest.mark.parametrize(("rule", "values", "weights", "expected"), RULED)
def test_a_declared_rule_goes_first(rule: Rule, values: list[Any], weights: list[float], expected: Any) -> None:
    assert blend([{"field": v} for v in values], weights, rules={"field": rule})["field"] == expected


def test_a_rule_holds_within_mappings() -> None:
    values = [{"limits": {"attempts": 2}}, {"limits": {"attempts": 5}}]
    assert blend(values, [0.6, 0.4], rules={"attempts": "max"}) == {"limits": {"attempts": 5}}


def test_a_field_that_some_lack_is_the_mean_of_those_that_have_it() -> None:
    values = [{"a": 1.0}, {"a": 3.0, "b": 10.0}, {"b": 20.0}]
    assert blend(values, [0.5, 0.25, 0.25]) == {"a": pytest.approx(5 / 3), "b": 15.0}


def test_a_field_of_an_option_that_hardly_counts_is_left_out() -> None:
    assert blend([{"a": 1.0}, {"a": 1.0, "b": 2.0}], [0.99, 0.01]) == {"a": 1.0}


@given(st.lists(VALUES, min_size=1, max_size=4), st.data())
def test_all_the_weight_on_one_gives_that_one(values: list[dict[str, Any]], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(values) - 1))
    assert blend(values, [float(i == chosen) for i in range(len(values))]) == values[chosen]


@given(st.lists(VALUES, min_size=1, max_size=4), st.data())
def test_a_blend_stays_within_what_it_is_made_of(values: list[dict[str, Any]], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0.01, 1), min_size=len(values), max_size=len(values)))
    for name, joined in blend(values, weights).items():
        held = [value[name] for value in values if name in value]
        if isinstance(joined, int | float) and not isinstance(joined, bool):
            numbers = [n for n in held if isinstance(n, int | float)]
            assert min(numbers) - 1e-6 <= joined <= max(numbers) + 1e-6
        elif not isinstance(joined, dict):
            assert joined in held


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [1.0, -0.1], [1.0, float("nan")]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="needs a weight"):
        blend([{"a": 1}, {"a": 2}], weights)


def decision(**changes: Any) -> Decision:
    told: dict[str, Any] = {
        "id": "r1/analysis/archetype",
        "point": "archetype",
        "query": "a shop",
        "context": Context(),
        "selected": "ecommerce_store",
        "confidence": 0.75,
        "abstained": False,
        "ranking": (("ecommerce_store", 0.75), ("saas_app", 0.25)),
        "value": {},
    }
    return Decision(**told | changes)


def test_it_is_told_with_bars() -> None:
    assert explain(decision()).splitlines() == [
        "archetype: ecommerce_store (75% sure)",
        "  ecommerce_store  ██████████████████       0.75",
        "  saas_app         ██████                   0.25",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"evolved": True}, "learned from outcomes"),
        ({"abstained": True}, "default"),
        ({"sharpness": "combinational"}, "blended"),
        ({"foreign": True}, "another context"),
    ],
)
def test_what_is_out_of_the_ordinary_is_told(changes: dict[str, Any], said: str) -> None:
    assert said in explain(decision(**changes))
    assert said not in explain(decision())


def test_of_many_options_the_first_ones_are_told() -> None:
    lines = explain(decision(ranking=tuple((f"option{n}", 0.05) for n in range(20)))).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "  and 12 more, 0.60 together"
