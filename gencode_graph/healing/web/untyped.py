"""Parameters without a type: by what stands unused beside them, by what others of their name are, by what is given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.app import exporters, scripts, source_for
from gencode_graph.healing.web.bindings import KNOWN_TYPES, names
from gencode_graph.healing.web.importing import Named, with_import
from gencode_graph.healing.web.manifests import declared, package_of
from gencode_graph.healing.web.packages import providers
from gencode_graph.healing.web.property_name import own_fields
from gencode_graph.healing.web.source import Repair, above, edited, line_of, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind, kind_of
from gencode_graph.validation.script_globals import GLOBALS
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

ANY = "any"
"""What a parameter without a type is to the compiler, said in as many words; nothing else fits all that it may be."""
_SAID = re.compile(r"^(?:Parameter|Binding element|Rest parameter) '([\w$]+)' implicitly has an? '")
_PATTERNS = ("object_pattern", "array_pattern")
_USUAL = {"className": "string", "key": "string", "href": "string", "htmlFor": "string"}
"""Attributes that are the same everywhere."""
_LITERALS = {"string": "string", "template_string": "string", "number": "number", "true": "boolean", "false": "boolean"}


def untyped(finding: Finding, patient: Patient) -> Repair:
    """The script with the type written down, and imported where it has to be."""
    at = script(finding, patient)
    said = _SAID.search(finding.message)
    if at is None or said is None or finding.rule not in ("tsc/TS7006", "tsc/TS7031", "tsc/TS7019"):
        return {}
    path, kind, text = at
    node = _parameter(kind, text, said[1], finding.line)
    if node is None:
        return {}
    pattern = node.child_by_field_name("pattern") or node
    if pattern.type in _PATTERNS:
        note = _of_pattern(pattern, path, patient)
    elif pattern.type == "rest_pattern":
        note = f"{ANY}[]"
    else:
        note = _agreed(said[1], path, patient) or ANY
    if node.type == "identifier":
        text = edited(text, [(node.start_byte, node.end_byte, f"({source_of(node)}: {note})")])
    else:
        text = edited(text, [(pattern.end_byte, pattern.end_byte, f": {note}")])
    return repaired(patient, path, _with_types(kind, text, note, path, patient.files))


def _parameter(kind: Kind, text: str, name: str, line: int | None) -> Node | None:
    """The parameter of a name, or in whose pattern a name is, that has no type yet."""
    for node in walk(root_of(kind, text)):
        if source_of(node) != name or line_of(node) != line:
            continue
        alone = node.parent is not None and node.parent.type == "arrow_function"
        if alone and node.parent is not None and node.parent.child_by_field_name("parameter") == node:
            return node
        around = above(node.parent, "required_parameter", "optional_parameter", "statement_block")
        if around is None or around.type == "statement_block" or around.child_by_field_name("type") is not None:
            continue
        pattern = around.child_by_field_name("pattern")
        if pattern is not None and pattern.start_byte <= node.start_byte and node.end_byte <= pattern.end_byte:
            return around
    return None


def _of_pattern(pattern: Node, path: str, patient: Patient) -> str:
    """The type of an object that is taken apart."""
    if pattern.type == "array_pattern" or any(child.type == "rest_pattern" for child in pattern.named_children):
        return ANY
    kind, text = kind_of(path), patient.files[path]
    parts = {_key(child): child for child in pattern.named_children if child.type != "comment"}
    bound, used = names(kind, text)
    for node in walk(root_of(kind, text)):
        if node.type in ("interface_declaration", "type_alias_declaration"):
            name = source_of(node.child_by_field_name("name"))
            if name in bound and name not in used and set(parts) <= set(own_fields(node)):
                return name
    function = above(pattern, "function_declaration", "variable_declarator")
    component = source_of(function.child_by_field_name("name")) if function is not None else ""
    given = _given(component, patient.files) if component[:1].isupper() else []
    fields = []
    for key, child in parts.items():
        preset = child.child_by_field_name("right") if child.type == "object_assignment_pattern" else None
        note = _LITERALS.get(preset.type, ANY) if preset is not None else _agreed(key, path, patient) or ANY
        always = preset is None and key not in _USUAL and all(key in one for one in given)
        fields.append(f"{key}{'' if always else '?'}: {note}")
    return f"{{ {'; '.join(fields)} }}"


def _key(part: Node) -> str:
    if part.type == "object_assignment_pattern":
        return source_of(part.child_by_field_name("left"))
    return source_of(part.child_by_field_name("key") or part)


def _given(component: str, files: Mapping[str, str]) -> list[set[str]]:
    """The attributes of each element of a component; all that there may be where some are spread."""
    found = []
    for path in scripts(files):
        if f"<{component}" not in files[path]:
            continue
        for node in walk(root_of(kind_of(path), files[path])):
            tag = node.type in ("jsx_opening_element", "jsx_self_closing_element")
            if not tag or source_of(node.child_by_field_name("name")) != component:
                continue
            if not any(child.type == "jsx_expression" for child in node.named_children):
                attributes = (child for child in node.named_children if child.type == "jsx_attribute")
                found.append({source_of(one.named_children[0]) for one in attributes})
            if node.type == "jsx_opening_element" and found:
                found[-1].add("children")
    return found


def _agreed(name: str, path: str, patient: Patient) -> str | None:
    """The type that all others of a name have in the app, as far as this script can have it too."""
    if name in _USUAL:
        return _USUAL[name]
    seen = types_by_name(tuple(sorted((p, patient.files[p]) for p in scripts(patient.files)))).get(name, Counter())
    if len(seen) != 1 or not seen.total() > 1:
        return None
    note = next(iter(seen))
    return note if all(_reachable(one, path, patient.files) for one in _types_in(note)) else None


def _reachable(name: str, path: str, files: Mapping[str, str]) -> bool:
    known = name in GLOBALS or name in KNOWN_TYPES or name in names(kind_of(path), files[path])[0]
    return known or _origin(name, path, files) is not None


def _origin(name: str, path: str, files: Mapping[str, str]) -> str | None:
    found = [one for one in exporters(name, files) if one != path]
    if len(found) == 1:
        return source_for(found[0], path, files)
    have = declared(files)
    known = [source for source, there in providers(name) if there == name and package_of(source) in have]
    return known[0] if len(known) == 1 and not found else None


def _types_in(note: str) -> set[str]:
    return set(re.findall(r"(?<![.\w\"'])[A-Z]\w*", re.sub(r"\"[^\"]*\"", "", note)))


def _with_types(kind: Kind, text: str, note: str, path: str, files: Mapping[str, str]) -> str:
    """A script with the imports of the types that it has not yet."""
    for name in sorted(_types_in(note)):
        if name not in names(kind, text)[0] and name not in GLOBALS and name not in KNOWN_TYPES:
            source = _origin(name, path, files)
            if source is not None:
                text = with_import(kind, text, source, Named(name=name, local=name, typed=True))
    return text


@lru_cache(maxsize=4)
def types_by_name(files: tuple[tuple[str, str], ...]) -> Mapping[str, Counter[str]]:
    """The types that parameters and properties of a name have in some scripts; generic ones left out."""
    found: dict[str, Counter[str]] = {}
    for path, text in files:
        for node in walk(root_of(kind_of(path), text)):
            if node.type not in ("required_parameter", "optional_parameter", "property_signature"):
                continue
            name = source_of(node.child_by_field_name("pattern") or node.child_by_field_name("name"))
            note = source_of(node.child_by_field_name("type")).removeprefix(":").strip()
            if name.isidentifier() and note:
                found.setdefault(name, Counter())["\0" if _open(note) else " ".join(note.split())] += 1
    return {name: seen for name, seen in found.items() if "\0" not in seen}


def _open(note: str) -> bool:
    """Whether a type stands for itself only where it is: it has parameters of types, or goes on for long."""
    return re.search(r"\b[A-Z]\d?\b|\bkeyof\b|\binfer\b", note) is not None or len(note) > 60
