"""Names of a script: which are bound in it, and which are used."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from gencode_graph.healing.web.source import SCOPES
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.script_globals import GLOBALS
from gencode_graph.validation.scripts import source_of, tree, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMED = {
    "variable_declarator": "name", "function_declaration": "name", "generator_function_declaration": "name",
    "function_expression": "name", "class_declaration": "name", "class": "name", "abstract_class_declaration": "name",
    "interface_declaration": "name", "type_alias_declaration": "name", "enum_declaration": "name",
    "function_signature": "name", "module": "name", "internal_module": "name", "type_parameter": "name",
    "arrow_function": "parameter", "catch_clause": "parameter", "for_in_statement": "left",
    "required_parameter": "pattern", "optional_parameter": "pattern", "mapped_type_clause": "name",
    "index_signature": "name", "object_assignment_pattern": "left", "assignment_pattern": "left",
    "pair_pattern": "value",
}  # fmt: skip
"""What binds a name, and in which of its parts."""
_ALWAYS = frozenset({
    "import_clause", "namespace_import", "array_pattern", "rest_pattern", "infer_type", "import_specifier",
    "object_pattern", "type_predicate",
})  # fmt: skip
KNOWN_TYPES = frozenset({
    "string", "number", "boolean", "undefined", "null", "any", "unknown", "never", "object", "symbol", "bigint",
    "const", "Partial", "Required", "Readonly", "Record", "Pick", "Omit", "Exclude", "Extract", "NonNullable",
    "Parameters", "ReturnType", "InstanceType", "Awaited", "JSX", "React", "NodeJS", "Uppercase", "Lowercase",
    "Capitalize", "Uncapitalize", "ReadonlyArray", "PromiseLike", "ArrayLike", "Iterable", "AsyncIterable",
    "Iterator", "AsyncIterator", "IterableIterator", "Generator", "AsyncGenerator", "ConstructorParameters",
    "ThisParameterType", "NoInfer", "ReadonlyMap", "ReadonlySet", "PropertyKey", "window", "document", "global",
    "process", "Buffer", "console", "alert", "confirm", "location", "history", "arguments",
})  # fmt: skip
"""Names that the language gives to types, and a few that browsers give to values."""


@lru_cache(maxsize=256)
def names(kind: Kind, text: str) -> tuple[dict[str, list[Node]], dict[str, list[Node]]]:
    """The names that a script binds, and those that it uses, with their places."""
    bound: dict[str, list[Node]] = defaultdict(list)
    used: dict[str, list[Node]] = defaultdict(list)
    for node in walk(tree(kind, text).root_node):
        if node.type in ("shorthand_property_identifier_pattern",):
            bound[source_of(node)].append(node)
        elif node.type == "shorthand_property_identifier":
            used[source_of(node)].append(node)
        elif node.type in ("identifier", "type_identifier"):
            role = _role(node)
            if role == "bound":
                bound[source_of(node)].append(node)
            elif role == "used":
                used[source_of(node)].append(node)
    return bound, used


def _role(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    if parent.type == "import_specifier":
        alias = parent.child_by_field_name("alias")
        return "bound" if alias is None or alias == node else ""
    if parent.type == "export_specifier":
        statement = parent.parent.parent if parent.parent is not None else None
        again = statement is not None and statement.child_by_field_name("source") is not None
        return "used" if parent.child_by_field_name("name") == node and not again else ""
    if parent.type in _ALWAYS:
        return "bound"
    field = _NAMED.get(parent.type)
    if field is not None and parent.child_by_field_name(field) == node:
        return "bound"
    if parent.type in ("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"):
        return "used" if source_of(node)[:1].isupper() else ""
    if parent.type in ("jsx_namespace_name", "nested_identifier", "nested_type_identifier"):
        return "used" if parent.children[0] == node else ""
    return "used"


def unbound(kind: Kind, text: str) -> dict[str, list[Node]]:
    """The names that a script uses, that nothing in it binds, and that are not known everywhere."""
    bound, used = names(kind, text)
    return {
        name: nodes for name, nodes in used.items() if not (name in bound or name in GLOBALS or name in KNOWN_TYPES)
    }


def only_typed(nodes: list[Node]) -> bool:
    """Whether a name is used for nothing but types."""
    around = ("nested_type_identifier", "type_query")
    return all(
        node.type == "type_identifier" or (node.parent is not None and node.parent.type in around) for node in nodes
    )


def visible(binding: Node, use: Node) -> bool:
    """Whether a name that is bound at one place can be used at another."""
    scope: Node | None = binding.parent
    if scope is not None and scope.child_by_field_name("name") == binding and scope.type in _NAMED:
        scope = scope.parent
    while scope is not None and (scope.type not in SCOPES or scope.type.endswith("_parameters")):
        scope = scope.parent
    return scope is None or (scope.start_byte <= use.start_byte and use.end_byte <= scope.end_byte)
