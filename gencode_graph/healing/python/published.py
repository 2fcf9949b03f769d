"""What the app publishes of its API and the contract has otherwise: types, defaults and answers, at their source."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import called, modules
from gencode_graph.healing.python.classes import class_named
from gencode_graph.healing.python.fields import CONTRACT
from gencode_graph.healing.python.imports import Import, imports_of, with_import
from gencode_graph.healing.python.source import Edit, edited, over, span, tree_of
from gencode_graph.types import Finding

_FIELD = re.compile(r"^/components/schemas/(\w+)/(?:properties/(\w+)(?:/|\b)|required)")
_ANSWER = re.compile(r"^/paths/(\S+)/(\w+)/responses/(\d+) is in the (contract|API), and ")
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def published_field(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The class with a field that may be null, has a default and is of the plain type that the contract says."""
    said = _FIELD.search(finding.message)
    found = class_named(said[1], patient.files) if said else None
    if said is None or found is None or not patient.treatable(found[0]):
        return {}
    path, text = found[0], patient.files[found[0]]
    schema = _schema(said[1], patient)
    edits: list[Edit] = []
    for node in found[1].body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            wanted = schema.get("properties", {}).get(name)
            if wanted is not None and said[2] in (None, name):
                edits += _as_agreed(text, node, wanted, name in schema.get("required", ()), _names_in(text))
    if said[2] and not edits and (added := _added(text, found[1], said[2], schema)) is not None:
        edits.append(added)
    return {path: _with_formats(edited(text, edits))} if edits else {}


_SOURCES = {"UUID": "uuid", "date": "datetime", "datetime": "datetime"}


def _with_formats(text: str) -> str:
    """A module with the imports of what formats are, where it names them."""
    bound = {one.bound for one in imports_of(text)}
    notes = (one.annotation for node in _classes(text) for one in node.body if isinstance(one, ast.AnnAssign))
    used = {inner.id for note in notes for inner in ast.walk(note) if isinstance(inner, ast.Name)}
    for name in sorted(used & _SOURCES.keys() - bound):
        text = with_import(text, Import(_SOURCES[name], name, name))
    return text


def _names_in(text: str) -> set[str]:
    """What a module can name: what it imports and defines, and what formats are."""
    return {one.bound for one in imports_of(text)} | {one.name for one in _classes(text)} | _SOURCES.keys()


