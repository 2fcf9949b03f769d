"""What ruff says against a file, and can put right itself."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.ruff import fixed, tidied
from gencode_graph.types import Finding

_CODE = re.compile(r"ruff/([A-Z]+\d+)")
_LAYOUT = ("E1", "E2", "E3", "E5", "W", "I0")


def lint(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with the one rule applied; where that is not enough, also by fixes that ruff is not sure of."""
    said, path = _CODE.fullmatch(finding.rule), finding.path or ""
    if said is None or path not in patient.files or not patient.treatable(path):
        return {}
    text = patient.files[path]
    if said[1].startswith(_LAYOUT):
        return {path: tidied(text, path, patient.files)}
    safe = fixed(text, [said[1]], path, patient.files)
    new = safe if safe != text else fixed(text, [said[1]], path, patient.files, unsafe=True)
    return {path: tidied(new, path, patient.files)} if new != text else {}
