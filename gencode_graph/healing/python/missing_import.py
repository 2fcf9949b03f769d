"""A name that is used and never bound, and that something defines: it is imported."""

from __future__ import annotations

import ast
import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import (
    PACKAGE,
    absolute,
    defined,
    definers,
    definition,
    dotted,
    modules,
    usage,
    ways,
)
from gencode_graph.healing.python.closeness import closest, distance
from gencode_graph.healing.python.imports import Import, imports_of, module_of, statements, with_import
from gencode_graph.healing.python.libraries import known_modules, library_import, names_of
from gencode_graph.healing.python.scope import scope_at
from gencode_graph.healing.python.source import edited, over, tree_of
from gencode_graph.healing.python.uses import Uses, uses
from gencode_graph.types import Finding

SLIPS = 3
"""In the name of an import that leads nowhere."""
TAKEN = 50
"""Votes for a module that the file takes other names from."""
UNDEFINED = re.compile(r"(?:undefined name|Undefined name|NameError: name|^name) [`'](\w+)[`']")


def missing_import(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the import: as it had it when it was green, as its neighbours have it, from where it is defined."""
    said, path = UNDEFINED.search(finding.message), finding.path or ""
    if said is None or path not in patient.files or not patient.treatable(path):
        return {}
    tree = tree_of(patient.files[path])
    own = scope_at(tree, finding.line or 1) if tree is not None else None
    if own is None or closest(said[1], own.idle & defined(patient.files[path])):
        return {}  # it is defined here, under a name that nothing asks for
    new = _origin(said[1], path, patient)
    return {path: _corrected(new, path, patient) or with_import(patient.files[path], new)} if new is not None else {}


def _corrected(new: Import, path: str, patient: Patient) -> str | None:
    """The module with an import of a close name from the same place put right, where that one leads nowhere."""
    text = patient.files[path]
    for node in statements(text):
        for alias in node.names:
            if isinstance(node, ast.Import) and new.name is None and distance(alias.name, new.module) <= SLIPS:
                if alias.name not in known_modules({}) and alias.name not in modules(patient.files):
                    return edited(text, [over(text, alias, new.module)])
            elif isinstance(node, ast.ImportFrom) and new.name and distance(alias.name, new.name) <= SLIPS:
                has = names_of(module_of(node), path, patient.files)
                if has is not None and module_of(node) == new.module and alias.name not in has:
                    return edited(text, [over(text, alias, _named(new))])
    return None


def _named(new: Import) -> str:
    return new.bound if new.name == new.bound else f"{new.name} as {new.bound}"


def _origin(name: str, path: str, patient: Patient) -> Import | None:
    files = patient.files
    before = {one for one in imports_of(patient.green.get(path, "")) if one.bound == name}
    if len(before) == 1:
        return before.pop()
    here, used = dotted(path, files), uses(name, files[path])
    known = dict(ways(name, path, files))
    for module in definers(name, files):
        known.setdefault(Import(module, name, name), 0)
    for package, _, last in (module.rpartition(".") for module in modules(files)):
        if last == name and package:
            known.setdefault(Import(package, name, name), 1 if path == modules(files).get(package) else 0)
    for module in {one.module for one in imports_of(files[path])}:
        there = modules(files).get(absolute(module, path, files), "")
        has = names_of(module, path, files) if there.endswith(PACKAGE) else defined(files.get(there, ""))
        if name in (has or ()):
            known[Import(module, name, name)] = known.get(Import(module, name, name), 0) + TAKEN
    mine = "" if path.endswith(PACKAGE) else here
    known = {one: n for one, n in known.items() if one.module != mine and _fits(one, used, path, patient)}
    if len(known) > 1:
        known = {one: n for one, n in known.items() if _alike(one, used, path, patient)} or known
    if not known:
        return library_import(name, used)
    return _best(known, files[path])


def _best(known: dict[Import, int], text: str) -> Import | None:
    """The one that most neighbours have; among equals, one of a module that the file takes from already."""
    most = max(known.values())
    taken = {one.module for one in imports_of(text)}
    best = [one for one, votes in known.items() if votes == most]
    if len(best) > 1:
        best = [one for one in best if one.module in taken]
    return best[0] if len(best) == 1 else None


def _alike(one: Import, used: Uses, path: str, patient: Patient) -> bool:
    """Whether other files that import something do with it what this one does with the name."""
    others = {other for other, it in usage(patient.files, but=path) if it == one}
    theirs = [uses(one.bound, patient.files[other]) for other in others]
    return not theirs or any(it.unpacked == used.unpacked and it.called == used.called for it in theirs)


def _fits(one: Import, used: Uses, path: str, patient: Patient) -> bool:
    """Whether what an import brings can be what the file uses it for."""
    module = modules(patient.files).get(absolute(one.module, path, patient.files))
    if module is None or one.name is None:
        return True
    node = definition(one.name, patient.files[module])
    return node is None or used.fit(node)
