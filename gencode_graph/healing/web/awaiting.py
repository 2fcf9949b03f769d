"""A promise that is taken for its value, and a wait where none may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.source import Edit, Repair, above, edited, line_of, repaired, root_of, script
from gencode_graph.healing.web.values import at_place, taken_on
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_PROPERTY = re.compile(r"^Property '([^']+)' does not exist on type '[^\n]*\bPromise<")
_TAKEN = re.compile(
    r"^(?:Type|Argument of type) '(?:(?!' is not assignable)[^\n])*\bPromise<"
    r"|^Property '[^']+' is missing in type '(?:(?!' but required)[^\n])*\bPromise<"
    r"|^Type '(?:(?!' is missing)[^\n])*\bPromise<"
)
_PROMISED = re.compile(
    r"^Type '(?:\(.*\) => )?([\w\[\]<>]+)' is not assignable to type '(?:\(.*\) => )?Promise<(.+)>'"
    r"|^The return type of an async function|^Type '(?:\(.*\) => )?(void)' is not assignable to type '.*Promise<void>"
)
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
    elif finding.rule == "tsc/TS2322" and _PROMISED.search(finding.message):
        edits = _promised(kind, text, finding)
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
    return [edit for call in _promises(value) for edit in _waited(call)] if value is not None else []


def _promises(value: Node) -> list[Node]:
    """The calls that a value is one of, as far as nothing waits for them."""
    if value.type == "call_expression":
        return [value]
    if value.type == "parenthesized_expression":
        return [one for child in value.named_children for one in _promises(child)]
    fields = {"ternary_expression": ("consequence", "alternative"), "binary_expression": ("left", "right")}
    sides = [value.child_by_field_name(field) for field in fields.get(value.type, ())]
    return [one for side in sides if side is not None for one in _promises(side)]


def _on_value(kind: Kind, text: str, finding: Finding) -> list[Edit]:
    """The only value of a line whose promise can be meant."""
    if finding.message.startswith("This condition"):
        nodes = _on_line(kind, text, finding.line, "call_expression", "identifier")
        found = [node for node in at_place(nodes, text, finding) if _asked_for(node)]
    else:
        found = taken_on(kind, text, finding, arguments=finding.message.startswith("Argument"))
    ways = [edits for node in found if (edits := _of_value(kind, text, node))]
    return ways[0] if len(ways) == 1 else []


def _of_value(kind: Kind, text: str, node: Node) -> list[Edit]:
    """A wait for one value: for its calls, for the call that its name was set by, or for the name itself."""
    if calls := _promises(node):
        return [edit for call in calls for edit in _waited(call)]
    if node.type != "identifier":
        return []
    return _on_setting(kind, text, source_of(node), node) or _waited(node)


def _asked_for(node: Node) -> bool:
    conditions = ("parenthesized_expression", "ternary_expression", "binary_expression", "unary_expression")
    return node.parent is not None and node.parent.type in conditions


def _promised(kind: Kind, text: str, finding: Finding) -> list[Edit]:
    """A function that is to give a promise and gives its value: it was to be ``async``."""
    for node in taken_on(kind, text, finding):
        if node.type in _FUNCTIONS:
            return _async(node)
        function = above(node.parent, *_FUNCTIONS)
        if function is not None and source_of(function.child_by_field_name("return_type")).startswith(": Promise<"):
            return _async(function)
        setters = [n for n in walk(root_of(kind, text)) if n.type in ("variable_declarator", "function_declaration")]
        for one in setters if node.type in ("identifier", "shorthand_property_identifier") else ():
            value = one.child_by_field_name("value") if one.type == "variable_declarator" else one
            if source_of(one.child_by_field_name("name")) == source_of(node) and value is not None:
                return _async(value) if value.type in _FUNCTIONS else []
    return []
