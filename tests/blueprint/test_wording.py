"""Labels become literals that no label can break out of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.blueprint import wording


@pytest.mark.parametrize(
    ("text", "attribute", "between"),
    [
        ("Due date", '"Due date"', "Due date"),
        ("It's", '"It\'s"', "It's"),
        ('A "b"', '{"A \\"b\\""}', '{"A \\"b\\""}'),
        ("A & B", '{"A & B"}', '{"A & B"}'),
        ("{x}", '{"{x}"}', '{"{x}"}'),
        (" a", '" a"', '{" a"}'),
    ],
)
def test_labels_in_jsx(text: str, attribute: str, between: str) -> None:
    assert (wording.attr(text), wording.jsx(text)) == (attribute, between)


@given(st.text())
def test_a_quoted_text_is_itself(text: str) -> None:
    assert json.loads(wording.quote(text)) == text


@pytest.mark.parametrize(
    ("pattern", "expression"),
    [
        ("^[A-Z]{2}$", "/^[A-Z]{2}$/"),
        ("^a/b$", r"/^a\/b$/"),
        (r"^a\/b\.c$", r"/^a\/b\.c$/"),
        (r"^[^\s\x00]+$", r"/^[^\s]+$/"),
    ],
)
def test_patterns_become_regular_expressions(pattern: str, expression: str) -> None:
    assert wording.regex(pattern) == expression


@pytest.mark.parametrize(("name", "variable"), [("issue", "issue"), ("class", "classRecord"), ("data", "dataRecord")])
def test_variables_avoid_words_that_mean_something(name: str, variable: str) -> None:
    assert wording.local(name) == variable


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (1.5, "1.5"), (True, "true"), ("a", '"a"'), (3, "3")])
def test_values_become_typescript(value: str | float | bool, text: str) -> None:
    assert wording.literal(value) == text


def test_template_literals_are_closed_by_nothing_inside() -> None:
    assert wording.template("`${x}\\") == "\\`\\${x}\\\\"
