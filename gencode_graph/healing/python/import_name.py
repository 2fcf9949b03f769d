"""An import of a name that its module does not have: another module has it, or it is misspelt on one of the sides."""

from __future__ import annotations

import ast
import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, defined, definers, modules, usage
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.demand import demand, redefined
from gencode_graph.healing.python.imports import module_of, moved, statements
from gencode_graph.healing.python.libraries import known_modules, names_in, names_of
from gencode_graph.healing.python.source import renamed
from gencode_graph.types import Finding

NO_NAME = re.compile(r"does not define (\w+)|cannot import name '(\w+)' from ")


def import_name(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The import from the module that has the name, or of the name that was meant; or the name where it is defined."""
    path, said = finding.path or "", NO_NAME.search(finding.message)
    if said is None or path not in patient.files or "partially initialized" in finding.message:
        return {}
    name, text = said[1] or said[2], patient.files[path]
    for node in statements(text):
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            module = absolute(module_of(node), path, patient.files)
            has = names_of(module, path, patient.files)
            if has is None and "cannot import name" in finding.message:
                return _elsewhere(name, module, node, path, patient)
            if has is not None and name not in has:
                return (
                    _misspelt(name, module, _idle(module, has, patient), path, patient)
                    or _elsewhere(name, module, node, path, patient)
                    or _misspelt(name, module, has, path, patient)
                )
    return {}


def _idle(module: str, has: frozenset[str], patient: Patient) -> frozenset[str]:
    """What an own module has and nothing asks for; of another module, nothing."""
    if module not in modules(patient.files):
        return frozenset()
    return frozenset(one for one in has if not demand(one, module, patient))


def _elsewhere(name: str, module: str, node: ast.ImportFrom, path: str, patient: Patient) -> dict[str, str | None]:
    """The import taken from the only other module that has the very name."""
    files = patient.files
    places = set(definers(name, files)) - {module}
    places |= {m.rpartition(".")[0] for m in modules(files) if m.rpartition(".")[2] == name and "." in m} - {module}
    if not places:
        places = {one for one in known_modules(files) if name in (names_in(one) or ())}
        same = {one for one in places if one.partition(".")[0] == module.partition(".")[0]}
        places = same or places
    if len(places) > 1:
        used = {absolute(one.module, other, files) for other, one in usage(files, but=path) if one.name == name}
        places = places & used if len(places & used) == 1 else {near} if (near := closest(module, places)) else set()
    if len(places) != 1 or not patient.treatable(path):
        return {}
    return {path: moved(files[path], node, {name}, places.pop())}


def _misspelt(name: str, module: str, has: frozenset[str], path: str, patient: Patient) -> dict[str, str | None]:
    """The name as the module has it; where nobody uses that one, the module is what is changed."""
    own = modules(patient.files).get(module)
    meant = closest(name, has, idle=_idle(module, has, patient))
    if meant is None:
        return {}
    defines = own is not None and meant in defined(patient.files[own])
    if own and defines and patient.treatable(own) and demand(name, module, patient) > demand(meant, module, patient):
        return {own: redefined(patient.files[own], meant, name)}
    return {path: renamed(patient.files[path], name, meant)} if patient.treatable(path) else {}
