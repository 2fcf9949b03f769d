"""A variable of the environment that nobody sets: its example is its default, unless it is a secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import modules
from gencode_graph.healing.python.source import Edit, edited, over, span, tree_of
from gencode_graph.types import Finding

_KEY = re.compile(r"KeyError: '([A-Z][A-Z0-9_]+)'")
_FIELD = re.compile(r"validation errors? for (\w+)((?:\n.*)+)")
_REQUIRED = re.compile(r"^(\w+)\n +Field required", re.MULTILINE)
_EXAMPLE = re.compile(r"^[ \t]*(#?)[ \t]*(?:export |ENV )?([A-Z][A-Z0-9_]*)=(\S.*)?$", re.MULTILINE)
_SECRET = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|KEY|CREDENTIAL|SALT", re.IGNORECASE)


def environment(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The module with a default where it reads the variable, or where its settings have it."""
    values = _examples(patient.files)
    if said := _KEY.search(finding.message):
        return _read(said[1], values, patient)
    if said := _FIELD.search(finding.message):
        return _set(said[1], _REQUIRED.findall(said[2]), values, patient)
    return {}


def _examples(files: Mapping[str, str]) -> dict[str, str]:
    """What the app's own examples and images set; what is only a remark counts less."""
    found: dict[str, str] = {}
    places = [path for path in files if path.rsplit("/", 1)[-1].startswith((".env", "Dockerfile"))]
    for remark in ("#", ""):
        for path in sorted(places):
            said = {name: value.strip("\"' ") for sign, name, value in _EXAMPLE.findall(files[path]) if sign == remark}
            found |= said
    return {name: value for name, value in found.items() if not _SECRET.search(name)}


def _read(name: str, values: Mapping[str, str], patient: Patient) -> dict[str, str | None]:
    """``os.environ[name]`` with what it is without being set."""
    repair: dict[str, str | None] = {}
    for path in modules(patient.files).values() if name in values else ():
        text = patient.files[path]
        edits = [
            over(text, node, f'{ast.unparse(node.value)}.get("{name}", {_text(values[name])})')
            for node in ast.walk(tree_of(text) or ast.Module([], []))
            if isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) in ("os.environ", "environ")
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == name
        ]
        if edits and patient.treatable(path):
            repair[path] = edited(text, edits)
    return repair


def _set(kind: str, names: list[str], values: Mapping[str, str], patient: Patient) -> dict[str, str | None]:
    """A class of settings whose fields have defaults."""
    repair: dict[str, str | None] = {}
    for path in modules(patient.files).values():
        text = patient.files[path]
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            if isinstance(node, ast.ClassDef) and node.name == kind and patient.treatable(path):
                edits = [edit for name in names for edit in _defaults(text, node, name, values)]
                if len(edits) == len(names):
                    repair[path] = edited(text, edits)
    return repair


def _defaults(text: str, node: ast.ClassDef, name: str, values: Mapping[str, str]) -> Iterator[Edit]:
    prefix = re.search(r"env_prefix=[\"'](\w+)[\"']", ast.unparse(node))
    variable = f"{prefix[1] if prefix else ''}{name}".upper()
    for one in node.body:
        mine = isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name
        if mine and isinstance(one, ast.AnnAssign) and one.value is None and variable in values:
            value = _typed(values[variable], ast.unparse(one.annotation))
            if value is not None:
                end = span(text, one)[1]
                yield Edit(end, end, f" = {value}")


def _typed(value: str, note: str) -> str | None:
    """A value as code of a type; None where it is not known how to write it."""
    if note in ("str", "str | None"):
        return _text(value)
    if note == "bool":
        return str(value.lower() in ("1", "true", "yes", "on"))
    return value if note in ("int", "float") and re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
