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
                edits += _as_agreed(text, node, wanted, name in schema.get("required", ()))
    return {path: edited(text, edits)} if edits else {}


def _schema(name: str, patient: Patient) -> dict[str, Any]:
    try:
        schema = json.loads(patient.files[CONTRACT])["components"]["schemas"][name]
    except (ValueError, KeyError, TypeError):
        return {}
    return schema if isinstance(schema, dict) else {}


def _as_agreed(text: str, node: ast.AnnAssign, wanted: dict[str, Any], required: bool) -> Iterator[Edit]:
    """Edits of one field; constraints are left as they are."""
    note = ast.unparse(node.annotation)
    choices = wanted.get("anyOf", [])
    nullable = {"type": "null"} in choices
    bare = re.sub(r" \| None\b|\bNone \| ", "", note)
    kind = _PLAIN.get(wanted.get("type", ""))
    if bare in _PLAIN.values() and kind is not None and not wanted.get("format"):
        bare = kind
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
