"""An attribute, or the name of an argument, that is not there and close to one that is."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import defined, modules, sources, usage
from gencode_graph.healing.python.classes import Members, members
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.demand import demand, redefined
from gencode_graph.healing.python.libraries import is_plain
from gencode_graph.healing.python.source import Edit, edited, span, tree_of
from gencode_graph.healing.python.typed import arguments_of
from gencode_graph.types import Finding

NO_ATTRIBUTE = re.compile(r"(?:module|type object|object|class)? ?'([\w.]+)'(?: object)? has no attribute '(\w+)'")
NO_KEYWORD = re.compile(
    r"([\w.]+)\(\) got an unexpected keyword argument '(?P<a>\w+)'"
    r"|'(?P<b>\w+)' is an invalid keyword argument for (\w+)"
)


def attribute(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the attribute as its owner has it; where nobody asks the owner for that, the owner is changed."""
    said, path = NO_ATTRIBUTE.search(finding.message), finding.path or ""
    if said is None:
        return {}
    owner, name = said[1], said[2]
    own = modules(patient.files)
    if owner in own:
        return _of_module(owner, name, path, patient)
    return _of_class(owner.rpartition(".")[2], name, path, patient)


def _of_module(module: str, name: str, path: str, patient: Patient) -> dict[str, str | None]:
    there = modules(patient.files)[module]
    has = defined(patient.files[there])
    idle = {one for one in has if not demand(one, module, patient)}
    meant = closest(name, has, idle=idle)
    if meant is None:
        return {}
    if demand(name, module, patient) > demand(meant, module, patient) and patient.treatable(there):
        return {there: redefined(patient.files[there], meant, name)}
    return _written(name, meant, path, patient)


def _of_class(owner: str, name: str, path: str, patient: Patient) -> dict[str, str | None]:
    """Of the app's own class where that is known in full; else of what the app takes of anything."""
    found: Members | None = members(owner, patient.files)
    known = found.names if found is not None and found.whole else _taken(patient, name)
    meant = closest(name, known)
    if meant is None and found is not None:
        meant = closest(name, found.names)
    return _written(name, meant, path, patient) if meant else {}


def _taken(patient: Patient, name: str) -> set[str]:
    """All attributes that the app takes of anything, and those of the plain types."""
    taken = {one for kind in (str, list, dict, set, int, bytes) for one in dir(kind) if not one.startswith("_")}
    for text in sources(patient.files).values():
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            if isinstance(node, ast.Attribute):
                taken.add(node.attr)
    return taken - {name}


def _written(name: str, meant: str, path: str, patient: Patient) -> dict[str, str | None]:
    """The attribute corrected where it is read: in the file at hand, or, where it is not there, in all others."""
    here = [path] if _reads(patient.files.get(path, ""), name) else sorted(sources(patient.files))
    changed: dict[str, str | None] = {}
    for one in here:
        text = patient.files[one]
        edits = _reads(text, name)
        if edits and patient.treatable(one):
            changed[one] = edited(text, [Edit(start, end, meant) for start, end in edits])
    return changed


def _reads(text: str, name: str) -> list[tuple[int, int]]:
    tree = tree_of(text)
    return [
        (end - len(name), end)
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Attribute) and node.attr == name
        for _, end in [span(text, node)]
    ]


def keyword_argument(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the argument called as the function, or the class, calls it."""
    said, path = NO_KEYWORD.search(finding.message), finding.path or ""
    tree = tree_of(patient.files.get(path, ""))
    if said is None or tree is None or path not in patient.files or not patient.treatable(path):
        return {}
    callee, name = str(said[1] or said[4]).removesuffix(".__init__"), said["a"] or said["b"]
    owner = callee.rpartition(".")[2]
    known = parameters(owner, patient)
    meant = closest(name, known) if known else None
    text = patient.files[path]
    edits = [
        Edit(start, start + len(name), meant)
        for node in ast.walk(tree)
        if meant and isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == owner
        for given in node.keywords
        if given.arg == name
        for start, _ in [span(text, given)]
    ]
    return {path: edited(text, edits)} if edits else {}


def parameters(name: str, patient: Patient) -> set[str]:
    """The names of arguments that an own function or class takes; empty for an unknown one."""
    found: set[str] = set()
    for path in modules(patient.files).values():
        for node in ast.walk(tree_of(patient.files[path]) or ast.Module([], [])):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                found |= {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    known = members(name, patient.files)
    found |= set(known.fields) if known is not None else set()
    return found or set(arguments_of(name) or ()) or _of_library(name, patient)


def _of_library(name: str, patient: Patient) -> set[str]:
    """The arguments of what the app imports by a name from the standard library."""
    for _, one in usage(patient.files):
        if one.bound == name and one.name is not None and is_plain(one.module):
            made = getattr(importlib.import_module(one.module), one.name, None)
            with contextlib.suppress(ValueError, TypeError):
                return set(inspect.signature(made).parameters) if callable(made) else set()
    return set()
