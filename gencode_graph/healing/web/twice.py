"""A name that is declared twice: what is imported and defined, what is defined again, what a parameter is already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.bindings import names
from gencode_graph.healing.web.importing import imports_of, without
from gencode_graph.healing.web.source import Repair, above, edited, line_of, repaired, script
from gencode_graph.healing.web.unused import removal
from gencode_graph.types import Finding
from gencode_graph.validation.scripts import source_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SAID = re.compile(
    r"^(?:Duplicate identifier|Cannot redeclare block-scoped variable|Identifier"
    r"|Import declaration conflicts with local declaration of) '([\w$]+)'"
)
_CODES = frozenset(f"tsc/TS{code}" for code in (2300, 2440, 2451))
_DECLARED = ("variable_declarator", "function_declaration", "interface_declaration", "type_alias_declaration",
             "class_declaration", "enum_declaration")  # fmt: skip


def twice(finding: Finding, patient: Patient) -> Repair:
    """The script with the name declared once; nothing where it is not clear which of the two is meant."""
    at, said = script(finding, patient), _SAID.search(finding.message)
    if at is None or said is None or finding.rule not in _CODES:
        return {}
    path, kind, text = at
    bound, used = names(kind, text)
    places = bound.get(said[1], [])
    local = [node for node in places if node.parent is not None and node.parent.type in _DECLARED]
    for one in imports_of(kind, text):
        if any(named.local == said[1] for named in one.named) and any(_at_top(node) for node in local):
            return repaired(patient, path, without(text, one, said[1]))
    later = [node for node in local if any(_again(node, other, used.get(said[1], [])) for other in places)]
    edit = removal(later[-1], text) if later else None
    return repaired(patient, path, edited(text, [edit])) if edit is not None else {}


def _at_top(node: Node) -> bool:
    return above(node.parent, "statement_block") is None


def _again(node: Node, first: Node, uses: list[Node]) -> bool:
    """Whether one declaration only says again, or in vain, what an earlier one in the same place says."""
    if first.start_byte >= node.start_byte or first.parent is None or node.parent is None:
        return False
    if source_of(first.parent) == source_of(node.parent):
        return True
    value = node.parent.child_by_field_name("value")
    plain = value is not None and value.type in ("number", "string", "true", "false", "null", "undefined", "array")
    around = above(node.parent, "arrow_function", "function_declaration", "function_expression")
    given = above(first, "formal_parameters")
    if plain and around is not None and given is not None and given.parent == around:
        return True
    before = any(first.end_byte < use.start_byte and line_of(use) < line_of(node) for use in uses)
    return plain and before and above(first, "statement_block") == above(node, "statement_block")
