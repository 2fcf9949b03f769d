"""A table that is not there: its module is not imported with the others, or nothing makes the tables at the start."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import PACKAGE, absolute, called, dotted, modules
from gencode_graph.healing.python.imports import Import, imports_of, with_import
from gencode_graph.healing.python.source import Edit, edited, place, span, tree_of
from gencode_graph.types import Finding

_MISSING = re.compile(r"no such table: (?:\w+\.)?(\w+)|relation \"(?:\w+\.)?(\w+)\" does not exist")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def table(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The package that imports the table's module, or the app that makes its tables when it starts."""
    said = _MISSING.search(finding.message)
    if said is None:
        return {}
    for path, node in _classes(said[1] or said[2], patient):
        package = posixpath.join(posixpath.dirname(path), PACKAGE)
        text = patient.files.get(package, "")
        mine = dotted(path, patient.files)
        taken = {absolute(one.module, package, patient.files) for one in imports_of(text)}
        if package in patient.files and patient.treatable(package) and taken and mine not in taken:
            return {package: _listed(with_import(text, Import(mine, node.name, node.name)), node.name)}
    return _made(patient)


def _classes(name: str, patient: Patient) -> Iterator[tuple[str, ast.ClassDef]]:
    """The classes of a table."""
    for path in modules(patient.files).values():
        for node in (tree_of(patient.files[path]) or ast.Module([], [])).body:
            for one in node.body if isinstance(node, ast.ClassDef) else ():
                named = isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "__tablename__"
                if named and isinstance(one, ast.Assign) and getattr(one.value, "value", None) == name:
                    yield path, node  # type: ignore[misc]


def _listed(text: str, name: str) -> str:
    """A module that also says a name in ``__all__``, where it has such a list."""
    for node in (tree_of(text) or ast.Module([], [])).body:
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "__all__"
            and isinstance(node.value, ast.List)
        ):
            names = sorted({str(getattr(one, "value", "")) for one in node.value.elts} | {name})
            start, end = span(text, node.value)
            inner = "".join(f'\n    "{one}",' for one in names)
            return edited(text, [Edit(start, end, f"[{inner}\n]")])
    return text


def _made(patient: Patient) -> dict[str, str | None]:
    """The app with a call, as it starts, of its function that makes all tables, where nothing calls that."""
    makers = [
        (path, node)
        for path in modules(patient.files).values()
        for node in (tree_of(patient.files[path]) or ast.Module([], [])).body
        if isinstance(node, ast.FunctionDef) and "metadata.create_all(" in ast.unparse(node)
    ]
    if len(makers) != 1 or (makers[0][1].args.args and len(makers[0][1].args.defaults) < len(makers[0][1].args.args)):
        return {}
    where, maker = makers[0]
    call = re.compile(rf"\b{maker.name}\(")
    own = [text for path in modules(patient.files).values() if (text := patient.files[path])]
    if sum(len(call.findall(text)) for text in own) > 1 or len(called(maker.name, patient.files)) != 1:
        return {}
    for path in modules(patient.files).values():
        text = patient.files[path]
        if "FastAPI(" not in text or not patient.treatable(path):
            continue
        at = _start(text)
        if at is not None:
            new = edited(text, [Edit(at[0], at[0], f"{maker.name}()\n{' ' * at[1]}")])
            return {path: with_import(new, Import(dotted(where, patient.files), maker.name, maker.name))}
    return {}


def _start(text: str) -> tuple[int, int] | None:
    """Where an app's start begins: the first statement of its lifespan."""
    for node in (tree_of(text) or ast.Module([], [])).body:
        contexts = getattr(node, "decorator_list", [])
        if isinstance(node, ast.AsyncFunctionDef) and any("asynccontextmanager" in ast.unparse(c) for c in contexts):
            first = node.body[1 if ast.get_docstring(node) is not None and len(node.body) > 1 else 0]
            return place(text, first.lineno, first.col_offset), first.col_offset
    return None
