"""The names that follow from a spec."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.view import AppView, camel, kebab, pascal
from tests.blueprint.specs import SPECS, spec


@pytest.mark.parametrize(
    ("name", "in_pascal", "in_camel", "in_kebab"),
    [("issue", "Issue", "issue", "issue"), ("bug_report", "BugReport", "bugReport", "bug-report")],
)
def test_names_are_written_in_three_ways(name: str, in_pascal: str, in_camel: str, in_kebab: str) -> None:
    assert (pascal(name), camel(name), kebab(name)) == (in_pascal, in_camel, in_kebab)


@pytest.mark.parametrize(
    ("entity", "relation", "written", "filtered"),
    [("issue", "project", "project_id", "project_id"), ("issue", "labels", "label_ids", "label_id")],
)
def test_relations_are_written_and_filtered_by_id(entity: str, relation: str, written: str, filtered: str) -> None:
    found = AppView(spec("bugtracker")).entity(entity).relation(relation)
    assert found is not None
    assert (found.column, found.param) == (written, filtered)


@pytest.mark.parametrize("name", SPECS)
def test_parents_come_before_children(name: str) -> None:
    app = AppView(spec(name))
    order = [entity.name for entity in app.ordered]
    assert sorted(order) == sorted(e.name for e in app.entities)
    for entity in app.entities:
        for relation in entity.ones:
            assert relation.target == entity or order.index(relation.target.name) < order.index(entity.name)


def test_a_circle_of_tables_is_closed_late() -> None:
    app = AppView(spec("bugtracker", circle=True))
    assert [e.name for e in app.ordered][:2] == ["label", "user"]
    late = [(e.name, r.name) for e in app.entities for r in e.ones if r.late]
    assert late == [("user", "team")]


def test_a_board_adds_a_sort_key_and_a_sequence_too() -> None:
    keys = AppView(spec("bugtracker")).entity("issue").sort_keys
    assert keys[-2:] == ("number", "position")
    assert "description" not in keys


def test_parts_are_rows_inside_another() -> None:
    app = AppView(spec("bugtracker"))
    assert [part.name for part in app.entity("issue").parts] == ["comment"]
    assert app.entity("label").parts == ()


def test_type_names_never_meet() -> None:
    for name in SPECS:
        names = AppView(spec(name)).type_names
        assert len(set(names.values())) == len(names)


def test_words_read_like_a_sentence() -> None:
    issue, user = (AppView(spec("bugtracker")).entity(name) for name in ("issue", "user"))
    assert (issue.a_noun, user.a_noun, issue.nouns) == ("an issue", "a person", "issues")