def _added(text: str, node: ast.ClassDef, name: str, schema: dict[str, Any]) -> Edit | None:
    """A field that the class does not have and that can be written from the contract alone, in the contract's place."""
    wanted, order = schema.get("properties", {}).get(name), list(schema.get("properties", {}))
    known = {one.bound for one in imports_of(text)} | {one.name for one in _classes(text)}
    own = {
        one.target.id: one for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    note = _note(wanted, known) if wanted is not None and name not in own else None
    before = [own[one] for one in order[: order.index(name)] if one in own] if note is not None else []
    if note is None or not own:
        return None
    value = ""
    if name not in schema.get("required", ()):
        default = wanted.get("default") if isinstance(wanted, dict) else None
        value = f" = {repr(default).replace(chr(39), chr(34))}"
    if before:
        end = span(text, before[-1])[1]
        return Edit(end, end, f"\n    {name}: {note}{value}")
    start = span(text, next(iter(own.values())))[0]
    return Edit(start, start, f"{name}: {note}{value}\n    ")


def _classes(text: str) -> list[ast.ClassDef]:
    return [one for one in (tree_of(text) or ast.Module([], [])).body if isinstance(one, ast.ClassDef)]


_SAID_BY_TYPE = frozenset({"type", "title", "format", "$ref", "items", "default", "description"})
_FORMATS = {"uuid": "UUID", "date": "date", "date-time": "datetime"}


def _note(wanted: Any, known: set[str]) -> str | None:
    """The type of a schema, in names that a module has; None where it says more than a type can."""
    if not isinstance(wanted, dict):
        return None
    choices = wanted.get("anyOf", [wanted])
    plain = [one for one in choices if one.get("type") != "null"]
    if len(plain) != 1 or set(plain[0]) - _SAID_BY_TYPE:
        return None
    schema = plain[0]
    note = str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else _PLAIN.get(schema.get("type", ""))
    if "format" in schema:
        note = _FORMATS.get(schema["format"])
    if schema.get("type") == "array":
        inner = _note(schema.get("items"), known)
        return f"list[{inner}]" if inner else None
    if note is None or (note not in _PLAIN.values() and note not in known):
        return None
    return f"{note} | None" if len(choices) > len(plain) else note


def _schema(name: str, patient: Patient) -> dict[str, Any]:
    try:
        schema = json.loads(patient.files[CONTRACT])["components"]["schemas"][name]
    except (ValueError, KeyError, TypeError):
        return {}
    return schema if isinstance(schema, dict) else {}


def _as_agreed(
    text: str, node: ast.AnnAssign, wanted: dict[str, Any], required: bool, known: set[str]
) -> Iterator[Edit]:
    """Edits of one field; constraints are left as they are."""
    note = ast.unparse(node.annotation)
    choices = wanted.get("anyOf", [])
    nullable = {"type": "null"} in choices
    bare = re.sub(r" \| None\b|\bNone \| ", "", note)
    plain = [one for one in wanted.get("anyOf", [wanted]) if one.get("type") != "null"]
    right = _note(plain[0], known) if len(plain) == 1 and not plain[0].get("enum") else None
    if right is not None and bare in (*_PLAIN.values(), *_FORMATS.values()):
        bare = right
    new = f"{bare} | None" if nullable else bare
    if new != note and "Optional" not in note:
        yield over(text, node.annotation, new)
    end = span(text, node)[1]
    if node.value is not None and required and "default" not in wanted and not isinstance(node.value, ast.Call):
        yield Edit(span(text, node.annotation)[1], end, "")
    elif "default" in wanted and isinstance(wanted["default"], str | int | float | bool | None):
        value = repr(wanted["default"]).replace("'", '"')
        if node.value is None:
            yield Edit(end, end, f" = {value}")
        elif isinstance(node.value, ast.Constant) and node.value.value != wanted["default"]:
            yield over(text, node.value, value)


def published_answer(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The route with the answers that the contract names, told by the constants that the app has for them."""
    said = _ANSWER.search(finding.message)
    if said is None or said[3].startswith("2"):
        return {}
    try:
        operation = json.loads(patient.files[CONTRACT])["paths"][said[1].replace("~1", "/")][said[2]]
    except (ValueError, KeyError, TypeError):
        return {}
    for path, node in called(str(operation.get("operationId")), patient.files):
        for one in node.decorator_list if patient.treatable(path) else ():
            if isinstance(one, ast.Call) and (
                new := _answered(path, one, int(said[3]), said[4] == "contract", patient)
            ):
                return {path: new}
    return {}


def _answered(path: str, call: ast.Call, code: int, more: bool, patient: Patient) -> str | None:
    """A module whose route has one answer more, or one fewer."""
    text = patient.files[path]
    names = _constants(code, patient)
    given = next((one.value for one in call.keywords if one.arg == "responses"), None)
    if not more:
        if not isinstance(given, ast.Dict):
            return None
        kept = [
            (key, value)
            for key, value in zip(given.keys, given.values, strict=True)
            if not (key is None and ast.unparse(value) in names) and getattr(key, "value", None) != code
        ]
        return edited(text, [over(text, given, ast.unparse(ast.Dict([k for k, _ in kept], [v for _, v in kept])))])
    here = {one.bound for one in imports_of(text)}
    best = sorted(names, key=lambda name: (name not in here, name))
    if not best:
        return None
    if isinstance(given, ast.Dict):
        end = span(text, given)[1] - 1
        text = edited(text, [Edit(end, end, f"{', ' if given.values else ''}**{best[0]}")])
    else:
        end = span(text, call)[1] - 1
        text = edited(text, [Edit(end, end, f", responses={{**{best[0]}}}")])
    return text if best[0] in here else with_import(text, Import(names[best[0]], best[0], best[0]))


def _constants(code: int, patient: Patient) -> dict[str, str]:
    """Constants of the app that hold just one answer, with their modules."""
    found = {}
    for module, path in modules(patient.files).items():
        for node in (tree_of(patient.files[path]) or ast.Module([], [])).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            codes = [getattr(key, "value", None) for key in value.keys] if isinstance(value, ast.Dict) else []
            if isinstance(target, ast.Name) and codes == [code]:
                found[target.id] = module
    return found
