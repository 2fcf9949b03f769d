"""Every API call of the frontend exists in the contract, with the parameters and fields that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.openapi import CONTRACT, Operation, operations, shape_of
from gencode_graph.validation.scripts import each_match, source_of, tree

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = """
(call_expression
  function: (member_expression property: (property_identifier) @method)
  arguments: (arguments . [(string) (template_string)] @path) @arguments) @call
(call_expression
  function: (identifier) @method
  arguments: (arguments . [(string) (template_string)] @path) @arguments
  (#eq? @method "fetch")) @call
"""
_TYPED = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_PLAIN = {"get", "post", "put", "patch", "delete"}
_TESTS = re.compile(r"\.(?:test|spec)\.[jt]sx?$|(?:^|/)(?:e2e|tests?|mocks|__tests__)/")
Operations = Mapping[tuple[str, str], Operation]


def calls(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each call that the contract does not have; none while there is no contract."""
    known = operations(files[CONTRACT]) if CONTRACT in files else None
    if known is None:
        return []
    found: list[Finding] = []
    for path, text in files.items():
        if kind_of(path) in SCRIPTS and not _TESTS.search(path) and not path.endswith(".d.ts"):
            found += _of_file(path, kind_of(path), text, known)
    return found


def _of_file(path: str, kind: Kind, text: str, known: Operations) -> Iterator[Finding]:
    roots = {f"/{shape_of(route)[0]}" for _, route in known}
    for found in each_match(kind, _CALLS, tree(kind, text).root_node):
        method, route = source_of(found["method"][0]), _route(found["path"][0])
        options = found["arguments"][0].named_children[1:]
        line = found["path"][0].start_point[0] + 1
        if method in _TYPED and route.startswith("/"):
            yield from _typed(path, line, method, route, options, known)
        elif method in _PLAIN | {"fetch"} and any(route == root or route.startswith(f"{root}/") for root in roots):
            verb = _verb(options) if method == "fetch" else method.upper()
            yield from _raw(path, line, verb, route, known)


def _route(node: Node) -> str:
    """The path that a call names; what is put into a template is ``{}``, what follows ``?`` is left out."""
    text = re.sub(r"\$\{[^}]*\}", "{}", source_of(node)[1:-1])
    return text.partition("?")[0]


def _verb(options: list[Node]) -> str | None:
    """The method of ``fetch``; None where it is not written out."""
    if not options:
        return "GET"
    fields = _fields(options[0])
    if fields is None:
        return None
    value = fields.get("method")
    if value is None:
        return "GET" if "method" not in fields else None
    return source_of(value)[1:-1].upper() if value.type == "string" else None


def _raw(path: str, line: int, verb: str | None, route: str, known: Operations) -> Iterator[Finding]:
    """A call by its URL: some route of the contract has to have that shape."""
    asked = shape_of(route)
    fits = {m for m, template in known if _fits(asked, shape_of(template))}
    if not fits:
        yield _unknown(path, line, f"{route} is no path of {CONTRACT}")
    elif verb is not None and verb not in fits:
        yield _unknown(path, line, f"{route} has no {verb} in {CONTRACT}, only {', '.join(sorted(fits))}")


def _fits(asked: tuple[str, ...], template: tuple[str, ...]) -> bool:
    return len(asked) == len(template) and all(
        one == other or other == "{}" or "{}" in one for one, other in zip(asked, template, strict=True)
    )


def _typed(path: str, line: int, method: str, route: str, options: list[Node], known: Operations) -> Iterator[Finding]:
    """A call of a typed client: path and method as the contract writes them, and what is passed along."""
    operation = known.get((method, route))
    if operation is None:
        methods = sorted(m for m, template in known if template == route)
        message = f"{route} has no {method} in {CONTRACT}" if methods else f"{route} is no path of {CONTRACT}"
        yield _unknown(path, line, message + (f", only {', '.join(methods)}" if methods else ""))
        return
    given = _fields(options[0]) if options else {}
    if given is None:
        return
    params = _fields(given.get("params")) if "params" in given else {}
    where = f"{method} {route}"
    yield from _compare(path, line, where, "body", given, operation.fields, operation.fields_needed)
    if params is not None:
        yield from _compare(path, line, where, "path", params, operation.in_path, operation.in_path)
        yield from _compare(path, line, where, "query", params, operation.in_query, operation.query_needed)
    if operation.has_body and options and "body" not in given:
        yield _field(path, line, f"{where} needs a body")


def _compare(
    path: str,
    line: int,
    where: str,
    part: str,
    given: Mapping[str, Node | None],
    allowed: frozenset[str] | None,
    needed: frozenset[str],
) -> Iterator[Finding]:
    """The names of an object that is written out against those of the contract."""
    if allowed is None:
        return
    fields = _fields(given.get(part)) if part in given else {}
    if fields is None or (part == "body" and part not in given):
        return
    whole = "..." not in fields
    for name in sorted(fields.keys() - allowed - {"..."}):
        yield _field(path, line, f"{where} has no {name} in its {part}; it has {', '.join(sorted(allowed)) or 'none'}")
    for name in sorted(needed - fields.keys()) if whole else ():
        yield _field(path, line, f"{where} needs {name} in its {part}")


def _fields(node: Node | None) -> dict[str, Node | None] | None:
    """The fields of an object that is written out, ``...`` for a spread; None for any other value."""
    if node is None or node.type != "object":
        return None
    found: dict[str, Node | None] = {}
    for child in node.named_children:
        if child.type == "pair":
            key = child.child_by_field_name("key")
            if key is None or key.type == "computed_property_name":
                found["..."] = None
            else:
                found[source_of(key).strip("\"'")] = child.child_by_field_name("value")
        elif child.type == "shorthand_property_identifier":
            found[source_of(child)] = None
        elif child.type != "comment":
            found["..."] = None
    return found


def _unknown(path: str, line: int, message: str) -> Finding:
    hint = "call what the contract has, or add the operation to the contract and to the backend"
    return Finding(rule="contract/call", message=message, path=path, line=line, hint=hint)


def _field(path: str, line: int, message: str) -> Finding:
    return Finding(rule="contract/field", message=message, path=path, line=line, hint="pass what the contract names")
