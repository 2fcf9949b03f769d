"""Python text under treatment: its tree, places in it, and edits that leave all else as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from gencode_graph.validation.python_source import read


@dataclass(frozen=True, order=True)
class Edit:
    """Characters ``start`` to ``end`` of a text give way to another text."""

    start: int
    end: int
    text: str


def tree_of(text: str) -> ast.Module | None:
    """The tree of a module; None where it cannot be read."""
    tree = read(text)
    return tree if isinstance(tree, ast.Module) else None


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits, which must not overlap; the same edit twice is made once."""
    for edit in sorted(set(edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def place(text: str, line: int, column: int) -> int:
    """Offset of a place of a tree: lines from 1, columns in bytes of UTF-8."""
    lines = text.splitlines(keepends=True)
    before = sum(len(one) for one in lines[: line - 1])
    here = lines[line - 1] if line <= len(lines) else ""
    return before + (column if here.isascii() else len(here.encode()[:column].decode(errors="ignore")))


def span(text: str, node: ast.stmt | ast.expr | ast.alias | ast.keyword | ast.arg) -> tuple[int, int]:
    """Where a node starts and ends in a text."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return place(text, node.lineno, node.col_offset), place(text, end_line, end_column)


def over(text: str, node: ast.stmt | ast.expr | ast.alias | ast.keyword | ast.arg, new: str) -> Edit:
    """The edit that writes something else in the place of a node."""
    return Edit(*span(text, node), new)


def renamed(text: str, old: str, new: str) -> str:
    """A module in which every use of a name, its import included, is of another one; attributes are left alone."""
    tree = tree_of(text)
    edits = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name) and node.id == old:
            edits.append(over(text, node, new))
        elif isinstance(node, ast.alias) and node.name == old:
            edits.append(over(text, node, new if node.asname is None else f"{new} as {node.asname}"))
    return edited(text, edits)
