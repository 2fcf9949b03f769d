"""A state that begins as something of another type than all that is done with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.source import Edit, Repair, edited, over, repaired, root_of, script
from gencode_graph.healing.web.values import MISFIT, at_place, plain_default, taken_on
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_SET = re.compile(
    r"(?:Type|Argument of type) '([\w\"']+)' is not assignable to (?:parameter of )?type 'SetStateAction<(\w+)>'"
)
_TYPES = {"string": "string", "number": "number", "true": "boolean", "false": "boolean"}


def initial(finding: Finding, patient: Patient) -> Repair:
    """The script whose state begins as nothing of the type that is wanted."""
    at = script(finding, patient)
    if at is None or finding.rule not in ("tsc/TS2322", "tsc/TS2345"):
        return {}
    path, kind, text = at
    known = states(kind, text)
    told = _SET.search(finding.message)
    if told is not None:
        names = _names_at(kind, text, finding) & known.keys()
        agreed = any(_set_to(name, told[2], kind, text) for name in names)
        edits = [] if agreed else _begun(known, names, told[2], _plain(told[1]))
        return repaired(patient, path, edited(text, edits)) if edits else {}
    for said in MISFIT.finditer(finding.message):
        values = taken_on(kind, text, finding, arguments=finding.rule == "tsc/TS2345")
        inside = {source_of(one) for value in values for one in walk(value) if one.type == "identifier"}
        edits = _begun(known, inside, _plain(said[1]), said[2])
        if edits:
            return repaired(patient, path, edited(text, edits))
    return {}


def states(kind: Kind, text: str) -> dict[str, Node]:
    """The names of states, and of what sets them -> what the state begins as, where that is written out."""
    found: dict[str, Node] = {}
    for node in walk(root_of(kind, text)):
        value = node.child_by_field_name("value") if node.type == "variable_declarator" else None
        pattern = node.child_by_field_name("name")
        if value is None or value.type != "call_expression" or pattern is None or pattern.type != "array_pattern":
            continue
        called = source_of(value.child_by_field_name("function")).rpartition(".")[2]
        arguments = value.child_by_field_name("arguments")
        if called != "useState" or arguments is None or value.child_by_field_name("type_arguments") is not None:
            continue
        if arguments.named_child_count == 1 and arguments.named_children[0].type in _TYPES:
            found |= {source_of(one): arguments.named_children[0] for one in pattern.named_children}
    return found


def begins_as(name: str, kind: Kind, text: str) -> str | None:
    """The type that a state begins as; None for what is no state."""
    node = states(kind, text).get(name)
    return _TYPES[node.type] if node is not None else None


def _names_at(kind: Kind, text: str, finding: Finding) -> set[str]:
    """The names that are called, or given on, where a finding is."""
    found = {source_of(one) for one in taken_on(kind, text, finding)}
    for node in walk(root_of(kind, text)):
        arguments = node.child_by_field_name("arguments") if node.type == "call_expression" else None
        if arguments is not None and at_place(arguments.named_children, text, finding):
            found.add(source_of(node.child_by_field_name("function")))
    return found


def _set_to(name: str, wanted: str, kind: Kind, text: str) -> bool:
    """Whether a state is set, anywhere, to a written value of a type."""
    for node in walk(root_of(kind, text)):
        if node.type == "call_expression" and source_of(node.child_by_field_name("function")) == name:
            arguments = node.child_by_field_name("arguments")
            given = arguments.named_children if arguments is not None else []
            if any(_TYPES.get(one.type) == wanted for one in given):
                return True
    return False


def _begun(known: dict[str, Node], names: Iterable[str], has: str, wanted: str) -> list[Edit]:
    nodes = {node.start_byte: node for name in names if (node := known.get(name)) is not None}
    begins = next(iter(nodes.values())) if len(nodes) == 1 else None
    nothing = plain_default(wanted)
    if begins is None or nothing is None or _TYPES[begins.type] != has or _plain(wanted) == has:
        return []
    value = source_of(begins)
    if nothing == '""' and begins.type == "number" and value != "0":
        return [over(begins, f'"{value}"')]
    if nothing == "0" and begins.type == "string" and re.fullmatch(r"\d+(\.\d+)?", value[1:-1]):
        return [over(begins, value[1:-1])]
    return [over(begins, nothing)]


def _plain(kind: str) -> str:
    if kind.startswith('"'):
        return "string"
    if kind in ("true", "false"):
        return "boolean"
    return "number" if re.fullmatch(r"-?\d+(\.\d+)?", kind) else kind
