"""A variable of a style sheet, or of the environment, that is misspelt: as it is defined."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding

_SAID = re.compile(r"^([\w-]+) is defined nowhere; did you mean ([\w-]+)\?")


def variable(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with each use of the variable by its right name."""
    said, path = _SAID.search(finding.message), finding.path or ""
    if said is None or finding.rule not in ("css/variable", "env/variable") or not patient.treatable(path):
        return {}
    text = patient.files.get(path, "")
    new = re.sub(rf"(?<![\w-]){re.escape(said[1])}(?![\w-])", said[2], text)
    return {path: new} if new != text else {}
