"""An import of a module that is not there, or of a name that it does not have: the right one is unique, or close."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, definers, modules, usage
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.imports import module_of, moved
from gencode_graph.healing.python.source import edited, over, tree_of
from gencode_graph.types import Finding

NO_MODULE = re.compile(r"there is no module (\S+)|No module named '([\w.]+)'")
NO_NAME = re.compile(r"(\S+) does not define (\w+)|cannot import name '(\w+)' from '([\w.]+)'")


def import_path(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the import taken from the module that has what it names."""
    path = finding.path or ""
    said = NO_MODULE.search(finding.message)
    if said is None or path not in patient.files or not patient.treatable(path):
        return {}
    wrong = said[1] or said[2]
    text = patient.files[path]
    for node in _statements(text):
        if isinstance(node, ast.ImportFrom) and module_of(node) == wrong:
            names = {alias.name for alias in node.names}
            if right := _module_with(names, wrong, path, patient):
                return {path: moved(text, node, names, right)}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                right = closest(alias.name, modules(patient.files)) if alias.name == wrong else None
                if right is not None:
                    as_before = f" as {alias.asname}" if alias.asname else ""
                    return {path: edited(text, [over(text, alias, right + as_before)])}
    return {}


def _statements(text: str) -> Iterator[ast.Import | ast.ImportFrom]:
    tree = tree_of(text)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _module_with(names: set[str], wrong: str, path: str, patient: Patient) -> str | None:
    """The only own module that defines all the names; of several, the one with the closest name."""
    files = patient.files
    own = modules(files)
    defining = [set(definers(name, files)) for name in names]
    inside = {m.rpartition(".")[0] for m in own}
    able = set.intersection(*defining) | {
        package for package in inside if package and all(f"{package}.{name}" in own for name in names)
    }
    able.discard(absolute(wrong, path, files))
    used = {absolute(one.module, other, files) for other, one in usage(files, but=path) if one.name in names}
    if len(able) > 1 and len(able & used) == 1:
        able &= used
    if len(able) == 1:
        return able.pop()
    return closest(absolute(wrong, path, files), able or (own.keys() | inside if len(names) == 0 else ()))


def import_name(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The import with the name as its module has it, or from the module that has the name."""
    path = finding.path or ""
    said = NO_NAME.search(finding.message)
    if said is None or path not in patient.files:
        return {}
    name, files = said[2] or said[3], patient.files
    text = files[path]
    for node in _statements(text):
        if not isinstance(node, ast.ImportFrom) or name not in {alias.name for alias in node.names}:
            continue
        module = absolute(module_of(node), path, files)
        places = [one for one in definers(name, files) if one != module]
        if len(places) == 1 and patient.treatable(path):
            return {path: moved(text, node, {name}, places[0])}
    return {}
