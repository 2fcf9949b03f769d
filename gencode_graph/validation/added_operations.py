"""Operations that a model added to the contract: the API must have them, with the same parameters and shapes.

What the built-in generator wrote is compared to the letter; of what was added on top, names and summaries may differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
DEPTH = 12
"""Levels of nested schemas that are compared; a schema may contain itself."""
Document = Mapping[str, Any]


def without(document: Document, basis: Document) -> dict[str, Any]:
    """The part of a document whose operations, schemas and tags ``basis`` has."""
    paths = {
        path: {key: value for key, value in item.items() if key not in METHODS or key in basis["paths"][path]}
        for path, item in document.get("paths", {}).items()
        if path in basis["paths"]
    }
    known = basis.get("components", {}).get("schemas", {})
    components = dict(document.get("components", {}))
    components["schemas"] = {n: s for n, s in components.get("schemas", {}).items() if n in known}
    part = {**document, "paths": paths, "components": components}
    if "tags" in document:
        names = {tag["name"] for tag in basis.get("tags", [])}
        part["tags"] = [tag for tag in document["tags"] if tag["name"] in names]
    return part


def disagreements(agreed: Document, published: Document, basis: Document) -> Iterator[str]:
    """How the added operations of two documents differ, as sentences."""
    known = set(_operations(basis))
    wanted = {key: value for key, value in _operations(agreed).items() if key not in known}
    there = {key: value for key, value in _operations(published).items() if key not in known}
    for method, path in sorted(wanted.keys() - there.keys()):
        yield f"{method.upper()} {path} is in the contract, and the API does not have it"
    for method, path in sorted(there.keys() - wanted.keys()):
        yield f"{method.upper()} {path} is in the API, and the contract does not have it"
    for method, path in sorted(wanted.keys() & there.keys()):
        one, other = _shape_of(wanted[method, path], agreed), _shape_of(there[method, path], published)
        for part in one:
            if one[part] != other[part]:
                yield f"{method.upper()} {path}: {part} is {one[part]} in the contract and {other[part]} in the API"


def _operations(document: Document) -> dict[tuple[str, str], Any]:
    items = document.get("paths", {}).items()
    return {(method, path): item[method] for path, item in items for method in METHODS if method in item}


def _shape_of(operation: Document, document: Document) -> dict[str, Any]:
    """What a client depends on: parameters, body, and the bodies of good answers by status."""
    return {
        "parameters": sorted((p["name"], p["in"], bool(p.get("required"))) for p in operation.get("parameters", [])),
        "body": _content(operation.get("requestBody", {}), document),
        "answer": {
            status: _content(answer, document)
            for status, answer in sorted(operation.get("responses", {}).items())
            if status.startswith("2")
        },
    }


def _content(part: Document, document: Document) -> Any:
    schema = part.get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else shape(schema, document)


def shape(schema: Any, document: Document, depth: int = DEPTH) -> Any:
    """A schema without what says nothing of the data: an object as its properties, a list as ``[item]``, else types."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = _resolved(schema["$ref"], document)
    if not isinstance(schema, dict) or depth == 0:
        return "any"
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        flat = sorted({str(shape(choice, document, depth - 1)) for choice in choices})
        return " or ".join(flat)
    if "properties" in schema:
        return {name: shape(inner, document, depth - 1) for name, inner in sorted(schema["properties"].items())}
    if schema.get("type") == "array":
        return [shape(schema.get("items", {}), document, depth - 1)]
    kind = schema.get("type", "any")
    return " or ".join(sorted(kind)) if isinstance(kind, list) else kind


def _resolved(reference: str, document: Document) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found
