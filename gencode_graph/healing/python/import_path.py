"""An import of a module that is not there: the right one has the names, or is close and the only one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import PACKAGE, absolute, definers, dotted, modules, usage
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.imports import module_of, moved, statements
from gencode_graph.healing.python.libraries import known_modules, names_in, names_of
from gencode_graph.healing.python.source import edited, over, renamed, tree_of
from gencode_graph.types import Finding

NO_MODULE = re.compile(r"there is no module (\S+)|No module named '([\w.]+)'|^(\S+) is not declared in ")


def import_path(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the import taken from the module that has what it names."""
    path, said = finding.path or "", NO_MODULE.search(finding.message)
    if said is None or path not in patient.files or not patient.treatable(path):
        return {}
    wrong = next(filter(None, said.groups()))
    for node in statements(patient.files[path]):
        if isinstance(node, ast.ImportFrom) and _leads(module_of(node), wrong):
            if right := _module_with(node, path, patient):
                return {path: moved(patient.files[path], node, {alias.name for alias in node.names}, right)}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _leads(alias.name, wrong) and (right := _close(alias.name, patient)):
                    return {path: _other_module(patient.files[path], alias, right)}
    return {}


def _leads(module: str, wrong: str) -> bool:
    return module == wrong or module.startswith(f"{wrong}.")


def _module_with(node: ast.ImportFrom, path: str, patient: Patient) -> str | None:
    """The only module that has all the names; of several, the one that others take them from, or the closest."""
    files = patient.files
    names, wrong = {alias.name for alias in node.names}, absolute(module_of(node), path, files)
    used = {absolute(one.module, other, files) for other, one in usage(files, but=path) if one.name in names}
    able = _able(names, path, patient) - {wrong}
    able -= set() if path.endswith(PACKAGE) else {dotted(path, files)}
    library = {module for module in known_modules(files) if names <= (names_in(module) or frozenset())}
    tails = {module for module in able if module.endswith(f".{wrong}")}
    if len(tails) == 1:
        return tails.pop()
    for group in (able, library):
        near = closest(wrong, group)
        if path.endswith(PACKAGE) and dotted(path, files) in group:
            return dotted(path, files)  # its own modules
        if near is not None or len(group) == 1:
            return near or group.pop()
        if len(group & used) == 1:
            return (group & used).pop()
        themselves = set.intersection(group, *(set(definers(name, files)) for name in names))
        if len(themselves) == 1:
            return themselves.pop()
    near = _close(wrong, patient) if not able | library else None
    return near if near and names <= (names_in(near) or names) else None


def _able(names: set[str], path: str, patient: Patient) -> set[str]:
    """Own modules that define all the names, and own packages that have them, as modules or from their modules."""
    own, files = modules(patient.files), patient.files
    able = set.intersection(*(set(definers(name, files)) for name in names))
    for package in {package for module in own for package in _packages(module)}:
        listed = own.get(package)
        has = names_of(package, path, files) if listed else None
        if names <= (
            (has or frozenset()) | {m.removeprefix(f"{package}.") for m in own if m.startswith(f"{package}.")}
        ):
            able.add(package)
    return able


def _packages(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _close(wrong: str, patient: Patient) -> str | None:
    """The module with the closest name, of the app's own or of libraries that are in use."""
    own = modules(patient.files)
    packages = {package for module in own for package in _packages(module)}
    return closest(wrong, own.keys() | packages) or closest(wrong, known_modules(patient.files))


def _other_module(text: str, alias: ast.alias, right: str) -> str:
    """``import wrong`` as ``import right``, with all that is taken of it."""
    if alias.asname or "." in alias.name:
        new = f"{right} as {alias.asname}" if alias.asname else right
        tree = tree_of(text)
        edits = [over(text, alias, new)]
        for node in ast.walk(tree) if tree is not None and not alias.asname else ():
            if isinstance(node, ast.Attribute) and ast.unparse(node) == alias.name:
                edits.append(over(text, node, right))
        return edited(text, edits)
    return edited(renamed(text, alias.name, right), [])
