"""How well the brackets of a text fit its lines: formatted code closes what a line opens at the depth of that line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gencode_graph.validation.kinds import SCRIPTS, Kind
from gencode_graph.validation.scripts import source_of, tree, walk

if TYPE_CHECKING:
    from tree_sitter import Node

CLOSERS = {"{": "}", "(": ")", "[": "]"}
_PLAIN = re.compile(r"/\*[\s\S]*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[{}()\[\]]")
Bracket = tuple[str, int, int]
"""What it is, its line from 0, and its column."""


def reads(kind: Kind, text: str) -> bool:
    """Whether a script is one; what was asked about other texts is not put out of the cache for it."""
    return not tree.__wrapped__(kind, text).root_node.has_error


def brackets(kind: Kind, text: str, *, alone: bool = False) -> Iterator[Bracket]:
    """The brackets of a text, and the tags of elements as ``<name>`` and ``</name>``; none in strings and comments.

    Elements of one tag, ``<name/>``, only where they are asked for.
    """
    if kind in SCRIPTS:
        for node in walk(tree.__wrapped__(kind, text).root_node):
            if node.type == "jsx_opening_element":
                yield f"<{_name(node)}>", node.start_point[0], node.start_point[1]
            elif node.type == "jsx_self_closing_element":
                yield f"<{_name(node)}{'/' if alone else ''}>", node.start_point[0], node.start_point[1]
            elif node.type == "/>" and not alone and node.parent is not None:
                yield f"</{_name(node.parent)}>", node.start_point[0], node.start_point[1]
            elif node.type == "jsx_closing_element":
                yield f"</{_name(node)}>", node.start_point[0], node.start_point[1]
            elif node.child_count == 0 and node.type in ("{", "(", "[", "}", ")", "]", "${") and not node.is_missing:
                yield node.type.removeprefix("$"), node.start_point[0], node.start_point[1]
        return
    for match in _PLAIN.finditer(text):
        if match[0] in "{}()[]":
            line = text.count("\n", 0, match.start())
            yield match[0], line, match.start() - (text.rfind("\n", 0, match.start()) + 1)


def _name(tag: Node) -> str:
    return source_of(tag.child_by_field_name("name"))


def _opens(sign: str) -> bool:
    return sign in CLOSERS or (sign.startswith("<") and not sign.startswith("</"))


def doubts(kind: Kind, text: str) -> list[tuple[int, int]]:
    """Pairs of lines, from 0, between which a bracket is missing or too many."""
    lines = text.split("\n")
    depth = [len(line) - len(line.lstrip()) for line in lines]
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int, bool]] = []
    for sign, line, column in brackets(kind, text):
        if _opens(sign):
            stack.append((CLOSERS.get(sign, f"</{sign[1:]}"), line, not lines[line][column + 1 :].strip()))
            continue
        first = not lines[line][:column].strip(" )]}")
        while stack and stack[-1][0] != sign and any(one[0] == sign for one in stack):
            found.append((stack.pop()[1], line))
        if not stack or stack[-1][0] != sign:
            found.append((line, line))
            continue
        _, opened, last = stack.pop()
        if opened != line and ((first and depth[opened] != depth[line]) or (last and not first)):
            found.append((opened, line))
    return found + [(opened, len(lines) - 1) for _, opened, _ in stack]


def oddness(kind: Kind, text: str) -> int:
    """By how many columns all lines together are off from where their brackets put them."""
    by_line: dict[int, list[tuple[str, int]]] = {}
    for sign, place, column in brackets(kind, text):
        by_line.setdefault(place, []).append((sign, column))
    stack: list[int] = []
    off = 0
    for number, line in enumerate(text.split("\n")):
        signs = by_line.get(number, [])
        closing = len(stack)
        for sign, column in signs:
            if _opens(sign) or line[:column].strip(" )]}"):
                break
            closing -= 1
        if line.strip():
            off += abs(2 * len(set(stack[: max(0, closing)])) - (len(line) - len(line.lstrip())))
        for sign, _ in signs:
            if _opens(sign):
                stack.append(number)
            elif stack:
                stack.pop()
    return off
