"""The demo data as rows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gencode_graph.blueprint.seeds import seed_rows
from gencode_graph.blueprint.view import AppView
from gencode_graph.spec import AppSpec
from tests.blueprint.specs import SPECS, document, smallest, spec

WHEN = re.compile(r"@-?\d+(\.\d+)?d")


def days(when: str) -> float:
    return float(when[1:-1])


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_spec_is_there_with_a_stable_id(name: str) -> None:
    app = AppView(spec(name))
    rows = seed_rows(app)
    assert {e.plural: len(rows[e.plural]) for e in app.entities} == {
        e.plural: len(app.spec.seeds.get(e.name, ())) for e in app.entities
    }
    ids = [row["id"] for table in rows.values() for row in table]
    assert len(set(ids)) == len(ids)
    assert rows == seed_rows(AppView(spec(name)))


@pytest.mark.parametrize("name", SPECS)
def test_rows_refer_only_to_rows_before_them(name: str) -> None:
    app = AppView(spec(name))
    rows = seed_rows(app)
    seen: set[str] = set()
    for entity in app.ordered:
        for row in rows[entity.plural]:
            for relation in entity.ones:
                target = row[relation.column]
                assert target in seen or (target is None and not relation.spec.required)
            for relation in entity.manys:
                assert set(row[relation.column]) <= seen
            seen.add(row["id"])


@pytest.mark.parametrize("name", SPECS)
def test_every_column_has_a_value_and_times_are_relative(name: str) -> None:
    app = AppView(spec(name))
    for entity in app.entities:
        for row in seed_rows(app)[entity.plural]:
            for column in entity.columns:
                assert row[column.name] is not None or column.nullable
            assert WHEN.fullmatch(row["created_at"])
            assert WHEN.fullmatch(row["updated_at"])
            assert days(row["created_at"]) <= days(row["updated_at"]) <= 0


def test_numbers_count_up_in_each_scope_in_the_order_of_creation() -> None:
    rows = seed_rows(AppView(spec("bugtracker")))["issues"]
    for project in {row["project_id"] for row in rows}:
        own = [row for row in rows if row["project_id"] == project]
        assert [row["number"] for row in own] == list(range(1, len(own) + 1))
        assert own == sorted(own, key=lambda row: days(row["created_at"]))


def test_places_count_up_in_each_column_of_a_board() -> None:
    rows = seed_rows(AppView(spec("bugtracker")))["issues"]
    for status in {row["status"] for row in rows}:
        own = [row["position"] for row in rows if row["status"] == status]
        assert own == list(range(1, len(own) + 1))


def test_final_rows_are_stamped_after_they_were_made_and_others_are_not() -> None:
    for row in seed_rows(AppView(spec("bugtracker")))["issues"]:
        if row["status"] == "done":
            assert days(row["created_at"]) <= days(row["completed_at"]) <= 0
        else:
            assert row["completed_at"] is None


def test_a_stamp_that_is_not_given_is_made_up() -> None:
    data = document("bugtracker")
    for row in data["seeds"]["issue"]:
        row.pop("completed_at", None)
    for row in seed_rows(AppView(AppSpec.model_validate(data)))["issues"]:
        assert (row["completed_at"] is not None) == (row["status"] == "done")
        assert row["completed_at"] is None or days(row["completed_at"]) > days(row["created_at"])


def test_rows_without_a_time_are_spread_over_the_last_weeks() -> None:
    seeds: dict[str, Any] = {"note": [{"text": f"Note {n}"} for n in range(5)]}
    app = AppView(AppSpec.model_validate(smallest().model_dump() | {"seeds": seeds}))
    times = [days(row["created_at"]) for row in seed_rows(app)["notes"]]
    assert times == sorted(times)
    assert -30 < times[0] < times[-1] < 0
