"""Parameters of a query that the app publishes otherwise than the contract has them: their names and types."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import called
from gencode_graph.healing.python.classes import class_named
from gencode_graph.healing.python.fields import CONTRACT
from gencode_graph.healing.python.source import Edit, edited, over, span
from gencode_graph.types import Finding

_PLACE = re.compile(r"^/paths/(\S+?)/(\w+)/parameters/(\d+)/")
_NAMED = re.compile(r'^/paths/(\S+?)/(\w+)/parameters/\d+/name is "(\w+)" in the contract and "(\w+)" in the API')
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_WRAPPER = re.compile(r"(?:list|List|Sequence|set|tuple)\[(.+)\]")

Route = ast.FunctionDef | ast.AsyncFunctionDef


def published_parameter(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The class, or the function, with the parameter as the contract has it."""
    if said := _NAMED.search(finding.message):
        return _renamed(said[1], said[2], said[4], said[3], patient)
    if said := _PLACE.search(finding.message):
        operation = _operation(said[1], said[2], patient)
        known = operation.get("parameters", [])
        wanted = known[int(said[3])] if int(said[3]) < len(known) else {}
        for path, node in _declared(operation, str(wanted.get("name")), patient):
            edits = list(_as_agreed(patient.files[path], node, wanted.get("schema", {}), bool(wanted.get("required"))))
            if edits:
                return {path: edited(patient.files[path], edits)}
    return {}


def _operation(path: str, method: str, patient: Patient) -> dict[str, Any]:
    try:
        found = json.loads(patient.files[CONTRACT])["paths"][path.replace("~1", "/")][method]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _routes(operation: dict[str, Any], patient: Patient) -> Iterator[tuple[str, Route]]:
    for path, node in called(str(operation.get("operationId")), patient.files):
        if not isinstance(node, ast.ClassDef):
            yield path, node


def _classes(node: Route, patient: Patient) -> Iterator[tuple[str, ast.ClassDef]]:
    """The app's classes that a route takes its parameters as, and those that they come from."""
    notes = [one.annotation for one in (*node.args.args, *node.args.kwonlyargs) if one.annotation is not None]
    waiting = [inner.id for note in notes for inner in ast.walk(note) if isinstance(inner, ast.Name)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        found = class_named(name, patient.files) if name not in seen else None
        seen.add(name)
        if found is not None:
            yield found
            waiting += [basis.id for basis in found[1].bases if isinstance(basis, ast.Name)]


def _declared(operation: dict[str, Any], name: str, patient: Patient) -> Iterator[tuple[str, ast.AnnAssign]]:
    for _, route in _routes(operation, patient):
        for path, node in _classes(route, patient):
            for one in node.body if patient.treatable(path) else ():
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name:
                    yield path, one


def _renamed(place: str, method: str, old: str, new: str, patient: Patient) -> dict[str, str | None]:
    """The field of the class called as the contract calls it; and where the route reads it by its old name."""
    operation = _operation(place, method, patient)
    for path, node in _declared(operation, old, patient):
        text = patient.files[path]
        repair: dict[str, str | None] = {path: edited(text, [over(text, node.target, new)])}
        for other, route in _routes(operation, patient):
            ends = [span(patient.files[other], read)[1] for read in _reads(route, old, path, patient)]
            if ends and other != path and patient.treatable(other):
                repair[other] = edited(patient.files[other], [Edit(end - len(old), end, new) for end in ends])
        return repair
    for path, route in _routes(operation, patient):
        arguments = [one for one in (*route.args.args, *route.args.kwonlyargs) if one.arg == old]
        if arguments and patient.treatable(path):
            text = patient.files[path]
            names = [node for node in ast.walk(route) if isinstance(node, ast.Name) and node.id == old]
            spots = [span(text, arguments[0])[0], *(span(text, name)[0] for name in names)]
            return {path: edited(text, [Edit(at, at + len(old), new) for at in spots])}
    return {}


def _reads(route: Route, name: str, path: str, patient: Patient) -> Iterator[ast.Attribute]:
    """Where a route reads a field of an argument whose class is in a file."""
    arguments = set()
    for one in (*route.args.args, *route.args.kwonlyargs):
        notes = ast.walk(one.annotation) if one.annotation is not None else ()
        found = [class_named(note.id, patient.files) for note in notes if isinstance(note, ast.Name)]
        if any(one is not None and one[0] == path for one in found):
            arguments.add(one.arg)
    for node in ast.walk(route):
        if isinstance(node, ast.Attribute) and node.attr == name and ast.unparse(node.value) in arguments:
            yield node


def _as_agreed(text: str, node: ast.AnnAssign, wanted: dict[str, Any], required: bool) -> Iterator[Edit]:
    """Edits of one field: a list or one value, may be null or not, the plain type, what it is without being given."""
    note = ast.unparse(node.annotation)
    bare = re.sub(r" \| None$|^Optional\[(.*)\]$", r"\1", note)
    choices = [one for one in wanted.get("anyOf", [wanted]) if one.get("type") != "null"]
    schema = choices[0] if len(choices) == 1 else {}
    inside = _WRAPPER.fullmatch(bare)
    if schema.get("type") == "array" and inside is None:
        bare = f"list[{bare}]"
    elif schema and schema.get("type") != "array" and inside is not None:
        bare = inside[1]
    kind = _PLAIN.get(schema.get("type", ""))
    if bare in _PLAIN.values() and kind is not None and not schema.get("format") and not schema.get("enum"):
        bare = kind
    nullable = {"type": "null"} in wanted.get("anyOf", [])
    new = f"{bare} | None" if nullable else bare
    if nullable and not required:
        wanted = {"default": None, **wanted}
    if new != note and schema:
        yield over(text, node.annotation, new)
    if "default" in wanted and isinstance(wanted["default"], str | int | float | bool | list | None):
        value = repr(wanted["default"]).replace("'", '"')
        if node.value is None:
            end = span(text, node)[1]
            yield Edit(end, end, f" = {value}")
        elif isinstance(node.value, ast.Constant | ast.List) and ast.unparse(node.value) != repr(wanted["default"]):
            yield over(text, node.value, value)
