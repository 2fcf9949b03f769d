"""A promise that is taken for its value, and a wait where none may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.source import Edit, Repair, above, edited, line_of, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_PROPERTY = re.compile(r"^Property '([^']+)' does not exist on type 'Promise<")
_TAKEN = re.compile(r"^(?:Type|Argument of type) 'Promise<")
_CONDITION = re.compile(r"^This condition will always return true since this 'Promise<")
_WAIT = re.compile(r"^'(?:await' expressions are|for await' loops are|await' expression is) only allowed")
_FUNCTIONS = (
    "arrow_function", "function_declaration", "function_expression", "method_definition", "generator_function",
    "generator_function_declaration",
)  # fmt: skip
_SYNCHRONOUS = re.compile(
    r"use(?:Layout|Insertion)?Effect|useMemo|useState|useReducer|(?:\w+\.)*(?:map|filter|sort|some|every|find|reduce|flatMap)"
)
"""What calls a function and does not wait for it."""


def awaiting(finding: Finding, patient: Patient) -> Repair:
    """The script with the wait, or with the function around it as one that may wait."""
    at = script(finding, patient)
    if at is None or not finding.rule.startswith("tsc/"):
        return {}
    path, kind, text = at
    edits: list[Edit] = []
    if _WAIT.search(finding.message):
        edits = _marked(kind, text, finding.line)
    elif said := _PROPERTY.search(finding.message):
        edits = _on_property(kind, text, said[1], finding.line)
    elif _TAKEN.search(finding.message) or _CONDITION.search(finding.message):
        edits = _on_value(kind, text, finding)
    return repaired(patient, path, edited(text, edits)) if edits else {}


def _on_line(kind: Kind, text: str, line: int | None, *types: str) -> list[Node]:
    return [node for node in walk(root_of(kind, text)) if node.type in types and line_of(node) == line]


def _marked(kind: Kind, text: str, line: int | None) -> list[Edit]:
    """The function around a wait as ``async``, unless its caller has no use for a promise."""
    waits = _on_line(kind, text, line, "await_expression", "for_in_statement")
    function = above(waits[0].parent, *_FUNCTIONS) if waits else None
    return _async(function)


def _async(function: Node | None) -> list[Edit]:
    if function is None or any(child.type in ("async", "get", "set", "*") for child in function.children):
        return []
    if function.type.startswith("generator") or source_of(function.child_by_field_name("name")) == "constructor":
        return []
    kept = function.child_by_field_name("return_type")
    if kept is not None and not source_of(kept).startswith(": Promise<"):
        return []
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    if call is not None and _SYNCHRONOUS.fullmatch(source_of(call.child_by_field_name("function"))):
        return []
    if any(node.type.startswith("jsx_") for node in walk(function) if above(node.parent, *_FUNCTIONS) == function):
        return []
    return [(function.start_byte, function.start_byte, "async ")]


def _waited(value: Node) -> list[Edit]:
    """A wait before a call, where the function around it may wait or can be made to."""
    function = above(value.parent, *_FUNCTIONS)
    more: list[Edit] = []
    if function is not None and not any(child.type == "async" for child in function.children):
        more = _async(function)
        if not more:
            return []
    parent = value.parent
    if parent is not None and parent.type in (
        "member_expression",
        "subscript_expression",
        "call_expression",
        "non_null_expression",
    ):
        return [*more, (value.start_byte, value.start_byte, "(await "), (value.end_byte, value.end_byte, ")")]
    return [*more, (value.start_byte, value.start_byte, "await ")]


def _on_property(kind: Kind, text: str, name: str, line: int | None) -> list[Edit]:
    """The promise that a property is read from: the call itself, or the one that a name was set by."""
    for node in walk(root_of(kind, text)):
        if line_of(node) != line or source_of(node) != name:
            continue
        if node.type == "property_identifier" and node.parent is not None and node.parent.type == "member_expression":
            value = node.parent.child_by_field_name("object")
            if value is not None and value.type == "call_expression":
                return _waited(value)
            if value is not None and value.type == "identifier":
                return _on_setting(kind, text, source_of(value), node)
        if node.type in ("shorthand_property_identifier_pattern", "property_identifier"):
            declarator = above(node, "variable_declarator")
            value = declarator.child_by_field_name("value") if declarator is not None else None
            if value is not None and value.type == "call_expression":
                return _waited(value)
    return []


def _on_setting(kind: Kind, text: str, name: str, use: Node) -> list[Edit]:
    """The call that a name was set by, before its use and in the same function."""
    set_by = [
        node.child_by_field_name("value")
        for node in walk(root_of(kind, text))
        if node.type == "variable_declarator"
        and source_of(node.child_by_field_name("name")) == name
        and node.end_byte < use.start_byte
        and above(node, *_FUNCTIONS) == above(use, *_FUNCTIONS)
    ]
    value = set_by[-1] if set_by else None
    return _waited(value) if value is not None and value.type == "call_expression" else []


def _on_value(kind: Kind, text: str, finding: Finding) -> list[Edit]:
    """The only call on a line whose promise can be meant."""
    calls = [
        node
        for node in _on_line(kind, text, finding.line, "call_expression", "identifier")
        if node.parent is not None and _takes(node, finding)
    ]
    outer = [
        one
        for one in calls
        if not any(o != one and o.start_byte <= one.start_byte and one.end_byte <= o.end_byte for o in calls)
    ]
    if len(outer) != 1:
        return []
    value = outer[0]
    return _waited(value) if value.type == "call_expression" else _on_setting(kind, text, source_of(value), value)


def _takes(node: Node, finding: Finding) -> bool:
    parent = node.parent
    if parent is None or parent.type == "await_expression":
        return False
    if finding.message.startswith("Argument"):
        return parent.type == "arguments"
    if finding.message.startswith("This condition"):
        return parent.type in (
            "parenthesized_expression",
            "ternary_expression",
            "binary_expression",
            "unary_expression",
        )
    wanted = node.type == "call_expression" and parent.type in ("return_statement", "assignment_expression", "pair")
    return wanted or (parent.type == "variable_declarator" and parent.child_by_field_name("value") == node)
