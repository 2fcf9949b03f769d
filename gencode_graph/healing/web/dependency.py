"""A package that is imported and not declared: as the lock or the apps' own manifest has it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.app import statements
from gencode_graph.healing.web.manifests import FIELDS, dependencies, document, package_of
from gencode_graph.healing.web.source import Repair
from gencode_graph.types import Finding

_UNDECLARED = re.compile(r"^(\S+) is not declared in (\S*package\.json)$")
_UNKNOWN = re.compile(r"^(\S+) is not among the packages")
_PINNED = Path(__file__).parents[2] / "templates/app/frontend_mock/frontend/package.json"


def dependency(finding: Finding, patient: Patient) -> Repair:
    """The manifest with the package, under its right name and with the version that is locked or pinned."""
    said = _UNDECLARED.search(finding.message)
    if said is None or finding.rule != "imports/undeclared" or said[2] not in patient.files:
        return {}
    name, path = said[1], said[2]
    found = document(patient.files[path])
    known = _known(name, path, patient)
    if known is None or not found or name in dependencies(patient.files[path]) or not patient.treatable(path):
        return {}
    field, right = known
    new = {key: dict(value) if key in FIELDS and isinstance(value, dict) else value for key, value in found.items()}
    strange = _strange(path, patient)
    for some in FIELDS:
        if isinstance(new.get(some), dict):
            new[some] = {one: version for one, version in new[some].items() if one not in strange}
    new.setdefault(field, {})
    new[field] = dict(sorted({**new[field], name: right}.items()))
    return {path: json.dumps(new, indent=2, ensure_ascii=False) + "\n"}


def _known(name: str, path: str, patient: Patient) -> tuple[str, str] | None:
    """Where a package belongs and in which version, by the lock, by what passed before, by what all apps have."""
    lock = patient.files.get(path.replace("package.json", "package-lock.json"), "")
    root = document(lock).get("packages", {}).get("", {})
    for known in (root, document(patient.green.get(path, "")), pinned()):
        for field in FIELDS:
            if name in (known.get(field) or {}):
                return field, str(known[field][name])
    return None


def _strange(path: str, patient: Patient) -> set[str]:
    """Declared packages that neither the lock nor any import knows."""
    lock = patient.files.get(path.replace("package.json", "package-lock.json"), "")
    locked = document(lock).get("packages", {})
    if not locked:
        return set()
    used = {package_of(one.source) for _, one in statements(patient.files)}
    return {n for n in dependencies(patient.files[path]) if f"node_modules/{n}" not in locked and n not in used}


def unvouched(finding: Finding, patient: Patient) -> Repair:
    """The manifest without a package that nobody vouches for, that is not locked and that nothing imports."""
    path, said = finding.path or "", _UNKNOWN.search(finding.message)
    if said is None or finding.rule != "dependencies/unknown" or not path.endswith("package.json"):
        return {}
    if said[1] not in _strange(path, patient) or not patient.treatable(path):
        return {}
    found = document(patient.files[path])
    new = {
        key: {one: version for one, version in value.items() if one != said[1]}
        if key in FIELDS and isinstance(value, dict)
        else value
        for key, value in found.items()
    }
    return {path: json.dumps(new, indent=2, ensure_ascii=False) + "\n"}


@cache
def pinned() -> dict[str, dict[str, str]]:
    """The dependencies that every app is generated with."""
    found: dict[str, dict[str, str]] = json.loads(_PINNED.read_text(encoding="utf-8"))
    return {field: found[field] for field in FIELDS}
