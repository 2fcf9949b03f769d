"""TypeScript and JavaScript as trees, and what keeps a text from being one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from gencode_graph.validation.kinds import Kind, Problem, last_line, shown

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query, Tree

_CLOSERS = {"{": "}", "(": ")", "[": "]", "${": "}", "`": "`"}
MAX_PROBLEMS = 5
_NEWER = re.compile(
    r"(?<=[<,])\s*(?:in out|in|out)(?=\s+[A-Z]\w*)|(?<=export )type(?= \*)|(?<=\n)(?:in out|out)(?= [A-Z])"
)
"""Variance of type parameters, and the export of all types of a module."""
_CALL = (
    re.compile(r"(?<=[\w>\])}/\n]\n)[ \t](?=[ \t]*<\s*\w+ = )"),
    re.compile(r"(?<=[\w>\])}/\n]\n)[ \t](?=[ \t]*<[A-Z\s])"),
)
"""A call signature behind another one without a semicolon: in TSX, where it cannot be an element, and in TypeScript."""


SHALLOW = 20_000
"""Characters up to which a text cannot be nested so deeply that it hurts."""
DEEPEST = 1_000
TOO_DEEP = b"export {};"
"""What is read instead of a text that is nested more deeply."""


@cache
def grammar(kind: Kind) -> Language:
    """The grammar of ``ts`` or ``tsx``."""
    import tree_sitter_typescript
    from tree_sitter import Language

    typed = kind == "ts"
    return Language(tree_sitter_typescript.language_typescript() if typed else tree_sitter_typescript.language_tsx())


@lru_cache(maxsize=512)
def tree(kind: Kind, text: str) -> Tree:
    """The syntax tree of a text, with error nodes where it does not fit. Kept for the texts read last.

    What is newer than the grammar is blanked out, where that makes a program of the text; places stay the same.
    """
    from tree_sitter import Parser

    parser = Parser(grammar(kind))
    read = parser.parse(text.encode("utf-8", "replace"))
    if len(text) > SHALLOW and _depth(read) > DEEPEST:
        return parser.parse(TOO_DEEP)
    if not read.root_node.has_error:
        return read
    older = _NEWER.sub(lambda match: " " * len(match[0]), text)
    older = _CALL[kind == "ts"].sub(";", older)
    again = parser.parse(older.encode("utf-8", "replace")) if older != text else read
    return read if again.root_node.has_error else again


def _depth(read: Tree) -> int:
    """How deep a tree goes, or more than ``DEEPEST``: then the way up from each of its nodes takes too long."""
    cursor, depth, deepest = read.walk(), 0, 0
    while deepest <= DEEPEST:
        if cursor.goto_first_child():
            depth += 1
            deepest = max(depth, deepest)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return deepest
            depth -= 1
    return deepest


def problems(kind: Kind, text: str) -> list[Problem]:
    """Nothing for a text that is a program; else what is open at its end, or the first places that do not fit."""
    root = tree(kind, text).root_node
    if root.text == TOO_DEEP:
        return [Problem(message="it is nested too deeply", line=1)]
    if not root.has_error:
        return []
    end = len(text.rstrip().encode("utf-8", "replace"))
    if opened := _open(root):
        sign, line = opened[-1]
        return [Problem(message=f"{sign} of line {line} is never closed", line=line, at_end=True)]
    found: list[Problem] = []
    for node in _errors(root):
        line = node.start_point[0] + 1
        reaches = node.end_byte >= end and line >= last_line(text) - 2
        if node.is_missing:
            found.append(Problem(message=f"{node.type!r} is missing", line=line, at_end=reaches))
        else:
            source = (node.text or b"").decode("utf-8", "replace")
            found.append(Problem(message=f"{shown(source)!r} does not fit here", line=line, at_end=reaches))
    return found[:MAX_PROBLEMS]


@cache
def query(kind: Kind, source: str) -> Query:
    """A compiled query of tree-sitter."""
    from tree_sitter import Query

    return Query(grammar(kind), source)


def matches(kind: Kind, source: str, node: Node) -> dict[str, list[Node]]:
    """The nodes below a node that a query captures, by the names of the captures."""
    from tree_sitter import QueryCursor

    return QueryCursor(query(kind, source)).captures(node)


def each_match(kind: Kind, source: str, node: Node) -> list[dict[str, list[Node]]]:
    """The captures of each match of a query, in the order of the text."""
    from tree_sitter import QueryCursor

    return [found for _, found in QueryCursor(query(kind, source)).matches(node)]


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    cursor = node.walk()
    while True:
        if cursor.node is not None:
            yield cursor.node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def source_of(node: Node | None) -> str:
    """The text of a node; empty for none."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def _errors(root: Node) -> Iterator[Node]:
    if root.is_missing or root.is_error:
        yield root
        return
    for child in root.children:
        if child.has_error or child.is_missing:
            yield from _errors(child)


def _open(root: Node) -> list[tuple[str, int]]:
    """Brackets, templates and JSX elements that are open at the end, outermost first, with their lines."""
    stack: list[tuple[str, int]] = []
    for node in walk(root):
        line = node.start_point[0] + 1
        if node.child_count or node.is_missing:
            continue
        if node.type == "`" and stack and stack[-1][0] == "`":
            stack.pop()
        elif node.type in _CLOSERS:
            stack.append((node.type, line))
        elif node.type == "<" and (tag := _unclosed(node.parent)):
            stack.append((tag, line))
        elif node.type in ("}", ")", "]") and any(_CLOSERS.get(sign) == node.type for sign, _ in stack):
            while _CLOSERS.get(stack.pop()[0]) != node.type:
                pass
    return stack


def _unclosed(tag: Node | None) -> str | None:
    """``<name>`` for the start tag of an element that has no end tag."""
    if (
        tag is None
        or tag.type != "jsx_opening_element"
        or (tag.parent is not None and tag.parent.type == "jsx_element")
    ):
        return None
    return f"<{source_of(tag.child_by_field_name('name'))}>"
