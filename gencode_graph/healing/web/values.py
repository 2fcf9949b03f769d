"""Values in a script that something takes: what is given to a name, an attribute, a function or its caller."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gencode_graph.healing.web.source import line_of, root_of
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

MISFIT = re.compile(
    r"(?:Type|Argument of type) '((?:[^']|'(?!\s))+?)' is not assignable to (?:parameter of )?type '(.+?)'\.(?=\s|$)"
)
"""What the compiler says of a value of the wrong type: the type that it has, and the one that is wanted."""
_BARE = ("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression")


def taken_on(kind: Kind, text: str, finding: Finding, *, arguments: bool = False) -> list[Node]:
    """The values that are given to something where a finding is, or only those that are given to functions."""
    found: list[tuple[Node, Node]] = []
    for node in walk(root_of(kind, text)):
        if node.type == "arguments" and arguments:
            found += [(one, one) for one in node.named_children]
        elif not arguments:
            found += [(node, value) for value in _given(node)]
    told = at_place([node for node, _ in found], text, finding)
    places = {(node.start_byte, node.end_byte) for node in told}
    some = [value for node, value in found if (node.start_byte, node.end_byte) in places]
    return list({(n.start_byte, n.end_byte): n for n in some if n.type not in ("comment", "spread_element")}.values())


def at_place(nodes: Iterable[Node], text: str, finding: Finding) -> list[Node]:
    """The nodes that start where a finding is; all of its line, where none does or its column is not known."""
    here = [node for node in nodes if line_of(node) == finding.line]
    told = [node for node in here if finding.column is not None and column_of(node, text) == finding.column]
    return told or here


def column_of(node: Node, text: str) -> int:
    """The column in which a node starts, from 1, in characters."""
    start = node.start_byte
    return len(text.encode()[start - node.start_point[1] : start].decode("utf-8", "replace")) + 1


def _given(node: Node) -> Iterator[Node]:
    """What a declaration, an attribute, a pair, an assignment or a return gives on."""
    value: Node | None = None
    if node.type == "jsx_attribute":
        value = node.named_children[1] if node.named_child_count > 1 else None
        if value is not None and value.type == "jsx_expression":
            value = value.named_children[0] if value.named_child_count else None
    elif node.type in ("variable_declarator", "pair", "required_parameter", "public_field_definition"):
        value = node.child_by_field_name("value")
    elif node.type in ("assignment_expression", "assignment_pattern", "object_assignment_pattern"):
        value = node.child_by_field_name("right")
    elif node.type == "return_statement":
        value = node.named_children[0] if node.named_child_count else None
    elif node.type == "shorthand_property_identifier":
        value = node
    elif node.parent is not None and node.parent.type == "arrow_function" and node.type != "statement_block":
        value = node if node.parent.child_by_field_name("body") == node else None
    if value is not None:
        yield value


def put(node: Node, new: str) -> tuple[int, int, str]:
    """The edit that puts another value in the place of one; a value by its name alone gets its name back."""
    if node.type == "shorthand_property_identifier":
        new = f"{source_of(node)}: {new}"
    parent = node.parent
    if node.type == "string" and parent is not None and parent.type == "jsx_attribute" and not new.startswith('"'):
        new = f"{{{new}}}"
    if (
        parent is not None
        and parent.type == "jsx_expression"
        and parent.parent is not None
        and parent.parent.type == "jsx_attribute"
        and re.fullmatch(r'"[^"\\]*"', new)
    ):
        return parent.start_byte, parent.end_byte, new
    return node.start_byte, node.end_byte, new


def bare(node: Node) -> Node:
    """A value without what stands around it and changes nothing."""
    while node.type in _BARE and node.named_child_count:
        node = node.named_children[0]
    return node


def tight(text: str) -> str:
    """A value as a part of another one: in brackets, unless it holds together by itself."""
    return text if re.fullmatch(r"[\w$.?!]+(?:\([^()]*\)|\[[^\[\]]*\])*", text) else f"({text})"


def plain_default(wanted: str) -> str | None:
    """What stands for nothing in a type: ``""``, 0, false, an empty list; None where there is no such thing."""
    kinds = parts(wanted)
    for simple, nothing in (("string", '""'), ("number", "0"), ("boolean", "false")):
        if simple in kinds:
            return nothing
    if kinds & {"true", "false"}:
        return "false"
    return "[]" if kinds and all(_is_list(one) for one in kinds) else None


def _is_list(kind: str) -> bool:
    return kind.endswith("[]") or kind.startswith(("Array<", "ReadonlyArray<", "readonly "))


def parts(union: str) -> set[str]:
    """The parts of a union of types, at its top."""
    found, depth, start, quoted = [], 0, 0, False
    for place, sign in enumerate(union):
        quoted = quoted != (sign == '"')
        if quoted:
            continue
        depth += (sign in "<({[") - (sign in ")}]" or (sign == ">" and union[place - 1 : place] != "="))
        if sign == "|" and depth == 0:
            found.append(union[start:place])
            start = place + 1
    return {one.strip() for one in (*found, union[start:]) if one.strip()}
