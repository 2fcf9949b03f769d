"""Scripts as healers change them: by places of the syntax tree, and never into what no longer parses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.scripts import source_of, tree, walk
from gencode_graph.validation.syntax import problems

if TYPE_CHECKING:
    from tree_sitter import Node

Repair = dict[str, str | None]
Edit = tuple[int, int, str]
"""Bytes from, bytes to, what stands there instead."""
IDENTIFIERS = (
    "identifier", "type_identifier", "property_identifier", "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
)  # fmt: skip
SCOPES = (
    "statement_block", "arrow_function", "function_declaration", "function_expression", "method_definition",
    "class_body", "formal_parameters", "type_parameters", "for_in_statement", "for_statement", "catch_clause",
)  # fmt: skip
"""What keeps a name that is bound inside from the rest of a script."""
DRIFT = 12
"""Lines by which other repairs may have moved what a finding is about."""


def script(finding: Finding, patient: Patient) -> tuple[str, Kind, str] | None:
    """Path, kind and text of the script that a finding is about; None where that is none, or may not be changed."""
    path = finding.path or ""
    if path not in patient.files or kind_of(path) not in SCRIPTS or path.endswith(".d.ts"):
        return None
    return (path, kind_of(path), patient.files[path]) if patient.treatable(path) else None


def root_of(kind: Kind, text: str) -> Node:
    """The syntax tree of a script."""
    return tree(kind, text).root_node


def line_of(node: Node) -> int:
    """The line of a node, from 1."""
    return node.start_point[0] + 1


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with some places written anew."""
    source = text.encode()
    for start, end, new in sorted(edits, reverse=True):
        source = source[:start] + new.encode() + source[end:]
    return source.decode()


def over(node: Node, new: str) -> Edit:
    """The edit that writes a node anew."""
    return node.start_byte, node.end_byte, new


def repaired(patient: Patient, path: str, text: str) -> Repair:
    """One file as the repair; nothing where it may not be changed, is as before, or cannot be read."""
    if not patient.treatable(path) or patient.files.get(path) == text or problems(kind_of(path), text):
        return {}
    return {path: text}


def called(root: Node, name: str) -> Iterator[Node]:
    """All identifiers of a script with a name, in the order of the text."""
    return (node for node in walk(root) if node.type in IDENTIFIERS and source_of(node) == name)


def nearest(nodes: Iterable[Node], line: int | None) -> Node | None:
    """The first node on a line, else the one closest to it; the first one of all where no line is given."""
    found = list(nodes)
    if line is None:
        return found[0] if found else None
    best = min(found, key=lambda node: abs(line_of(node) - line), default=None)
    return best if best is not None and abs(line_of(best) - line) <= DRIFT else None


def above(node: Node | None, *types: str) -> Node | None:
    """A node itself or the nearest around it of some types."""
    while node is not None and node.type not in types:
        node = node.parent
    return node
