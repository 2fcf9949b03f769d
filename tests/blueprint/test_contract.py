"""The OpenAPI document that follows from a spec."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gencode_graph.blueprint.contract import openapi
from tests.blueprint.specs import SPECS, smallest, spec


@pytest.mark.parametrize("name", SPECS)
def test_it_is_valid_openapi(name: str) -> None:
    document = openapi(spec(name))
    assert json.loads(json.dumps(document)) == document
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


@pytest.mark.parametrize("name", SPECS)
def test_every_schema_is_used_and_every_reference_leads_somewhere(name: str) -> None:
    document = openapi(spec(name))
    assert {ref.rpartition("/")[2] for ref in references(document)} == set(document["components"]["schemas"])


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


def test_every_entity_has_its_five_routes() -> None:
    paths = openapi(spec("bugtracker"))["paths"]
    assert list(paths["/api/issues"]) == ["get", "post"]
    assert list(paths["/api/issues/{id}"]) == ["get", "patch", "delete"]
    assert paths["/api/issues/{id}"]["patch"]["operationId"] == "update_issue"


def test_an_app_without_dashboard_has_no_route_for_it() -> None:
    assert list(openapi(smallest())["paths"]) == ["/api/notes", "/api/notes/{id}", "/api/health"]


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        ("ProjectCreate", ["name", "key"]),
        ("IssueCreate", ["title", "project_id"]),
        ("ClassSessionCreate", ["title", "starts_at", "ends_at", "trainer_id", "room_id"]),
    ],
)
def test_what_has_a_default_may_be_left_out(schema: str, required: list[str]) -> None:
    document = openapi(spec("gym" if schema.startswith("Class") else "bugtracker"))
    assert document["components"]["schemas"][schema]["required"] == required


def test_updates_require_nothing_and_have_no_defaults() -> None:
    update = openapi(spec("bugtracker"))["components"]["schemas"]["IssueUpdate"]
    assert "required" not in update
    assert not [name for name, prop in update["properties"].items() if "default" in prop]


def test_null_is_allowed_only_where_a_value_may_be_missing() -> None:
    read = openapi(spec("bugtracker"))["components"]["schemas"]["IssueRead"]["properties"]
    assert {name for name, prop in read.items() if {"type": "null"} in prop.get("anyOf", [])} == {
        "due_date",
        "assignee_id",
        "assignee",
        "completed_at",
    }
