"""Demand: how often the app asks a module for a name; what nobody asks for is what was misspelt."""

from __future__ import annotations

import ast

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, definition, modules, sources
from gencode_graph.healing.python.imports import imports_of
from gencode_graph.healing.python.source import Edit, edited, place, renamed, tree_of


def demand(name: str, module: str, patient: Patient) -> int:
    """Reads of a module's name: in the module itself, by imports, and as an attribute of the module."""
    files = patient.files
    own = modules(files).get(module)
    count = 0
    for path, text in sources(files).items():
        bound = {one.bound for one in imports_of(text) if _is(one.module, one.name, module, path, patient)}
        takes = any(one.name == name and absolute(one.module, path, files) == module for one in imports_of(text))
        for node in ast.walk(tree_of(text) or ast.Module([], [])):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                count += path == own or takes
            elif isinstance(node, ast.Attribute) and node.attr == name and ast.unparse(node.value) in bound:
                count += 1
        count += takes
    return count


def _is(origin: str, name: str | None, module: str, path: str, patient: Patient) -> bool:
    whole = absolute(origin, path, patient.files)
    return module == (f"{whole}.{name}" if name else whole)


def redefined(text: str, old: str, new: str) -> str:
    """A module that calls what it defines at its top otherwise, everywhere."""
    node = definition(old, text)
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        start = text.index(old, place(text, node.lineno, node.col_offset))
        text = edited(text, [Edit(start, start + len(old), new)])
    return renamed(text, old, new)
