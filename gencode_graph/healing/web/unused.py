"""What is declared and never used: imports, names without an effect, parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import likeness
from gencode_graph.healing.web.bindings import names, unbound
from gencode_graph.healing.web.importing import dropped, imports_of, without
from gencode_graph.healing.web.source import Edit, Repair, edited, line_of, nearest, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(r"^'([\w$]+)' is declared but (?:its value is never read|never used)")
_CLOSE = 0.7
"""An undefined name that alike may be what was meant."""
_PURE = frozenset({
    "string", "number", "true", "false", "null", "undefined", "identifier", "arrow_function", "function_expression",
    "member_expression", "template_string", "template_substitution", "array", "object", "pair", "property_identifier",
    "shorthand_property_identifier", "binary_expression", "unary_expression", "ternary_expression", "as_expression",
    "satisfies_expression", "parenthesized_expression", "regex", "non_null_expression", "subscript_expression",
    "string_fragment", "escape_sequence", "spread_element",
})  # fmt: skip


def unused(finding: Finding, patient: Patient) -> Repair:
    """The script without what nothing uses; a parameter stays, marked as not used."""
    at = script(finding, patient)
    if at is None or not finding.rule.startswith("tsc/TS61"):
        return {}
    path, kind, text = at
    if finding.rule == "tsc/TS6192":
        new = _whole_import(kind, text, finding.line)
    elif finding.rule == "tsc/TS6198":
        new = _whole_pattern(kind, text, finding.line)
    else:
        said = _NAME.search(finding.message)
        new = _one(kind, text, said[1], finding.line) if said is not None else None
    return repaired(patient, path, new) if new is not None else {}


def _one(kind: Kind, text: str, name: str, line: int | None) -> str | None:
    bound, used = names(kind, text)
    if any(likeness(name, lost) >= _CLOSE for lost in unbound(kind, text)):
        return None
    for one in imports_of(kind, text):
        if any(named.local == name for named in one.named):
            return without(text, one, name) if name not in used else None
    node = nearest(bound.get(name, ()), line)
    edit = removal(node, text) if node is not None and node.parent is not None else None
    return edited(text, [edit]) if edit is not None else None


def _whole_import(kind: Kind, text: str, line: int | None) -> str | None:
    _, used = names(kind, text)
    lost = unbound(kind, text)
    for one in sorted(imports_of(kind, text), key=lambda one: abs(one.line - (line or 0))):
        locals_ = [named.local for named in one.named]
        if locals_ and not any(local in used for local in locals_):
            near = any(likeness(local, other) >= _CLOSE for local in locals_ for other in lost)
            return None if near else dropped(text, one)
    return None


def _whole_pattern(kind: Kind, text: str, line: int | None) -> str | None:
    """A declaration of nothing but unused parts: what it is taken from stays, where that may have an effect."""
    patterns = [node for node in walk(root_of(kind, text)) if node.type in ("object_pattern", "array_pattern")]
    node = nearest(patterns, line)
    if node is None or node.parent is None or node.parent.type != "variable_declarator" or line_of(node) != line:
        return None
    edit = _declarator(node.parent, text)
    return edited(text, [edit]) if edit is not None else None


def removal(node: Node, text: str) -> Edit | None:
    """What takes a binding away, or marks it."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type in ("required_parameter", "optional_parameter") or (
        parent.type == "arrow_function" and parent.child_by_field_name("parameter") == node
    ):
        return over(node, f"_{source_of(node)}")
    if parent.type == "object_assignment_pattern":
        return _element(parent, text)
    if parent.type == "pair_pattern":
        return _element(parent, text)
    if parent.type == "object_pattern":
        return _element(node, text)
    if parent.type == "array_pattern":
        return _slot(node)
    if parent.type == "variable_declarator":
        return _declarator(parent, text)
    if (
        parent.type in _DECLARATIONS
        and parent.parent is not None
        and parent.parent.type in ("program", "statement_block")
    ):
        return _statement(parent, text)
    return None


_DECLARATIONS = ("function_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration")


def _element(node: Node, text: str) -> Edit | None:
    """One part of an object pattern, with its comma."""
    pattern = node.parent
    if pattern is None or any(child.type == "rest_pattern" for child in pattern.named_children):
        return None
    if pattern.named_child_count == 1:
        if pattern.parent is not None and pattern.parent.type == "variable_declarator":
            return _declarator(pattern.parent, text)
        return None
    following, before = node.next_sibling, node.prev_sibling
    source = text.encode()
    if following is not None and following.type == ",":
        end = following.end_byte
        while source[end : end + 1] in (b" ", b"\n"):
            end += 1
        return node.start_byte, end, ""
    start = before.start_byte if before is not None and before.type == "," else node.start_byte
    return start, node.end_byte, ""


def _slot(node: Node) -> Edit | None:
    """One place of an array pattern: left out at the end, empty before others."""
    pattern = node.parent
    if pattern is None or pattern.named_child_count == 1:
        return None
    if pattern.named_children[-1] == node:
        before = node.prev_sibling
        return (before.start_byte if before is not None else node.start_byte), node.end_byte, ""
    return node.start_byte, node.end_byte, ""


def _declarator(node: Node, text: str) -> Edit | None:
    """A declaration: gone, or only what may have an effect left of it."""
    statement, value = node.parent, node.child_by_field_name("value")
    if statement is None or statement.named_child_count != 1 or statement.parent is None:
        return None
    if statement.parent.type not in ("program", "statement_block"):
        return None
    if value is None or all(part.type in _PURE for part in _parts(value)):
        return _statement(statement, text)
    if value.type in ("call_expression", "await_expression", "new_expression"):
        return over(statement, f"{source_of(value)};")
    return None


def _parts(value: Node) -> Iterator[Node]:
    """A value and what it is made of, but not what only runs when it is called."""
    yield value
    if value.type not in ("arrow_function", "function_expression"):
        for child in value.named_children:
            yield from _parts(child)


def _statement(node: Node, text: str) -> Edit:
    """A statement with what is said about it, and its line."""
    start, source = node.start_byte, text.encode()
    said = node.prev_sibling
    if said is not None and said.type == "comment" and line_of(node) - said.end_point[0] == 2:
        start = said.start_byte
    while source[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    end = node.end_byte
    if source[end : end + 1] == b";":
        end += 1
    if source[end : end + 1] == b"\n":
        end += 1
        if source[start - 2 : start] == b"\n\n" and source[end : end + 1] in (b"\n", b""):
            start -= 1
    return start, end, ""
