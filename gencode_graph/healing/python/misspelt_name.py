"""A name that nothing defines and that is close to one in sight."""

from __future__ import annotations

import ast

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import defined, definition, dotted, modules, sources, usage, words_in
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.demand import demand, redefined
from gencode_graph.healing.python.imports import Import, with_import
from gencode_graph.healing.python.libraries import known_modules, library_import, names_in
from gencode_graph.healing.python.missing_import import UNDEFINED
from gencode_graph.healing.python.scope import Scope, scope_at
from gencode_graph.healing.python.source import Edit, edited, over, place, tree_of
from gencode_graph.healing.python.uses import uses
from gencode_graph.types import Finding


def misspelt_name(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the name as it is bound; where it is bound misspelt and used right, the binding is changed."""
    said, path = UNDEFINED.search(finding.message), finding.path or ""
    tree = tree_of(patient.files.get(path, ""))
    if said is None or tree is None or not patient.treatable(path):
        return {}
    name, text = said[1], patient.files[path]
    scope = scope_at(tree, finding.line or _first(tree, name))
    meant = closest(name, scope.names, idle=scope.idle)
    if meant is None:
        return _from_elsewhere(name, path, patient)
    here = dotted(path, patient.files)
    defines = meant in scope.outer - scope.local and definition(meant, text) is not None
    if defines and demand(name, here, patient) > demand(meant, here, patient):
        return {path: redefined(text, meant, name)}
    local = meant in scope.local - scope.parameters and _common(name, patient) >= _common(meant, patient)
    if meant in scope.idle and (local or _expected(name, meant, scope)):
        return {path: edited(text, _bindings(text, scope, meant, name))}
    return {path: edited(text, [over(text, node, meant) for node in _reads(scope.within, name)])}


def _common(name: str, patient: Patient) -> int:
    """In how many files a word stands."""
    return sum(name in words_in(text) for text in sources(patient.files).values())


def _first(tree: ast.Module, name: str) -> int:
    return next((node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name), 1)


def _reads(within: ast.AST, name: str) -> list[ast.Name]:
    return [node for node in ast.walk(within) if isinstance(node, ast.Name) and node.id == name]


def _expected(name: str, parameter: str, scope: Scope) -> bool:
    """Whether others know a parameter by the name in use: the path of a route has it in braces."""
    if parameter not in scope.parameters:
        return False
    texts = [node.value for node in ast.walk(scope.within) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and f"{{{name}}}" in text for text in texts)


def _bindings(text: str, scope: Scope, name: str, new: str) -> list[Edit]:
    """Edits of each place of a scope that binds a name."""
    found = [over(text, node, new) for node in _reads(scope.within, name)]
    for node in ast.walk(scope.within):
        if isinstance(node, ast.arg) and node.arg == name:
            start = place(text, node.lineno, node.col_offset)
            found.append(Edit(start, start + len(name), new))
        elif isinstance(node, ast.ExceptHandler) and node.name == name:
            return []
    return found


def _from_elsewhere(name: str, path: str, patient: Patient) -> dict[str, str | None]:
    """The name and its import, where it is close to one that only other modules have: a class, or a longer one."""
    here = dotted(path, patient.files)
    known: dict[str, set[str]] = {}
    for module, other in modules(patient.files).items():
        for one in defined(patient.files[other]) if module != here else ():
            known.setdefault(one, set()).add(module)
    imported = {(one.module, one.name) for _, one in usage(patient.files, but=path) if one.name == one.bound}
    for module, taken in imported:
        if taken is not None and module not in modules(patient.files) and not module.startswith("."):
            known.setdefault(taken, set()).add(module)
    meant = closest(name, [one for one in known if len(one) > 5 or one[:1].isupper()])
    text, tree = patient.files[path], tree_of(patient.files[path])
    reads = _reads(tree, name) if tree is not None else []
    if meant is None:
        return _of_library(name, path, patient, reads)
    if len(known[meant]) > 1:
        return {}
    changed = edited(text, [over(text, node, meant) for node in reads])
    return {path: with_import(changed, Import(known[meant].pop(), meant, meant))}


def _of_library(name: str, path: str, patient: Patient, reads: list[ast.Name]) -> dict[str, str | None]:
    """The name, and its import, of what libraries usually give; only long ones, as their names are many."""
    usual = {one for module in known_modules({}) for one in names_in(module) or () if len(one) > 5}
    meant = closest(name, usual) if len(name) > 5 else None
    if meant is None:
        return {}
    text = patient.files[path]
    changed = edited(text, [over(text, node, meant) for node in reads])
    new = library_import(meant, uses(meant, changed))
    return {path: with_import(changed, new)} if new is not None else {}
