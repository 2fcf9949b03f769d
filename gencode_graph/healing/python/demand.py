"""Demand: how often the app asks a module for a name; what nobody asks for is what was misspelt."""

from __future__ import annotations

import ast
from collections import Counter
from functools import lru_cache

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, definition, modules, sources, words_in
from gencode_graph.healing.python.imports import Import, imports_of
from gencode_graph.healing.python.source import Edit, edited, place, renamed, tree_of


def demand(name: str, module: str, patient: Patient) -> int:
    """Reads of a module's name: in the module itself, by imports, and as an attribute of the module."""
    files = patient.files
    own = modules(files).get(module)
    count = 0
    for path, text in sources(files).items():
        if name not in words_in(text):
            continue
        names, taken = reads(text)
        bound = {one.bound for one in imports_of(text) if _is(one, module, path, patient)}
        takes = sum(one.name == name and absolute(one.module, path, files) == module for one in imports_of(text))
        count += takes + names[name] * (path == own or takes > 0) + sum(taken[f"{one}.{name}"] for one in bound)
    return count


@lru_cache(maxsize=1024)
def reads(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often a module reads each name, and each attribute of a name, as ``name.attribute``."""
    names: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for node in ast.walk(tree_of(text) or ast.Module([], [])):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names[node.id] += 1
        elif isinstance(node, ast.Attribute) and (whole := _chain(node)):
            taken[whole] += 1
    return names, taken


def _chain(node: ast.expr) -> str:
    """``a.b.c`` of an attribute of an attribute of a name; empty for those of other things."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _is(one: Import, module: str, path: str, patient: Patient) -> bool:
    whole = absolute(one.module, path, patient.files)
    return module == (f"{whole}.{one.name}" if one.name else whole)


def redefined(text: str, old: str, new: str) -> str:
    """A module that calls what it defines at its top otherwise, everywhere."""
    node = definition(old, text)
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        start = text.index(old, place(text, node.lineno, node.col_offset))
        text = edited(text, [Edit(start, start + len(old), new)])
    return renamed(text, old, new)
