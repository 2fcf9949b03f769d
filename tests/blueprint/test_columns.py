"""What follows from the type of a field."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gencode_graph.blueprint.columns import MAX_INT, Column, member
from gencode_graph.spec import FieldSpec


def column(**given: Any) -> Column:
    options = [{"value": "open", "label": "Open"}, {"value": "done", "label": "Done"}]
    extra = {"options": options} if given.get("type") == "enum" else {}
    return Column(spec=FieldSpec.model_validate({"name": "x", "label": "X"} | extra | given), alias="ThingX")


@pytest.mark.parametrize(
    ("given", "must", "nullable", "default"),
    [
        ({"type": "string"}, False, False, ""),
        ({"type": "string", "required": True}, True, False, ""),
        ({"type": "integer"}, False, True, None),
        ({"type": "integer", "required": True}, True, False, None),
        ({"type": "integer", "required": True, "default": 12}, False, False, 12),
        ({"type": "money", "default": 0}, False, False, 0.0),
        ({"type": "boolean"}, False, False, False),
        ({"type": "enum", "required": True}, False, False, "open"),
        ({"type": "enum", "default": "done"}, False, False, "done"),
        ({"type": "date"}, False, True, None),
    ],
)
def test_what_must_be_given_and_what_is_otherwise(
    given: dict[str, Any], must: bool, nullable: bool, default: object
) -> None:
    found = column(**given)
    assert (found.must, found.nullable) == (must, nullable)
    assert must or found.default == default


@pytest.mark.parametrize(
    ("given", "fits", "fails"),
    [
        ({"type": "string", "required": True}, ["a", " a "], ["", "  ", "a\0"]),
        ({"type": "string"}, ["", "a"], ["\0"]),
        ({"type": "email", "required": True}, ["a.b@c.de"], ["", "a@b", "a b@c.de"]),
        ({"type": "email"}, ["", "a@b.de"], ["a"]),
        ({"type": "url"}, ["", "https://a.example/b?c=d"], ["a.example", "javascript:alert(1)"]),
        ({"type": "phone"}, ["", "+44 20 7946 0200", "(555) 010-1234"], ["call me", "1"]),
        ({"type": "string", "required": True, "pattern": "^[A-Z]{2}$"}, ["AB"], ["", "ABC", "xAB"]),
        ({"type": "string", "pattern": "A|BC"}, ["", "A", "BC"], ["AC", "B"]),
        ({"type": "string", "pattern": "..", "required": True}, ["ab"], ["a\0", "a"]),
        ({"type": "string", "pattern": r"[^,.]+\.x", "required": True}, ["ab.x"], ["a\0.x", "abx", ",.x"]),
    ],
)
def test_patterns_hold_for_the_whole_text(given: dict[str, Any], fits: list[str], fails: list[str]) -> None:
    pattern = column(**given).pattern
    assert [text for text in fits if not re.search(pattern, text)] == []
    assert [text for text in fails if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    ("given", "bounds", "big"),
    [
        ({"type": "integer"}, (-MAX_INT, MAX_INT), False),
        ({"type": "integer", "min": 0, "max": 10**10}, (0, 10**10), True),
        ({"type": "rating"}, (1, 5), False),
        ({"type": "money", "min": 0.5}, (0.5, 1e12), False),
    ],
)
def test_numbers_are_bounded(given: dict[str, Any], bounds: tuple[float, float], big: bool) -> None:
    assert (column(**given).bounds, column(**given).big) == (bounds, big)


@pytest.mark.parametrize(
    ("value", "written"), [("open", "open"), ("in", "in_"), ("name", "name_"), ("title", "title_"), ("l", "l_")]
)
def test_members_of_an_enum_avoid_what_python_uses(value: str, written: str) -> None:
    assert member(value) == written
