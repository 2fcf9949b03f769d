"""The short notation of knowledge files."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis.notation import field, options, relation, sentence


def test_a_field_is_read_with_its_settings() -> None:
    key = field("key", 'string! unique max_length=6 pattern=^[A-Z]+$ help="Capital letters."')
    assert (key.required, key.unique, key.max_length, key.pattern) == (True, True, 6, "^[A-Z]+$")
    assert key.help == "Capital letters."
    assert field("estimate", "decimal min=0 max=999").max == 999


def test_an_enum_is_read_with_its_options() -> None:
    status = field("status", 'enum [todo "To do" blue circle | done green] default=todo')
    assert [(o.value, o.label, o.tone, o.icon) for o in status.options] == [
        ("todo", "To do", "blue", "circle"),
        ("done", "Done", "green", None),
    ]
    assert status.default == "todo"


def test_relations_are_read() -> None:
    assert relation("project", "one project!").required
    assert relation("employee", "one employee! restrict").on_delete == "restrict"
    labels = relation("labels", "many label label")
    assert (labels.kind, labels.item) == ("many", "label")


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (lambda t: field("x", t), "Text", "is no field"),
        (lambda t: field("x", t), "string colour=red", "unknown setting 'colour'"),
        (lambda t: field("x", t), "integer min", "min needs a value"),
        (options, "To-do blue", "is no option"),
        (lambda t: relation("x", t), "some project", "is no relation"),
        (lambda t: relation("x", t), "many label", "needs one item"),
    ],
)
def test_mistakes_are_named(read: object, text: str, said: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=said):
        read(text)


def test_names_become_labels() -> None:
    assert sentence("due_date") == "Due date"
    assert sentence("photo_url") == "Photo URL"
