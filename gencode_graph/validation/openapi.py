"""The contract as checks need it: operations with their parameters and bodies, read off ``openapi.json``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CONTRACT = "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    """In capitals."""
    path: str
    """With ``{names}``."""
    in_path: frozenset[str]
    in_query: frozenset[str]
    query_needed: frozenset[str]
    fields: frozenset[str] | None
    """Of a JSON body that is an object without further fields; None where that cannot be told, or there is none."""
    fields_needed: frozenset[str]
    has_body: bool


@lru_cache(maxsize=16)
def operations(text: str) -> dict[tuple[str, str], Operation] | None:
    """The operations of a document by method and path; None where it is no OpenAPI document."""
    try:
        return _operations(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _operations(document: Any) -> dict[tuple[str, str], Operation] | None:
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        return None
    return {
        (method.upper(), path): _operation(method.upper(), path, item, document)
        for path, item in document["paths"].items()
        if isinstance(item, dict)
        for method in METHODS
        if isinstance(item.get(method), dict)
    }


def shape_of(path: str) -> tuple[str, ...]:
    """The segments of a path, each parameter as ``{}``: two paths of one shape are the same route."""
    return tuple(re.sub(r"\{[^}]*\}", "{}", segment) for segment in path.strip("/").split("/"))


def _operation(method: str, path: str, item: dict[str, Any], document: dict[str, Any]) -> Operation:
    operation = item[method.lower()]
    parameters = [_resolve(p, document) for p in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    named = {
        place: frozenset(str(p.get("name")) for p in parameters if p.get("in") == place) for place in ("path", "query")
    }
    body = _resolve(operation.get("requestBody") or {}, document)
    schema = _resolve((body.get("content") or {}).get("application/json", {}).get("schema") or {}, document)
    known = schema.get("type") == "object" and not schema.get("additionalProperties") and "properties" in schema
    return Operation(
        method=method,
        path=path,
        in_path=named["path"],
        in_query=named["query"],
        query_needed=frozenset(str(p["name"]) for p in parameters if p.get("in") == "query" and p.get("required")),
        fields=frozenset(schema["properties"]) if known else None,
        fields_needed=frozenset(schema.get("required", ())) if known else frozenset(),
        has_body=bool(body),
    )


def _resolve(value: Any, document: dict[str, Any]) -> dict[str, Any]:
    """A value behind its reference, if it is one."""
    for _ in range(8):
        if not isinstance(value, dict) or "$ref" not in value:
            break
        target: Any = document
        for part in str(value["$ref"]).removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            target = target.get(key, {}) if isinstance(target, dict) else {}
        value = target
    return value if isinstance(value, dict) else {}
