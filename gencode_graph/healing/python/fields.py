"""A field of a request or response that the contract calls otherwise."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import modules
from gencode_graph.healing.python.classes import class_named, members
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.source import Edit, edited, place, tree_of
from gencode_graph.types import Finding

CONTRACT = "openapi.json"
NO_FIELD = re.compile(r"^(\w+) has no field (\w+), which ")


def field_findings(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each field of the contract that the app's class of that name does not have."""
    found = []
    for name, properties in _schemas(files.get(CONTRACT, "")).items():
        for path, node, missing, _ in _compared(name, properties, files):
            for field in sorted(missing):
                message = f"{name} has no field {field}, which {CONTRACT} promises"
                found.append(Finding(rule="contract/schema", message=message, path=path, line=node.lineno))
    return found


def _compared(
    name: str, properties: frozenset[str], files: Mapping[str, str]
) -> Iterator[tuple[str, ast.ClassDef, set[str], set[str]]]:
    """Where the class of a schema is: its fields that are missing, and those that the contract does not have."""
    found, known = class_named(name, files), members(name, files)
    if found is None or known is None:
        return
    aliased = "alias" in ast.unparse(found[1]) or "computed_field" in ast.unparse(found[1])
    fields = {one for one in known.fields if one != "model_config"}
    missing, extra = set(properties) - fields, fields - properties
    if not aliased and len(missing) <= 2:
        yield found[0], found[1], missing, extra


@lru_cache(maxsize=8)
def _schemas(text: str) -> dict[str, frozenset[str]]:
    try:
        document: Any = json.loads(text)
        schemas = document["components"]["schemas"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: frozenset(s["properties"]) for name, s in schemas if isinstance(s, dict) and s.get("properties")}


def field(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The class with the field as the contract calls it: the only one of its own that the contract does not have."""
    said = NO_FIELD.search(finding.message)
    if said is None:
        return {}
    name, wanted = said[1], said[2]
    properties = _schemas(patient.files.get(CONTRACT, "")).get(name, frozenset())
    for path, node, _, extra in _compared(name, properties, patient.files):
        own = {ast.unparse(one.target) for one in node.body if isinstance(one, ast.AnnAssign)}
        near = extra & own
        meant = closest(wanted, near) or (next(iter(near)) if len(near) == 1 else None)
        if meant and patient.treatable(path):
            return {path: _renamed_field(patient.files[path], node, meant, wanted)}
        if not near and patient.treatable(path):
            new = _from_sibling(name, wanted, node, path, patient)
            return {path: new} if new else {}
    return {}


def _renamed_field(text: str, node: ast.ClassDef, old: str, new: str) -> str:
    edits = []
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id == old:
            start = place(text, one.lineno, one.col_offset)
            edits.append(Edit(start, start + len(old), new))
        elif isinstance(one, ast.Constant) and one.value == old:
            start = place(text, one.lineno, one.col_offset)
            edits.append(Edit(start + 1, start + 1 + len(old), new))
    return edited(text, edits)


def _from_sibling(name: str, wanted: str, node: ast.ClassDef, path: str, patient: Patient) -> str | None:
    """The class with a field as a sibling has it (``IssueCreate``, ``IssueRead``), if the contract has both alike."""
    try:
        schemas = json.loads(patient.files[CONTRACT])["components"]["schemas"]
    except (ValueError, KeyError):
        return None
    text = patient.files[path]
    body = (tree_of(text) or ast.Module([], [])).body
    for other in body:
        if not isinstance(other, ast.ClassDef) or other.name == name:
            continue
        theirs = schemas.get(other.name, {})
        if theirs.get("properties", {}).get(wanted) != schemas[name]["properties"][wanted]:
            continue
        if (wanted in theirs.get("required", ())) != (wanted in schemas[name].get("required", ())):
            continue
        for one in other.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == wanted:
                end = place(text, node.end_lineno or node.lineno, node.end_col_offset or 0)
                source = ast.get_source_segment(text, one) or ast.unparse(one)
                return edited(text, [Edit(end, end, f"\n    {source}")])
    return None


_STATUS = re.compile(r"^/paths/(\S+)/(\w+)/responses/(\d+) is in the (contract|API), and ")
_ID = re.compile(r'operationId is "(\w+)" in the contract and "(\w+)" in the API')


def operation(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the name of a route's function, or the code of its answer, as the contract has it."""
    if said := _ID.search(finding.message):
        return _function(said[2], said[1], patient)
    if (said := _STATUS.search(finding.message)) and said[4] == "contract" and said[3].startswith("2"):
        return _status(said[1].replace("~1", "/"), said[2], int(said[3]), patient)
    return {}


def _functions(name: str, patient: Patient) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in modules(patient.files).values():
        body = (tree_of(patient.files[path]) or ast.Module([], [])).body if patient.treatable(path) else []
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                yield path, node


def _function(old: str, new: str, patient: Patient) -> dict[str, str | None]:
    for path, node in _functions(old, patient):
        if node.decorator_list:
            text = patient.files[path]
            start = text.index(old, place(text, node.lineno, node.col_offset))
            return {path: edited(text, [Edit(start, start + len(old), new)])}
    return {}


def _status(path: str, method: str, code: int, patient: Patient) -> dict[str, str | None]:
    try:
        name = json.loads(patient.files[CONTRACT])["paths"][path][method]["operationId"]
    except (ValueError, KeyError):
        return {}
    for file, node in _functions(name, patient):
        for one in node.decorator_list:
            if not isinstance(one, ast.Call):
                continue
            text = patient.files[file]
            for given in one.keywords:
                if given.arg == "status_code":
                    start = place(text, given.value.lineno, given.value.col_offset)
                    end = place(text, given.value.end_lineno or 0, given.value.end_col_offset or 0)
                    return {file: edited(text, [Edit(start, end, str(code))])}
            if one.args:
                end = place(text, one.args[0].end_lineno or 0, one.args[0].end_col_offset or 0)
                return {file: edited(text, [Edit(end, end, f", status_code={code}")])}
    return {}
