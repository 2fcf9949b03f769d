"""What may be null or undefined and is used as if it were there: asked for first, or with what stands for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.guards import guarded
from gencode_graph.healing.web.source import Edit, Repair, above, edited, line_of, repaired, root_of, script
from gencode_graph.healing.web.values import MISFIT, at_place, bare, parts, plain_default, put, taken_on
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMED = re.compile(r"^'(.+)' is possibly '(?:null|undefined|null' or 'undefined)'")
_OBJECT = re.compile(r"^Object is possibly '(?:null|undefined|null' or 'undefined)'")
_INVOKED = re.compile(r"^Cannot invoke an object which is possibly '")
_LOOPED = re.compile(r"^Type '.+' must have a '\[Symbol\.iterator\]\(\)' method")
_NOTHING = frozenset({"null", "undefined"})
_OF_LISTS = frozenset({
    "map", "filter", "reduce", "find", "findIndex", "findLast", "some", "every", "flatMap", "flat", "sort", "toSorted",
    "join", "entries", "reverse",
})  # fmt: skip
"""What is done to lists, and gives something that is worked with."""
_ORDERED = frozenset({"<", ">", "<=", ">=", "-", "*", "/", "%", "+", "**"})
_LASTING = ("identifier", "member_expression", "subscript_expression", "call_expression", "await_expression",
            "shorthand_property_identifier", "non_null_expression")  # fmt: skip
"""Values that hold together before ``??``."""
_FIXED = ("string", "number", "template_string", "true", "false", "arrow_function", "function_expression", "object",
          "array", "jsx_element", "jsx_self_closing_element", "null", "undefined", "regex")  # fmt: skip
"""Values that are written out: they are what they are."""


def nullish(finding: Finding, patient: Patient) -> Repair:
    """The script with what may be missing seen to: as the app does it elsewhere, else in the smallest way."""
    at = script(finding, patient)
    if at is None or not finding.rule.startswith("tsc/TS"):
        return {}
    path, kind, text = at
    edits: list[Edit] = []
    if said := _NAMED.search(finding.message):
        edits = guarded(said[1], path, finding.line, patient)
        edits = edits or [edit for node in _uses(kind, text, said[1], finding) for edit in _seen_to(node)]
    elif _OBJECT.search(finding.message):
        objects = _objects(kind, text, finding)
        edits = _seen_to(objects[0]) if len(objects) == 1 else []
    elif _INVOKED.search(finding.message):
        edits = _asked(kind, text, finding)
    elif _LOOPED.search(finding.message):
        edits = _looped(kind, text, finding.line)
    elif finding.rule in ("tsc/TS2322", "tsc/TS2345"):
        edits = _given(path, kind, text, finding, patient)
    return repaired(patient, path, edited(text, edits)) if edits else {}


def _uses(kind: Kind, text: str, name: str, finding: Finding) -> list[Node]:
    """The places of a line where something is done with an expression."""
    found = [node for node in walk(root_of(kind, text)) if source_of(node) == name and _used(node)]
    return list({node.end_byte: node for node in at_place(found, text, finding)}.values())


def _used(node: Node) -> bool:
    parent = node.parent
    if parent is None or node.type not in _LASTING:
        return False
    if parent.type in ("member_expression", "subscript_expression"):
        return parent.child_by_field_name("object") == node and not _optional(parent)
    return parent.type in ("binary_expression", "spread_element", "unary_expression", "for_in_statement")


def _optional(node: Node) -> bool:
    return any(child.type == "optional_chain" for child in node.children)


def _objects(kind: Kind, text: str, finding: Finding) -> list[Node]:
    """Calls and places of lists on a line that something is read from."""
    kinds = ("call_expression", "subscript_expression")
    found = at_place((one for one in walk(root_of(kind, text)) if one.type in kinds and _used(one)), text, finding)
    inner = [one for one in found if one.type == "subscript_expression"]
    return found if len(found) == 1 else inner


def _seen_to(node: Node) -> list[Edit]:
    """What makes one use of a value that may be missing work."""
    parent = node.parent
    if parent is None:
        return []
    if parent.type in ("spread_element", "for_in_statement"):
        into = parent.parent.type if parent.parent is not None else ""
        return _with(node, "[]") if parent.type == "for_in_statement" or into != "object" else []
    if parent.type == "binary_expression":
        return _with(node, _counterpart(node, parent)) if _sign(parent) in _ORDERED else []
    if parent.type == "unary_expression":
        return _with(node, "0") if source_of(parent)[:1] in "-+" else []
    step = "?" if parent.type == "member_expression" else "?."
    edits: list[Edit] = [(node.end_byte, node.end_byte, step)]
    top = node
    lists: Node | None = None
    while (after := top.parent) is not None and _goes_on(top, after):
        done = after.child_by_field_name("property")
        call = after.parent is not None and after.parent.type == "call_expression"
        if lists is None and after.type == "member_expression" and call and source_of(done) in _OF_LISTS:
            lists = top
        top = after
    if top.parent is not None and top.parent.type == "assignment_expression":
        return _only_if(node, top)
    if lists is not None:
        edits = [] if lists == node else edits
        return [*edits, (node.start_byte, node.start_byte, "("), (lists.end_byte, lists.end_byte, " ?? [])")]
    if top.parent is not None and top.parent.type == "binary_expression" and _sign(top.parent) in _ORDERED:
        nothing = _counterpart(top, top.parent)
        return [*edits, (node.start_byte, node.start_byte, "("), (top.end_byte, top.end_byte, f" ?? {nothing})")]
    return edits


def _goes_on(node: Node, after: Node) -> bool:
    part = {"member_expression": "object", "subscript_expression": "object", "call_expression": "function"}
    return after.type in part and after.child_by_field_name(part[after.type]) == node


def _with(node: Node, nothing: str) -> list[Edit]:
    return [(node.start_byte, node.end_byte, f"({source_of(node)} ?? {nothing})")]


def _sign(operation: Node) -> str:
    return source_of(operation.child_by_field_name("operator"))


def _counterpart(node: Node, operation: Node) -> str:
    """What stands for nothing beside the other side of an operation."""
    sides = [operation.child_by_field_name(side) for side in ("left", "right")]
    other = next((side for side in sides if side is not None and side != node), None)
    return '""' if other is not None and other.type in ("string", "template_string") else "0"


def _only_if(node: Node, top: Node) -> list[Edit]:
    """An assignment to what may be missing, only where it is there."""
    statement = top.parent.parent if top.parent is not None else None
    if statement is None or statement.type != "expression_statement":
        return []
    return [(statement.start_byte, statement.start_byte, f"if ({source_of(node)}) ")]


def _asked(kind: Kind, text: str, finding: Finding) -> list[Edit]:
    """The only call on a line of a name by itself, made where there is something to call."""
    calls = at_place((node for node in walk(root_of(kind, text)) if node.type == "call_expression"), text, finding)
    plain = [
        function
        for call in calls
        if (function := call.child_by_field_name("function")) is not None
        and function.type in ("identifier", "member_expression")
        and not re.match(r"use[A-Z]|set[A-Z]", source_of(function))
        and not _optional(call)
    ]
    own = [one for one in plain if re.search(r"(?:^|\.)on[A-Z]\w*$", source_of(one))] or plain
    return [(own[0].end_byte, own[0].end_byte, "?.")] if len(own) == 1 else []


def _looped(kind: Kind, text: str, line: int | None) -> list[Edit]:
    spread = [
        node.named_children[0]
        for node in walk(root_of(kind, text))
        if node.type == "spread_element" and line_of(node) == line and node.named_child_count
    ]
    loops = [
        right
        for node in walk(root_of(kind, text))
        if node.type == "for_in_statement"
        and line_of(node) == line
        and (right := node.child_by_field_name("right")) is not None
    ]
    return _with((spread + loops)[0], "[]") if len(spread + loops) == 1 else []


def _given(path: str, kind: Kind, text: str, finding: Finding, patient: Patient) -> list[Edit]:
    """A value that may be missing, given to what does not take that."""
    for said in MISFIT.finditer(finding.message):
        given, wanted = parts(said[1]), parts(said[2])
        surplus = (given & _NOTHING) - wanted
        if not surplus:
            continue
        nothing = next((one for one in ("undefined", "null") if one in wanted), None) or plain_default(said[2])
        node = _value(kind, text, finding, written=given <= _NOTHING, said=given)
        if node is None:
            return []
        if node.type == "identifier" and (edits := guarded(source_of(node), path, finding.line, patient)):
            return edits
        if nothing is None:
            return _element(node)
        if given <= _NOTHING and node.type in ("null", "undefined"):
            return [put(node, nothing)]
        whole = source_of(node) if node.type in _LASTING else f"({source_of(node)})"
        return [put(node, f"{whole} ?? {nothing}")]
    return []


def _value(kind: Kind, text: str, finding: Finding, *, written: bool, said: set[str]) -> Node | None:
    """The only value on a line that may be meant."""
    on_line = taken_on(kind, text, finding, arguments=finding.rule == "tsc/TS2345")
    if written:
        plain = [one for one in on_line if bare(one).type in _NOTHING and source_of(bare(one)) in said]
        if len(plain) == 1:
            return plain[0]
    some = [node for node in on_line if bare(node).type not in _FIXED]
    if len(some) > 1:
        unsure = re.compile(r"\?\.|\.(?:find|findLast|get|at|pop|shift|match|getItem|exec)\(|\]$")
        some = [node for node in some if unsure.search(source_of(node))]
    return some[0] if len(some) == 1 else None


def _element(node: Node) -> list[Edit]:
    """An element of the page that is looked up, as one that is there."""
    called = source_of(node.child_by_field_name("function")) if node.type == "call_expression" else ""
    found = called.rpartition(".")[2] in ("getElementById", "querySelector") and above(node, "arguments") is not None
    return [(node.end_byte, node.end_byte, " as HTMLElement")] if found else []
