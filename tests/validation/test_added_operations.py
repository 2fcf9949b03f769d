"""What a model added to the contract is compared by what a client depends on; the rest to the letter."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gencode_graph.validation.added_operations import disagreements, without

BASIS: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {"/api/issues": {"get": {"responses": {"200": {"description": "ok"}}}}},
    "components": {"schemas": {"Issue": {"type": "object"}}},
}
ROW = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "note": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
}
ROWS = {"$ref": "#/components/schemas/Row"}
ADDED: dict[str, Any] = {
    "summary": "Work",
    "parameters": [{"name": "days", "in": "query", "required": False, "schema": {"type": "integer"}}],
    "responses": {
        "200": {"content": {"application/json": {"schema": {"type": "array", "items": ROWS}}}},
        "422": {"description": "Validation Error"},
    },
}  # fmt: skip


def agreed() -> dict[str, Any]:
    document = copy.deepcopy(BASIS)
    document["paths"]["/api/work"] = {"get": copy.deepcopy(ADDED)}
    document["components"]["schemas"]["Row"] = copy.deepcopy(ROW)
    return document


def test_names_titles_and_descriptions_may_differ() -> None:
    published = agreed()
    published["components"]["schemas"]["WorkRow"] = {
        **published["components"]["schemas"].pop("Row"),
        "title": "WorkRow",
    }
    operation = published["paths"]["/api/work"]["get"]
    operation["summary"], operation["operationId"] = "Other words", "list_work"
    operation["responses"]["200"]["content"]["application/json"]["schema"]["items"]["$ref"] = (
        "#/components/schemas/WorkRow"
    )
    assert list(disagreements(agreed(), published, BASIS)) == []
    assert without(agreed(), BASIS) == without(published, BASIS) == BASIS


def change(document: dict[str, Any], what: str) -> dict[str, Any]:
    operation, row = document["paths"]["/api/work"]["get"], document["components"]["schemas"]["Row"]["properties"]
    if what == "gone":
        del document["paths"]["/api/work"]
    elif what == "more":
        document["paths"]["/api/other"] = {"post": {}}
    elif what == "parameter":
        operation["parameters"] = []
    elif what == "field":
        del row["note"]
    elif what == "type":
        row["id"] = {"type": "integer"}
    elif what == "list":
        schema = operation["responses"]["200"]["content"]["application/json"]
        schema["schema"] = schema["schema"]["items"]
    return document


@pytest.mark.parametrize("what", ["gone", "more", "parameter", "field", "type", "list"])
def test_what_a_client_depends_on_may_not(what: str) -> None:
    assert len(list(disagreements(agreed(), change(agreed(), what), BASIS))) == 1


def test_nullable_is_the_same_however_it_is_written() -> None:
    published = agreed()
    published["components"]["schemas"]["Row"]["properties"]["note"] = {"type": ["null", "string"]}
    assert list(disagreements(agreed(), published, BASIS)) == []


def test_a_schema_that_contains_itself_ends() -> None:
    document = agreed()
    document["components"]["schemas"]["Row"]["properties"]["parent"] = {"$ref": "#/components/schemas/Row"}
    assert list(disagreements(document, copy.deepcopy(document), BASIS)) == []
