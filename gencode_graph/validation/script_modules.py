"""What a script imports and exports, read off its top level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import matches, source_of, tree

if TYPE_CHECKING:
    from tree_sitter import Node

_LAZY = """
(call_expression function: (import) arguments: (arguments . (string) @source))
(call_expression function: (identifier) @name arguments: (arguments . (string) @source) (#eq? @name "require"))
"""
_BOUND = ("identifier", "shorthand_property_identifier_pattern", "type_identifier")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One module that another one names."""

    source: str
    line: int
    names: tuple[str, ...] = ()
    """As the other module exports them; ``default`` among them."""
    typed: bool = False
    """Only types are imported."""
    optional: bool = False
    """By ``require``, which may stand where it is never reached."""


@dataclass(frozen=True, kw_only=True)
class ScriptModule:
    """A script as others see it."""

    imports: tuple[Import, ...]
    exports: frozenset[str]
    stars: tuple[str, ...]
    """Modules of which everything is exported again."""
    opaque: bool
    """It exports in a way that cannot be read off."""


@lru_cache(maxsize=1024)
def script_module(kind: Kind, text: str) -> ScriptModule:
    """The imports and exports of a script; kept for the texts asked for last."""
    root = tree(kind, text).root_node
    imports: list[Import] = []
    exports: set[str] = set()
    stars: list[str] = []
    opaque = root.has_error
    for node in root.named_children:
        if node.type == "import_statement":
            imports += _import(node)
        elif node.type == "export_statement":
            source = _string(node.child_by_field_name("source"))
            names = set(_exported(node))
            exports |= names - {"="}
            opaque = opaque or "=" in names
            if source:
                imports.append(Import(source=source, line=_line(node), names=tuple(_reexported(node))))
                if not names:
                    stars.append(source)
        elif node.type in ("expression_statement", "ambient_declaration"):
            opaque = opaque or "exports" in source_of(node)[:200] or node.type == "ambient_declaration"
    found = matches(kind, _LAZY, root)
    for node in found.get("source", []):
        required = node.parent is not None and source_of(node.parent.prev_sibling) == "require"
        imports.append(Import(source=_string(node), line=_line(node), optional=required))
    opaque = opaque or (not exports and not stars and "exports" in text)
    return ScriptModule(imports=tuple(imports), exports=frozenset(exports), stars=tuple(stars), opaque=opaque)


def _import(node: Node) -> Iterator[Import]:
    source = _string(node.child_by_field_name("source"))
    if not source:
        return
    names: list[str] = []
    for clause in (child for child in node.named_children if child.type == "import_clause"):
        for part in clause.named_children:
            if part.type == "identifier":
                names.append("default")
            elif part.type == "named_imports":
                names += [
                    source_of(specifier.child_by_field_name("name"))
                    for specifier in part.named_children
                    if specifier.type == "import_specifier"
                ]
    typed = any(child.type == "type" for child in node.children)
    yield Import(source=source, line=_line(node), names=tuple(names), typed=typed)


def _exported(node: Node) -> Iterator[str]:
    """The names that an export statement gives to others; ``=`` where it is an assignment."""
    if any(child.type == "default" for child in node.children):
        yield "default"
    if any(child.type in ("=", "as") for child in node.children):
        yield "="
    for child in node.named_children:
        if child.type == "export_clause":
            for specifier in (part for part in child.named_children if part.type == "export_specifier"):
                alias = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                yield source_of(alias).strip("\"'")
        elif child.type == "namespace_export":
            yield from (source_of(part) for part in child.named_children)
        else:
            yield from _declared(child)


def _reexported(node: Node) -> Iterator[str]:
    for clause in (child for child in node.named_children if child.type == "export_clause"):
        for specifier in clause.named_children:
            if specifier.type == "export_specifier":
                yield source_of(specifier.child_by_field_name("name")).strip("\"'")


def _declared(node: Node) -> Iterator[str]:
    """The names that a declaration binds."""
    if node.type == "ambient_declaration":
        for child in node.named_children:
            yield from _declared(child)
    elif node.type in ("lexical_declaration", "variable_declaration"):
        for declarator in node.named_children:
            if (name := declarator.child_by_field_name("name")) is not None:
                yield from _bound(name)
    elif node.type.endswith(("_declaration", "_signature", "module")):
        name = node.child_by_field_name("name")
        if name is not None:
            yield source_of(name)


def _bound(pattern: Node) -> Iterator[str]:
    if pattern.type in _BOUND:
        yield source_of(pattern)
    for child in pattern.named_children:
        if child.type == "pair_pattern":
            value = child.child_by_field_name("value")
            if value is not None:
                yield from _bound(value)
        elif child.type in (*_BOUND, "object_pattern", "array_pattern", "rest_pattern", "object_assignment_pattern"):
            yield from _bound(child)


def _string(node: Node | None) -> str:
    return source_of(node)[1:-1]


def _line(node: Node) -> int:
    return node.start_point[0] + 1
