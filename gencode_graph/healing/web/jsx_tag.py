"""An element whose two tags are not called alike: by the one that is known, else as it was opened."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.bindings import names
from gencode_graph.healing.web.source import Repair, edited, line_of, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.scripts import source_of, walk

_SAID = re.compile(
    r"Expected corresponding (?:JSX )?closing tag for '([\w.]+)'|JSX element '([\w.]+)' has no corresponding"
)


def jsx_tag(finding: Finding, patient: Patient) -> Repair:
    """The script with both tags called alike."""
    at = script(finding, patient)
    said = _SAID.search(finding.message)
    if at is None or not (said or finding.rule in ("biome/parse", "vite/failed")):
        return {}
    path, kind, text = at
    bound, _ = names(kind, text)
    for node in walk(root_of(kind, text)):
        if node.type != "jsx_element" or node.child_by_field_name("close_tag") is None:
            continue
        opened, closed = node.child_by_field_name("open_tag"), node.child_by_field_name("close_tag")
        first = opened.child_by_field_name("name") if opened is not None else None
        last = closed.child_by_field_name("name") if closed is not None else None
        if first is None or last is None or source_of(first) == source_of(last):
            continue
        if said is not None and finding.line not in (line_of(first), line_of(last)):
            continue
        unknown = source_of(first)[:1].isupper() and source_of(first).split(".")[0] not in bound
        wrong, right = (first, last) if unknown and source_of(last).split(".")[0] in bound else (last, first)
        return repaired(patient, path, edited(text, [over(wrong, source_of(right))]))
    return {}
