"""A property that a type does not have, close to one that it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.bindings import names
from gencode_graph.healing.web.source import Edit, Repair, edited, line_of, over, repaired, root_of, script
from gencode_graph.healing.web.synonyms import meant
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.openapi import CONTRACT
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NONE = re.compile(r"Property '([^']+)' does not exist on type '(.+?)'\.(?= Did|\s|$)")
_LITERAL = re.compile(r"but '([^']+)' does not exist in type '(.+?)'\.(?= Did|\s|$)")
_KNOWN = re.compile(r"only specify known properties, and '([^']+)' does not exist in type '(.+?)'\.(?= Did|\s|$)")
_MEANT = re.compile(r"Did you mean (?:to (?:write|access) )?'(?:\w+\.)?([^']+)'\?")
_FIELDS = re.compile(r"[{;,(] *(?:readonly )?\"?([\w$-]+)\"?\??:")
_WORD = re.compile(r"\b[A-Z]\w*")
_FAR = 0.8
"""How alike a name has to be where the type is not known."""
_UNKNOWN = ("any", "unknown", "never", "{}", "object", "void", "null", "undefined")


def property_name(finding: Finding, patient: Patient) -> Repair:
    """The script with the property as the type calls it."""
    at = script(finding, patient)
    if at is None or finding.rule not in _RULES:
        return {}
    path, kind, text = at
    told = [m for pattern in (_NONE, _LITERAL, _KNOWN) for m in pattern.finditer(finding.message)]
    if not told:
        edits = _lacking(kind, text, finding, patient.files)
        return repaired(patient, path, edited(text, edits)) if edits else {}
    wrong, owner = told[-1][1], told[-1][2]
    nodes = [node for node in _places(kind, text, wrong) if line_of(node) == finding.line]
    nodes = nodes or [node for node in _places(kind, text, wrong) if abs(line_of(node) - (finding.line or 0)) < 4]
    if not nodes or owner.startswith("Promise<"):
        return {}
    said = _MEANT.search(finding.message, told[-1].start())
    right = said[1] if said is not None else _closest(wrong, owner, patient.files, path)
    right = right or _by_value(nodes[0], owner)
    if right is None or right == wrong:
        return {}
    if (agreed := _redeclared(owner, right, wrong, patient)) is not None:
        return agreed
    return repaired(patient, path, edited(text, [renamed(node, right, kind, text) for node in nodes]))


_LACKS = re.compile(r"Property '([\w$]+)' is missing in type '(.+?)' but required in type '(.+?)'\.(?=\s|$)")
_REACH = 40
"""Lines behind a finding in which the object that it is about may go on."""


def _lacking(kind: Kind, text: str, finding: Finding, files: Mapping[str, str]) -> list[Edit]:
    """The only field of an object that its type does not know, called as the one that is missing."""
    for lacked in reversed(list(_LACKS.finditer(finding.message))):
        known = _known_fields(lacked[3], files)
        extra = set(_FIELDS.findall(lacked[2])) - known
        wrong = closest(lacked[1], extra) if known else None
        first = finding.line or 0
        every = [one for one in _places(kind, text, wrong or "") if one.type != "string" and _is_field(one)]
        nodes = [node for node in every if first <= line_of(node) <= first + _REACH] or every
        if wrong is not None and len(nodes) == 1:
            return [renamed(nodes[0], lacked[1], kind, text)]
    return []


def _is_field(node: Node) -> bool:
    parent = node.parent
    if node.type == "shorthand_property_identifier":
        return True
    return parent is not None and parent.type in ("pair", "jsx_attribute") and parent.named_children[0] == node


def _known_fields(owner: str, files: Mapping[str, str]) -> set[str]:
    """The fields of a type as far as the compiler, or the app, tells them."""
    known = set(_FIELDS.findall(owner))
    for word in _WORD.findall(owner):
        known |= fields(word, tuple(sorted(files.items())))
    return known


def _redeclared(owner: str, has: str, asked: str, patient: Patient) -> Repair | None:
    """The type with a field as the contract calls it, where the type alone calls it otherwise."""
    contract = patient.files.get(CONTRACT, "")
    if f'"{asked}"' not in contract or f'"{has}"' in contract:
        return None
    for path, text in patient.files.items():
        if kind_of(path) not in SCRIPTS or path.endswith(".d.ts") or has not in text:
            continue
        for node in walk(root_of(kind_of(path), text)):
            if node.type in _DECLARED and source_of(node.child_by_field_name("name")) in _WORD.findall(owner):
                own = [one for one in _signatures(node) if source_of(one.child_by_field_name("name")) == has]
                name = own[0].child_by_field_name("name") if own else None
                if name is not None:
                    return repaired(patient, path, edited(text, [over(name, asked)])) or None
    return None


_RULES = frozenset(f"tsc/TS{code}" for code in (2339, 2551, 2353, 2561, 2322, 2345, 2769, 2568, 2741, 2739, 2559, 2571))


def _places(kind: Kind, text: str, name: str) -> Iterable[Node]:
    """Where a name stands for a property: behind a dot, as a key, as an attribute, in a pattern, as a string."""
    for node in walk(root_of(kind, text)):
        named = node.type in _PROPERTIES and source_of(node) == name
        if named or (node.type == "string" and source_of(node)[1:-1] == name and _is_key(node.parent)):
            yield node


def _is_key(parent: Node | None) -> bool:
    return parent is not None and parent.type in ("subscript_expression", "pair", "literal_type", "arguments")


_PROPERTIES = ("property_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern")


def renamed(node: Node, right: str, kind: Kind, text: str) -> Edit:
    """The edit that calls a property otherwise; what is put into it stays."""
    wrong = source_of(node)
    bound, used = names(kind, text)
    plain = re.fullmatch(r"[A-Za-z_$][\w$]*", right) is not None
    key = right if plain else f'"{right}"'
    if node.type == "string":
        return over(node, f"{wrong[0]}{right}{wrong[-1]}")
    if node.type == "shorthand_property_identifier":
        return over(node, f"{key}: {wrong}" if wrong in bound or not plain else right)
    if node.type == "shorthand_property_identifier_pattern":
        return over(node, f"{key}: {wrong}" if wrong in used or not plain else right)
    value = node.parent.child_by_field_name("value") if node.parent is not None else None
    if node.parent is not None and node.parent.type == "pair" and value is not None and source_of(value) == right:
        return over(node.parent, right)
    if node.parent is not None and node.parent.type == "jsx_attribute":
        return over(node, right)
    return over(node, key)


def _by_value(node: Node, owner: str) -> str | None:
    """The property of a type that is called as what is given to it."""
    value = node.parent.child_by_field_name("value") if node.parent is not None and node.parent.type == "pair" else None
    name = source_of(value) if value is not None and value.type == "identifier" else ""
    return name if name in _FIELDS.findall(owner) else None


def _closest(wrong: str, owner: str, files: Mapping[str, str], path: str) -> str | None:
    """The property of a type that is meant; of any type of the app, where nothing is known of this one."""
    if owner in _UNKNOWN:
        return None
    known = _known_fields(owner, files)
    if known:
        return meant(wrong, known)
    often = vocabulary(tuple(sorted(files.items())))
    if often[wrong] > sum(source_of(node) == wrong for node in walk(root_of(kind_of(path), files[path]))):
        return None  # it is a property of something else: not the name is wrong, but what it is read from
    return closest(wrong, (name for name, count in often.items() if count > 1), near=_FAR)


@lru_cache(maxsize=128)
def fields(name: str, files: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The properties of an interface, a type or a schema of the app."""
    found: set[str] = set()
    for path, text in files:
        if kind_of(path) not in SCRIPTS or name not in text:
            continue
        for node in walk(root_of(kind_of(path), text)):
            if node.type in _DECLARED and source_of(node.child_by_field_name("name")).strip("\"'") == name:
                found |= set(own_fields(node))
    return frozenset(found)


_DECLARED = ("interface_declaration", "type_alias_declaration", "property_signature", "class_declaration")


def own_fields(node: Node) -> Iterable[str]:
    """The names of the fields that a declaration of a type has in itself."""
    for child in _signatures(node):
        yield source_of(child.child_by_field_name("name")).strip("\"'")


def _signatures(node: Node) -> Iterable[Node]:
    body = next((n for n in walk(node) if n.type in ("object_type", "interface_body", "class_body")), None)
    children = body.named_children if body is not None else []
    return [child for child in children if child.child_by_field_name("name") is not None]


@lru_cache(maxsize=4)
def vocabulary(files: tuple[tuple[str, str], ...]) -> Counter[str]:
    """All names of properties in the app's scripts, with how often each occurs."""
    return Counter(
        source_of(node)
        for path, text in files
        if kind_of(path) in SCRIPTS
        for node in walk(root_of(kind_of(path), text))
        if node.type in _PROPERTIES
    )
