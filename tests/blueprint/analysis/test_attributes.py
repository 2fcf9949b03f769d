"""Fields inferred from their names."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis.attributes import field_name, infer, known

TYPES = {
    "price": "money", "due date": "date", "email": "email", "phone number": "phone", "website": "url", "photo": "image",
    "rating": "rating", "quantity": "integer", "weight": "decimal", "status": "enum", "skill level": "enum",
    "description": "text", "location": "string", "start time": "datetime", "release year": "integer", "mood": "enum",
    "is paid": "boolean", "number of pages": "integer", "frobnication": "string",
}  # fmt: skip


@pytest.mark.parametrize("phrase", TYPES)
def test_the_type_follows_from_the_name(phrase: str) -> None:
    assert infer(phrase).type == TYPES[phrase]


def test_names_of_things_are_no_properties() -> None:
    assert not known("meteorite")
    assert known("skill level")


@pytest.mark.parametrize(
    ("phrase", "name"), [("Due date", "due_date"), ("class", "class_text"), ("2nd name", "no_2nd_name")]
)
def test_field_names_are_safe(phrase: str, name: str) -> None:
    assert field_name(phrase) == name
