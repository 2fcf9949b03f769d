"""Attributes and arguments that their owners do not have and that are close to one they have."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import called, modules
from gencode_graph.healing.python.classes import class_named, members
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.imports import imports_of
from gencode_graph.healing.python.libraries import is_plain, known_modules, names_in
from gencode_graph.healing.python.source import Edit, edited, span, tree_of
from gencode_graph.healing.python.typed import arguments_of, arguments_typed, attributes_of, types_in
from gencode_graph.types import Finding

UNKNOWN = "is not known of"
SLIPS = 2
_ROUTED = ("get", "post", "put", "patch", "delete", "include_router", "add_middleware")
"""Calls that are known only on a router or an app."""
_ANY = ("APIRouter", "FastAPI")


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A name that its owner does not have."""

    edit: Edit
    name: str
    kind: str
    """The class, of the app, that has something else instead; empty for other owners."""
    line: int
    message: str


def member(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with all such names as their owners have them."""
    path = finding.path or ""
    if UNKNOWN not in finding.message or path not in patient.files or not patient.treatable(path):
        return {}
    text = patient.files[path]
    found = slips(path, text, patient.files)
    for slip in found:
        if slip.kind and (other := _field(slip.kind, slip.edit.text, slip.name, patient)):
            return other
    return {path: edited(text, [slip.edit for slip in found])}


def _field(kind: str, field: str, wanted: str, patient: Patient) -> dict[str, str | None]:
    """The class with its field called as everyone else calls it, where nobody knows it by the name that it has."""
    found = class_named(kind, patient.files)
    if found is None or not patient.treatable(found[0]) or _common(field, patient) >= _common(wanted, patient):
        return {}
    for node in found[1].body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == field:
            text = patient.files[found[0]]
            return {found[0]: edited(text, [Edit(*span(text, target), wanted)])}
    return {}


def _common(name: str, patient: Patient) -> int:
    """How often a word stands in the code of the app and in its contract."""
    texts = [text for path, text in patient.files.items() if path.endswith((".py", "openapi.json"))]
    return sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for text in texts if name in text)


def slips(path: str, text: str, files: Mapping[str, str]) -> list[Slip]:
    """All slips of a module."""
    tree = tree_of(text)
    if tree is None:
        return []
    known = types_in(path, text, files)
    found = list(_in(tree, text, known, path, files))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = {**known, **dict(arguments_typed(node))}
            found += _in(node, text, inner, path, files)
    return sorted({slip.edit: slip for slip in found}.values(), key=lambda slip: slip.edit)


def _in(scope: ast.AST, text: str, known: Mapping[str, str], path: str, files: Mapping[str, str]) -> Iterator[Slip]:
    libraries = {one.bound: one.module for one in imports_of(text) if one.name is None}
    stored = {n.id for n in ast.walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    typed = {name: kind for name, kind in known.items() if name not in stored or isinstance(scope, ast.Module)}
    for node in ast.walk(scope):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = node.value.id
            names = _names_of(owner, typed.get(owner), libraries.get(owner), files)
            meant = _meant(node.attr, names)
            if meant is not None:
                end = span(text, node)[1]
                kind = typed.get(owner) or (owner if owner[:1].isupper() else "")
                yield _slip(Edit(end - len(node.attr), end, meant), node.lineno, node.attr, owner, kind)
        elif isinstance(node, ast.Call):
            names = _arguments(node, typed, files)
            for given in node.keywords if names is not None else ():
                meant = _meant(given.arg or "", names)
                if meant is not None and given.arg and meant not in {other.arg for other in node.keywords}:
                    start = span(text, given)[0]
                    edit = Edit(start, start + len(given.arg), meant)
                    callee = ast.unparse(node.func)
                    yield _slip(edit, given.lineno, given.arg, callee, callee if callee.isidentifier() else "")


def _slip(edit: Edit, line: int, name: str, owner: str, kind: str) -> Slip:
    return Slip(edit=edit, name=name, kind=kind, line=line, message=f"{name} {UNKNOWN} {owner}; it has {edit.text}")


def _meant(name: str, names: frozenset[str] | None) -> str | None:
    if not name or not names or name in names or name.startswith("__"):
        return None
    return closest(name, names, most=SLIPS)


def _names_of(owner: str, kind: str | None, library: str | None, files: Mapping[str, str]) -> frozenset[str] | None:
    """What a name has: an object of a known type, a class of the app, or a library's module."""
    if kind is not None:
        return attributes_of(kind, files)
    if library is not None and library not in modules(files):
        inner = {one.removeprefix(f"{library}.") for one in known_modules({}) if one.startswith(f"{library}.")}
        names = frozenset(dir(importlib.import_module(library))) if is_plain(library) else names_in(library)
        return names | inner if names is not None else None
    return attributes_of(owner, files) if owner[:1].isupper() and class_named(owner, files) is not None else None


def _arguments(call: ast.Call, typed: Mapping[str, str], files: Mapping[str, str]) -> frozenset[str] | None:
    """What a call takes by name: that of an own class or function, or of a library's."""
    callee = ast.unparse(call.func)
    last = callee.rpartition(".")[2]
    if not last.isidentifier():
        return None
    own = _own(last, files)
    if own is not None:
        return own
    receiver = callee.rpartition(".")[0]
    if last in _ROUTED and typed.get(receiver) not in _ANY:
        return None
    return arguments_of(last)


def _own(name: str, files: Mapping[str, str]) -> frozenset[str] | None:
    """The arguments of the only function or class of the app by a name; None where it takes any, or is not known."""
    found = [node for _, node in called(name, files)]
    if len(found) != 1:
        return None
    if isinstance(found[0], ast.ClassDef):
        own = members(name, files)
        has_init = own is not None and "__init__" in own.methods
        return own.fields if own is not None and not has_init else None
    taken = found[0].args
    if taken.kwarg is not None:
        return None
    return frozenset(one.arg for one in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs))
