"""Names, attributes, properties and keywords that are written otherwise than they are called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING

from benchmarks.mutators.apps import App, Changes, misspelt, shuffled, somewhere
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.scripts import source_of, tree, walk

if TYPE_CHECKING:
    from tree_sitter import Node

Place = tuple[int, int]
"""Of a word: where it begins and ends, in bytes."""


def name(app: App, dice: Random) -> Changes | None:
    """A variable, function or class by another name."""

    def places(module: ast.Module) -> Iterator[ast.expr]:
        yield from (n for n in ast.walk(module) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))

    return _python(app, dice, places, lambda node: getattr(node, "id", ""))


def attribute(app: App, dice: Random) -> Changes | None:
    """An attribute by another name."""

    def places(module: ast.Module) -> Iterator[ast.expr]:
        yield from (n for n in ast.walk(module) if isinstance(n, ast.Attribute))

    return _python(app, dice, places, lambda node: getattr(node, "attr", ""))


def keyword(app: App, dice: Random) -> Changes | None:
    """A keyword of a call by another name."""

    def change(text: str) -> str | None:
        calls = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)]
        for word in shuffled((k for call in calls for k in call.keywords if k.arg), dice):
            if (wrong := misspelt(word.arg or "", dice, app.words)) is not None:
                lines = text.splitlines(keepends=True)
                line = lines[word.lineno - 1].encode()
                start = word.col_offset
                lines[word.lineno - 1] = (line[:start] + wrong.encode() + line[start + len(word.arg or "") :]).decode()
                return "".join(lines)
        return None

    return somewhere(app.python, app, dice, change)


def _python(
    app: App, dice: Random, places: Callable[[ast.Module], Iterator[ast.expr]], word_of: Callable[[ast.expr], str]
) -> Changes | None:
    def change(text: str) -> str | None:
        for node in shuffled(places(ast.parse(text)), dice):
            word = word_of(node)
            wrong = misspelt(word, dice, app.words)
            if wrong is None or word.startswith("__") or node.end_lineno is None or node.end_col_offset is None:
                continue
            lines = text.splitlines(keepends=True)
            line, end = lines[node.end_lineno - 1].encode(), node.end_col_offset
            if line[end - len(word.encode()) : end] != word.encode():
                continue
            lines[node.end_lineno - 1] = (line[: end - len(word.encode())] + wrong.encode() + line[end:]).decode()
            return "".join(lines)
        return None

    return somewhere(app.python, app, dice, change)


_USES = ("arguments", "binary_expression", "ternary_expression", "jsx_expression", "template_substitution", "pair")


def _is_use(node: Node) -> bool:
    """Whether an identifier stands for something that was bound elsewhere."""
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    if parent.type in ("call_expression", "new_expression", "member_expression", "return_statement", *_USES):
        return True
    return parent.type == "jsx_self_closing_element"


def identifier(app: App, dice: Random) -> Changes | None:
    """A variable, function or component of a script by another name."""
    return _script(app, dice, _is_use)


def type_name(app: App, dice: Random) -> Changes | None:
    """A type by another name."""
    return _script(
        app, dice, lambda n: n.type == "type_identifier" and n.parent is not None and n.parent.type == "type_annotation"
    )


def member(app: App, dice: Random) -> Changes | None:
    """A property by another name, where it is read."""
    return _script(
        app,
        dice,
        lambda n: n.type == "property_identifier" and n.parent is not None and n.parent.type == "member_expression",
    )


def prop(app: App, dice: Random) -> Changes | None:
    """A property of a component by another name."""
    return _script(
        app,
        dice,
        lambda n: n.type == "property_identifier" and n.parent is not None and n.parent.type == "jsx_attribute",
    )


def key(app: App, dice: Random) -> Changes | None:
    """A key of an object by another name."""
    return _script(
        app, dice, lambda n: n.type == "property_identifier" and n.parent is not None and n.parent.type == "pair"
    )


def _script(app: App, dice: Random, fits: Callable[[Node], bool]) -> Changes | None:
    def change(path: str) -> str | None:
        text = app.files[path]
        for node in shuffled(filter(fits, walk(tree(kind_of(path), text).root_node)), dice):
            if (wrong := misspelt(source_of(node), dice, app.words)) is not None:
                data = text.encode()
                return (data[: node.start_byte] + wrong.encode() + data[node.end_byte :]).decode()
        return None

    for path in shuffled(app.scripts, dice):
        if (made := change(path)) is not None:
            return {path: made}
    return None


NAMES = {"python": (name,), "typescript": (identifier, identifier, type_name)}
ATTRIBUTES = {"python": (attribute, keyword), "typescript": (member, prop, key)}
