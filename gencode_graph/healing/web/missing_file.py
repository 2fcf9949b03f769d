"""An own file that is imported and no longer there: as it was when the app last passed."""

from __future__ import annotations

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.importing import imports_of
from gencode_graph.healing.web.source import Repair
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, kind_of
from gencode_graph.validation.script_imports import target_of


def missing_file(finding: Finding, patient: Patient) -> Repair:
    """The file that an import leads to in the app that passed."""
    path = finding.path or ""
    if finding.rule not in ("imports/unresolved", "tsc/TS2307", "tsc/TS2882") or path not in patient.files:
        return {}
    before = {**patient.green, **patient.files}
    for one in imports_of(kind_of(path), patient.files[path]) if kind_of(path) in SCRIPTS else ():
        place = target_of(path, one.source, before)
        if one.source in finding.message and place is not None and place not in patient.files:
            return {place: patient.green[place]} if patient.treatable(place) else {}
    return {}
