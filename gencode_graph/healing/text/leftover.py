"""What is left of a fence: the name of a language on a line of its own, where a file begins or ends."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding

_SAID = re.compile(r"(?:[Uu]ndefined name|Cannot find name) [`'](\w+)[`']")
_LANGUAGES = frozenset({
    "py", "python", "python3", "ts", "tsx", "typescript", "js", "jsx", "javascript", "css", "json", "yaml", "html",
    "bash", "sh", "shell", "text", "diff", "code",
})  # fmt: skip


def leftover(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file without that line."""
    said, path = _SAID.search(finding.message), finding.path or ""
    if said is None or said[1].lower() not in _LANGUAGES or not patient.treatable(path):
        return {}
    lines = patient.files.get(path, "").split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    for number in (*written[:1], *written[-1:]):
        if lines[number].strip(" ;`") == said[1]:
            rest = [*lines[:number], *lines[number + 1 :]]
            return {path: "\n".join(rest).lstrip("\n")}
    return {}
