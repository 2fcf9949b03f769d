"""A call that the contract does not have: the path, the method or the field that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.property_name import renamed
from gencode_graph.healing.web.source import Edit, Repair, above, edited, line_of, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.openapi import CONTRACT, Operation, operations, shape_of
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NO_PATH = re.compile(rf"^(/\S*) is no path of {re.escape(CONTRACT)}")
_NO_METHOD = re.compile(rf"^(/\S*) has no (\w+) in {re.escape(CONTRACT)}, only ([\w, ]+)")
_NO_FIELD = re.compile(r"^(\w+) (/\S*) has no (\S+) in its (\w+); it has (.*)$")
_BODY = ("POST", "PUT", "PATCH")


def contract_call(finding: Finding, patient: Patient) -> Repair:
    """The script with the call as the contract has it."""
    at = script(finding, patient)
    known = operations(patient.files.get(CONTRACT, ""))
    if at is None or known is None or finding.rule not in ("contract/call", "contract/field"):
        return {}
    path, kind, text = at
    edits: Iterable[Edit] = ()
    if said := _NO_PATH.search(finding.message):
        edits = _path(kind, text, finding.line, said[1], known.values())
    elif said := _NO_METHOD.search(finding.message):
        edits = _method(kind, text, finding.line, said[1], said[2], said[3].split(", "))
    elif said := _NO_FIELD.search(finding.message):
        edits = _field(kind, text, finding.line, said[3], said[5].split(", "))
    return repaired(patient, path, edited(text, edits))


def _routes(kind: Kind, text: str, line: int | None, route: str) -> list[Node]:
    """The strings and templates on a line that name a route."""
    return [
        node
        for node in walk(root_of(kind, text))
        if node.type in ("string", "template_string")
        and line_of(node) == line
        and re.sub(r"\$\{[^}]*\}", "{}", source_of(node)[1:-1]).partition("?")[0] == route
    ]


def _path(kind: Kind, text: str, line: int | None, route: str, known: Iterable[Operation]) -> list[Edit]:
    nodes = _routes(kind, text, line, route)
    if len(nodes) != 1:
        return []
    node, asked = nodes[0], shape_of(route)
    call = above(node, "call_expression")
    method = source_of(call.child_by_field_name("function")).rpartition(".")[2].upper() if call is not None else ""
    able = [one for one in known if one.method == method] or list(known)
    alike = {one.path for one in able if len(shape_of(one.path)) == len(asked)}
    right = closest("/" + "/".join(asked), {"/" + "/".join(shape_of(one)) for one in alike})
    if right is None:
        right = closest("/" + "/".join(asked), {"/" + "/".join(shape_of(one.path)) for one in able})
    wanted = {one.path for one in able if right is not None and "/" + "/".join(shape_of(one.path)) == right}
    if len(wanted) != 1 and route not in wanted and right is None:
        return []
    meant = sorted(wanted)[0] if wanted else ""
    inner = source_of(node)[1:-1]
    if "${" not in inner:
        return [over(node, f"{source_of(node)[0]}{meant}{source_of(node)[-1]}")] if meant else []
    parts = re.split(r"(\$\{[^}]*\})", inner.partition("?")[0])
    filled = [part for part in parts if part.startswith("${")]
    if meant.count("{") != len(filled):
        return []
    new = re.sub(r"\{[^}]*\}", lambda match: filled.pop(0), meant)
    asks = inner[len(inner.partition("?")[0]) :]
    return [over(node, f"`{new}{asks}`")]


def _method(kind: Kind, text: str, line: int | None, route: str, wrong: str, others: list[str]) -> list[Edit]:
    nodes = _routes(kind, text, line, route)
    call = above(nodes[0], "call_expression") if len(nodes) == 1 else None
    if call is None:
        return []
    able = others
    if len(able) > 1:
        has_body = re.search(r"\bbody\b", source_of(call.child_by_field_name("arguments"))) is not None
        able = [one for one in others if (one in _BODY) == has_body]
    if len(able) != 1:
        return []
    for node in walk(call):
        if node.type == "property_identifier" and source_of(node).upper() == wrong:
            return [over(node, able[0] if source_of(node).isupper() else able[0].lower())]
        if node.type == "string" and source_of(node)[1:-1].upper() == wrong:
            return [over(node, f'"{able[0]}"')]
    return []


def _field(kind: Kind, text: str, line: int | None, wrong: str, known: list[str]) -> list[Edit]:
    calls = [n for n in walk(root_of(kind, text)) if n.type == "call_expression" and line_of(n) <= (line or 0)]
    around = [n for n in calls if n.end_point[0] + 1 >= (line or 0)]
    for call in reversed(around):
        keys = [
            node
            for node in walk(call)
            if node.type in ("property_identifier", "shorthand_property_identifier", "string")
            and source_of(node).strip("\"'") == wrong
            and (node.type == "shorthand_property_identifier" or _is_key(node))
        ]
        beside = {
            source_of(n).strip("\"'")
            for key in keys
            for n in walk(_object(key))
            if n.type.endswith("property_identifier")
        }
        left = [name for name in known if name not in beside]
        right = closest(wrong, left) or (left[0] if len(left) == 1 and len(known) == 1 else None)
        if keys and right is not None:
            return [renamed(key, right, kind, text) for key in keys]
    return []


def _is_key(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "pair" and node.parent.child_by_field_name("key") == node


def _object(key: Node) -> Node:
    return above(key, "object") or key
