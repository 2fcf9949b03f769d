"""Circles of imports: modules that need each other before either is there; one of the imports moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import PACKAGE, absolute, modules
from gencode_graph.healing.python.imports import imports_of, module_of, without
from gencode_graph.healing.python.scope import FUNCTIONS
from gencode_graph.healing.python.source import Edit, edited, place, span, tree_of
from gencode_graph.types import Finding

CIRCLE = "imports go in a circle"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One module that another one imports at its top."""

    path: str
    node: ast.ImportFrom | ast.Import
    of: str
    """File of the module that is needed."""


def needs(files: Mapping[str, str]) -> dict[str, list[Need]]:
    """What each own module needs before it is there."""
    own = modules(files)
    found: dict[str, list[Need]] = {}
    for path in own.values():
        tree = tree_of(files[path])
        for node in tree.body if tree is not None else ():
            for target in dict.fromkeys(_targets(node, path, files, own)):
                if target != path:
                    found.setdefault(path, []).append(Need(path=path, node=node, of=target))  # type: ignore[arg-type]
    return found


def _targets(node: ast.stmt, path: str, files: Mapping[str, str], own: Mapping[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (own[alias.name] for alias in node.names if alias.name in own)
    elif isinstance(node, ast.ImportFrom):
        module = absolute(module_of(node), path, files)
        for alias in node.names:
            inner = f"{module}.{alias.name}"
            target = own.get(inner) or own.get(module)
            if target is not None:
                yield target


def circles(files: Mapping[str, str]) -> list[list[Need]]:
    """Circles, each as the imports that make it; those through a package's own list of modules left out."""
    graph = needs(files)
    found: dict[frozenset[str], list[Need]] = {}

    def walk(path: str, way: list[Need]) -> None:
        for need in graph.get(path, ()):
            on_way = [one.path for one in way]
            if need.of in on_way:
                circle = [*way[on_way.index(need.of) :], need]
                found.setdefault(frozenset(one.path for one in circle), circle)
            elif need.of not in seen:
                walk(need.of, [*way, need]) if need.of != path else None
        seen.add(path)

    seen: set[str] = set()
    for path in sorted(graph):
        walk(path, [])
    return [found[key] for key in sorted(found, key=sorted)]


def circle_findings(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each circle, at the import that is the easiest to move."""
    found = []
    for circle in circles(files):
        way = " -> ".join([*(need.path for need in circle), circle[0].path])
        found.append(Finding(rule="python/circle", message=f"{CIRCLE}: {way}", path=circle[0].path))
    return found


def circular_import(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The import of a circle that goes against the grain: away where nothing uses it, else where it is used."""
    if CIRCLE not in finding.message and "circular import" not in finding.message:
        return {}
    for circle in circles(patient.files):
        ranked = sorted(circle, key=lambda need: _rank(need, patient))
        for need in ranked:
            if patient.treatable(need.path):
                new = _relieved(need, patient)
                if new is not None:
                    return {need.path: new}
    return {}


def _rank(need: Need, patient: Patient) -> tuple[int, int, int]:
    """Low for what is to move: new since green, not used, from a module that many others need."""
    text, green = patient.files[need.path], patient.green.get(need.path)
    new = green is not None and ast.unparse(need.node) not in {ast.unparse(one) for one in _tops(green)}
    users = sum(any(one.of == need.path for one in each) for each in needs(patient.files).values())
    theirs = sum(any(one.of == need.of for one in each) for each in needs(patient.files).values())
    return (0 if new else 1, 0 if not _used(need, text) else 1, theirs - users)


def _tops(text: str) -> list[ast.stmt]:
    tree = tree_of(text)
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)] if tree is not None else []


def _names(need: Need) -> set[str]:
    return {(alias.asname or alias.name).split(".")[0] for alias in need.node.names}


def _used(need: Need, text: str) -> bool:
    names = _names(need)
    tree = tree_of(text) or ast.Module([], [])
    if _for_effect(need, text):
        return True
    kept = any(isinstance(n, ast.Constant) and n.value in names for n in ast.walk(tree))
    kept = kept or _quoted(tree, names) or need.path.endswith(PACKAGE)
    return kept or any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(tree))


