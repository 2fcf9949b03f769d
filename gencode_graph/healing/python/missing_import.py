"""A name that is used and never bound, and that something defines: it is imported."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import absolute, definers, dotted, ways
from gencode_graph.healing.python.imports import Import, imports_of, with_import
from gencode_graph.healing.python.libraries import library_imports
from gencode_graph.types import Finding

UNDEFINED = re.compile(r"(?:undefined name|Undefined name|name) [`'](\w+)[`']")


def missing_import(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the import: as it had it when it was green, as its neighbours have it, from where it is defined."""
    said = UNDEFINED.search(finding.message)
    path = finding.path or ""
    if said is None or path not in patient.files or not patient.treatable(path):
        return {}
    new = _origin(said[1], path, patient)
    return {path: with_import(patient.files[path], new)} if new is not None else {}


def _origin(name: str, path: str, patient: Patient) -> Import | None:
    files = patient.files
    before = [one for one in imports_of(patient.green.get(path, "")) if one.bound == name]
    if len(set(before)) == 1:
        return before[0]
    here = dotted(path, files)
    known = {**ways(name, path, files)}
    for module in definers(name, files):
        if module != here:
            known.setdefault(Import(module, name, name), 0)
    known = {one: votes for one, votes in known.items() if absolute(one.module, path, files) != here}
    if not known:
        return library_imports(name, patient.files[path], files)
    ranked = sorted(known, key=lambda one: (-known[one], one))
    taken = {one.module for one in imports_of(files[path])}
    best = [one for one in ranked if known[one] == known[ranked[0]]]
    fitting = [one for one in best if one.module in taken] if len(best) > 1 else best
    return fitting[0] if len(fitting) == 1 else None
