"""Calls of the frontend against the contract: path, method, parameters and fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gencode_graph.validation.calls import calls

ITEM: dict[str, Any] = {"type": "object", "properties": {"title": {}, "done": {}}, "required": ["title"]}
BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}
ID = {"name": "id", "in": "path", "required": True}
CONTRACT = {
    "openapi": "3.1.0",
    "paths": {
        "/api/items": {"get": {"parameters": [{"name": "q", "in": "query"}]}, "post": {"requestBody": BODY}},
        "/api/items/{id}": {"parameters": [ID], "get": {}, "delete": {}, "patch": {"requestBody": BODY}},
    },
    "components": {"schemas": {"Item": ITEM}},
}
RIGHT = [
    'api.GET("/api/items")',
    'api.GET("/api/items", { params: { query: { q: "a" } }, signal })',
    'api.GET("/api/items", { params: { query } })',
    'api.POST("/api/items", { body: { title, done: true } })',
    'api.POST("/api/items", { body: { ...item, done: true } })',
    'api.POST("/api/items", { body })',
    'api.POST("/api/items", options)',
    'api.DELETE("/api/items/{id}", { params: { path: { id } } })',
    "fetch(`/api/items/${id}?full=1`)",
    'fetch("/api/items", { method: "POST", body })',
    "fetch(`/api/items/${id}`, { method })",
    "axios.patch(`/api/items/${id}`, { title })",
    'fetch("/assets/logo.svg")',
    'cache.get("/other")',
    'const words = "api.GET(\'/api/nothing\')"; // api.GET("/api/nothing")',
]
WRONG = {
    'api.GET("/api/item")': ("contract/call", "/api/item is no path of openapi.json"),
    'api.PUT("/api/items/{id}", { params: { path: { id } } })': (
        "contract/call",
        "/api/items/{id} has no PUT in openapi.json, only DELETE, GET, PATCH",
    ),
    'api.GET("/api/items/{id}", { params: { path: { key: 1, id } } })': ("contract/field", "no key in its path"),
    'api.GET("/api/items/{id}", { params: { path: {} } })': ("contract/field", "needs id in its path"),
    'api.GET("/api/items", { params: { query: { search: 1 } } })': ("contract/field", "no search in its query"),
    'api.POST("/api/items", { body: { title, owner } })': (
        "contract/field",
        "no owner in its body; it has done, title",
    ),
    'api.POST("/api/items", { body: { done } })': ("contract/field", "needs title in its body"),
    'api.POST("/api/items", { signal })': ("contract/field", "needs a body"),
    "fetch(`/api/things/${id}`)": ("contract/call", "/api/things/{} is no path of openapi.json"),
    'fetch("/api/items", { method: "PUT" })': ("contract/call", "no PUT in openapi.json, only GET, POST"),
    'axios.delete("/api/items")': ("contract/call", "no DELETE in openapi.json, only GET, POST"),
}


def judged(line: str, path: str = "frontend/src/a.ts") -> list[tuple[str, str, int | None]]:
    found = calls({"openapi.json": json.dumps(CONTRACT), path: f"\n{line};\n"})
    return [(f.rule, f.message, f.line) for f in found]


@pytest.mark.parametrize("line", RIGHT)
def test_a_call_that_the_contract_has_is_left_alone(line: str) -> None:
    assert judged(line) == []


@pytest.mark.parametrize(("line", "said"), WRONG.items(), ids=WRONG)
def test_a_call_that_the_contract_does_not_have_is_found(line: str, said: tuple[str, str]) -> None:
    ((rule, message, at),) = judged(line)
    assert (rule, at) == (said[0], 2)
    assert said[1] in message


def test_tests_may_call_what_is_not_there() -> None:
    assert judged('api.GET("/api/nothing")', "frontend/src/a.test.ts") == []
    assert judged('request.get("/api/nothing")', "frontend/e2e/a.spec.ts") == []


def test_nothing_is_said_without_a_contract() -> None:
    assert calls({"frontend/src/a.ts": 'api.GET("/api/nothing");\n'}) == []
