"""A written-out value of the wrong type: one close to those that fit, or the same one in the type that is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.source import Edit, Repair, edited, line_of, over, repaired, root_of, script
from gencode_graph.healing.web.synonyms import meant
from gencode_graph.healing.web.values import MISFIT, taken_on
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPARED = re.compile(r"because the types '(.+?)' and '(.+?)' have no overlap")
_CASE = re.compile(r"^Type '(\"[^\"]*\")' is not comparable to type '(.+?)'\.(?=\s|$)")
_MEANT = re.compile(r"Did you mean '\"([^\"]+)\"'\?")
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_RULES = frozenset(f"tsc/TS{code}" for code in (2322, 2345, 2820, 2367, 2678, 2769, 2352))


def literal(finding: Finding, patient: Patient) -> Repair:
    """The script with the value that fits; nothing where more than one on the line could be meant."""
    at = script(finding, patient)
    if at is None or finding.rule not in _RULES:
        return {}
    path, kind, text = at
    for pattern in (MISFIT, _CASE, _COMPARED):
        for said in reversed(list(pattern.finditer(finding.message))):
            pairs = [(said[1], said[2]), (said[2], said[1])] if pattern is _COMPARED else [(said[1], said[2])]
            for given, wanted in pairs:
                edit = _edit(kind, text, finding, given, wanted, patient.files)
                if edit is not None:
                    return repaired(patient, path, edited(text, [edit]))
    return {}


def _edit(kind: Kind, text: str, finding: Finding, given: str, wanted: str, files: Mapping[str, str]) -> Edit | None:
    on_line = [node for node in walk(root_of(kind, text)) if line_of(node) == finding.line]
    if (written := _TEXT.fullmatch(given)) is not None:
        nodes = [node for node in on_line if node.type == "string" and source_of(node)[1:-1] == written[1]]
        nodes = nodes or _near(kind, text, written[1], finding.line)
        said = _MEANT.search(finding.message)
        right = said[1] if said is not None else meant(written[1], sorted(_options(wanted, files)))
        if len(nodes) == 1 and right is not None:
            return over(nodes[0], f"{source_of(nodes[0])[0]}{right}{source_of(nodes[0])[0]}")
        given = "string"
    on_line = taken_on(kind, text, finding, arguments=finding.rule == "tsc/TS2345") or on_line
    kinds = {one.strip() for one in wanted.split("|")} - {"undefined", "null"}
    if given == "string" and kinds <= {"number"}:
        return _only([n for n in on_line if n.type == "string" and re.fullmatch(r"-?\d+(\.\d+)?", source_of(n)[1:-1])])
    if given == "string" and kinds <= {"boolean", "true", "false"}:
        return _only([n for n in on_line if n.type == "string" and source_of(n)[1:-1] in ("true", "false")])
    if (given == "number" or re.fullmatch(r"-?\d+(\.\d+)?", given)) and kinds == {"string"}:
        return _quoted([node for node in on_line if node.type == "number"])
    if given in ("boolean", "true", "false") and kinds == {"string"}:
        return _quoted([node for node in on_line if node.type in ("true", "false")])
    return None


def _near(kind: Kind, text: str, value: str, line: int | None) -> list[Node]:
    """The strings of a value in what starts on a line."""
    return [
        node
        for node in walk(root_of(kind, text))
        if node.type == "string" and source_of(node)[1:-1] == value and 0 <= line_of(node) - (line or 0) < 12
    ]


def _only(nodes: list[Node]) -> Edit | None:
    """The text of the only string as a value of its own."""
    if len(nodes) != 1:
        return None
    value = source_of(nodes[0])[1:-1]
    attribute = nodes[0].parent is not None and nodes[0].parent.type == "jsx_attribute"
    return over(nodes[0], f"{{{value}}}" if attribute else value)


def _quoted(nodes: list[Node]) -> Edit | None:
    """The only value as text."""
    if len(nodes) != 1:
        return None
    node, parent = nodes[0], nodes[0].parent
    whole = parent is not None and parent.type == "jsx_expression" and parent.named_child_count == 1
    return over(parent if whole and parent is not None else node, f'"{source_of(node)}"')


def _options(wanted: str, files: Mapping[str, str]) -> set[str]:
    """The texts that a type allows; those of the app's own unions by their names."""
    found = set(_TEXT.findall(wanted))
    for name in re.findall(r"\b[A-Z]\w*", _TEXT.sub("", wanted)):
        union = re.compile(rf"\b{name}\s*[=:]\s*((?:\|?\s*\"[^\"]*\"\s*)+)")
        for path, text in files.items():
            if kind_of(path) in SCRIPTS and name in text:
                found |= {one for match in union.finditer(text) for one in _TEXT.findall(match[1])}
    return found
