"""Functions that take more than anyone gives them: a last parameter that nothing reads and nobody passes goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.app import exporters
from gencode_graph.healing.web.source import Edit, Repair, edited, line_of, repaired, root_of, script
from gencode_graph.healing.web.values import at_place
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_IDLE = re.compile(r"^'([\w$]+)' is declared but its value is never read")
_FEWER = re.compile(r"^Expected (\d+) arguments?, but got (\d+)")
_FUNCTIONS = ("function_declaration", "arrow_function", "function_expression", "method_definition")


def arity(finding: Finding, patient: Patient) -> Repair:
    """The script whose function has one parameter fewer."""
    at = script(finding, patient)
    if at is None:
        return {}
    path, kind, text = at
    if finding.rule == "tsc/TS6133" and (said := _IDLE.search(finding.message)):
        for node in walk(root_of(kind, text)):
            if source_of(node) == said[1] and line_of(node) == finding.line and _is_parameter(node):
                return _fewer(node.parent, path, kind, text, patient)
    if finding.rule == "tsc/TS2554" and (said := _FEWER.search(finding.message)) and int(said[2]) < int(said[1]):
        return _of_call(path, kind, text, finding, patient)
    return {}


def _is_parameter(node: Node) -> bool:
    kinds = ("required_parameter", "optional_parameter")
    return node.type == "identifier" and node.parent is not None and node.parent.type in kinds


def _of_call(path: str, kind: Kind, text: str, finding: Finding, patient: Patient) -> Repair:
    """The function that a call gives too little, where its last parameter is not read."""
    calls = (node for node in walk(root_of(kind, text)) if node.type == "call_expression")
    names = {source_of(call.child_by_field_name("function")) for call in at_place(calls, text, finding)}
    for name in sorted(name for name in names if name.isidentifier()):
        for place in [path, *exporters(name, patient.files)]:
            if not patient.treatable(place):
                continue
            there, source = kind_of(place), patient.files[place]
            function = _function(name, root_of(there, source))
            parameters = function.child_by_field_name("parameters") if function is not None else None
            if parameters is not None and parameters.named_child_count:
                return _fewer(parameters.named_children[-1], place, there, source, patient)
    return {}


def _fewer(parameter: Node | None, path: str, kind: Kind, text: str, patient: Patient) -> Repair:
    parameters = parameter.parent if parameter is not None else None
    function = parameters.parent if parameters is not None else None
    if parameter is None or parameters is None or function is None or function.type not in _FUNCTIONS:
        return {}
    name, idle = _name_of(function), source_of(parameter.child_by_field_name("pattern"))
    place = len(parameters.named_children)
    body = function.child_by_field_name("body")
    read = body is None or any(n.type.endswith("identifier") and source_of(n) == idle for n in walk(body))
    if not name or read or parameters.named_children[-1] != parameter or not idle.isidentifier():
        return {}
    most = _most_given(name, patient.files)
    if most is None or most >= place:
        return {}
    return repaired(patient, path, edited(text, [_without(parameter)]))


def _without(parameter: Node) -> Edit:
    before = parameter.prev_named_sibling
    following = parameter.next_sibling
    end = following.end_byte if following is not None and following.type == "," else parameter.end_byte
    if before is None:
        return parameter.start_byte, end, ""
    return before.end_byte, parameter.end_byte, ""


def _name_of(function: Node) -> str:
    holder = function.parent if function.parent is not None and function.parent.type == "variable_declarator" else None
    return source_of((holder or function).child_by_field_name("name"))


def _function(name: str, root: Node) -> Node | None:
    return next((node for node in walk(root) if node.type in _FUNCTIONS and _name_of(node) == name), None)


def _most_given(name: str, files: Mapping[str, str]) -> int | None:
    """The most arguments that anyone gives a function; None where it is handed on, and nobody can tell."""
    most = None
    for path, text in files.items():
        if kind_of(path) not in SCRIPTS or name not in text:
            continue
        for node in walk(root_of(kind_of(path), text)):
            if source_of(node) != name or node.type not in ("identifier", "property_identifier"):
                continue
            call = node.parent
            if call is not None and call.type == "call_expression" and call.child_by_field_name("function") == node:
                arguments = call.child_by_field_name("arguments")
                most = max(most or 0, arguments.named_child_count if arguments is not None else 0)
            elif call is not None and call.type in ("arguments", "pair", "jsx_expression", "array"):
                return None
    return most