def _notes(tree: ast.Module) -> list[ast.expr]:
    """All annotations of a module."""
    found = (getattr(node, field, None) for node in ast.walk(tree) for field in ("annotation", "returns"))
    return [note for note in found if isinstance(note, ast.expr)]


def _quoted(tree: ast.Module, names: set[str]) -> bool:
    """Whether annotations name one of the names in quotes."""
    texts = (n.value for note in _notes(tree) for n in ast.walk(note) if isinstance(n, ast.Constant))
    return any(isinstance(text, str) and names & set(re.findall(r"\w+", text)) for text in texts)


def _for_effect(need: Need, text: str) -> bool:
    """Whether a module is imported for what it does: ``import app.models`` registers all tables."""
    line = text.splitlines()[need.node.lineno - 1]
    return isinstance(need.node, ast.Import) and ("noqa" in line or any("." in alias.name for alias in need.node.names))


def _relieved(need: Need, patient: Patient) -> str | None:
    """The module without the import, or with it in the functions that use it; None where it is needed at once."""
    text = patient.files[need.path]
    tree = tree_of(text)
    if tree is None:
        return None
    if not _used(need, text):
        return without(text, need.node, _names(need))
    effect = _for_effect(need, text) and not any(alias.asname for alias in need.node.names)
    users = [one for one in _functions(tree) if "metadata" in ast.unparse(one)] if effect else _users(tree, need)
    if effect and not users:
        return None
    if users is None:
        return _for_types(text, tree, need)
    line = text[span(text, need.node)[1] :].split("\n", 1)[0]
    comment = line if effect and "#" in line else "  # noqa: F401" if effect else ""
    edits = [_first_line(text, function, ast.unparse(need.node) + comment) for function in users]
    return without(edited(text, edits), need.node, _names(need))


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _users(tree: ast.Module, need: Need) -> list[ast.FunctionDef | ast.AsyncFunctionDef] | None:
    """The functions whose bodies use what is imported; None where anything else does."""
    names, users = _names(need), []
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and id(node) not in inside:
            body = [inner for part in node.body for inner in ast.walk(part)]
            if any(isinstance(inner, ast.Name) and inner.id in names for inner in body):
                users.append(node)
            inside |= {id(inner) for inner in body}
    outside = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in names and id(n) not in inside]
    return None if outside or not users or _quoted(tree, names) else users


def _first_line(text: str, function: ast.FunctionDef | ast.AsyncFunctionDef, statement: str) -> Edit:
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    first = function.body[1 if documented else 0]
    at = place(text, first.lineno, first.col_offset)
    return Edit(at, at, f"{statement}\n\n{' ' * first.col_offset}")


def _for_types(text: str, tree: ast.Module, need: Need) -> str | None:
    """The import where only type checkers see it, and its names in quotes, where they are nothing but annotations."""
    names, notes = _names(need), _notes(tree)
    noted = {id(inner) for note in notes for inner in ast.walk(note)}
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in names]
    routed = any(isinstance(n, FUNCTIONS) and getattr(n, "decorator_list", None) for n in ast.walk(tree))
    if not (uses or _quoted(tree, names)) or any(id(use) not in noted for use in uses) or routed:
        return None
    lazy = any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in tree.body)
    edits = []
    for note in notes if not lazy else ():
        if any(isinstance(inner, ast.Name) and inner.id in names for inner in ast.walk(note)):
            start, end = span(text, note)
            edits.append(Edit(start, end, repr(text[start:end]).replace("'", '"')))
    start, end = span(text, need.node)
    edits.append(Edit(start, end, f"if TYPE_CHECKING:\n    {ast.unparse(need.node)}"))
    new = edited(text, edits)
    if "TYPE_CHECKING" not in {one.bound for one in imports_of(text)}:
        new = edited(new, [Edit(start, start, "from typing import TYPE_CHECKING\n")])
    return new
