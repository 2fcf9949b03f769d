"""Import statements of scripts: what they bring, and a script with one more, one fewer or another one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gencode_graph.healing.web.source import Edit, edited, line_of, over, root_of
from gencode_graph.validation.kinds import Kind
from gencode_graph.validation.scripts import source_of

if TYPE_CHECKING:
    from tree_sitter import Node

WIDTH = 120
"""Columns of a line, as the apps' formatter has it."""


@dataclass(frozen=True, kw_only=True, order=True)
class Named:
    """One name of an import statement."""

    name: str
    """As the other module exports it; ``default``, or ``*`` for all of it."""
    local: str
    """As this script calls it."""
    typed: bool = False

    @property
    def text(self) -> str:
        """As it stands between the braces."""
        alias = f" as {self.local}" if self.local != self.name else ""
        return f"{'type ' if self.typed else ''}{self.name}{alias}"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One import statement."""

    source: str
    line: int
    named: tuple[Named, ...]
    span: tuple[int, int]
    """Bytes of the statement."""

    @property
    def brings(self) -> frozenset[str]:
        """The names as the other module exports them."""
        return frozenset(one.name for one in self.named)


@lru_cache(maxsize=1024)
def imports_of(kind: Kind, text: str) -> tuple[Statement, ...]:
    """The import statements at the top of a script."""
    return tuple(
        _statement(node)
        for node in root_of(kind, text).named_children
        if node.type == "import_statement" and node.child_by_field_name("source") is not None
    )


def _statement(node: Node) -> Statement:
    whole = any(child.type == "type" for child in node.children)
    named: list[Named] = []
    for clause in (child for child in node.named_children if child.type == "import_clause"):
        for part in clause.named_children:
            if part.type == "identifier":
                named.append(Named(name="default", local=source_of(part), typed=whole))
            elif part.type == "namespace_import":
                named.append(Named(name="*", local=source_of(part.named_children[0]), typed=whole))
            else:
                named += [_specifier(one, whole) for one in part.named_children if one.type == "import_specifier"]
    return Statement(
        source=source_of(node.child_by_field_name("source"))[1:-1],
        line=line_of(node),
        named=tuple(named),
        span=(node.start_byte, node.end_byte),
    )


def _specifier(node: Node, whole: bool) -> Named:
    name = source_of(node.child_by_field_name("name"))
    alias = node.child_by_field_name("alias")
    typed = whole or any(child.type == "type" for child in node.children)
    return Named(name=name, local=source_of(alias) if alias is not None else name, typed=typed)


def written(source: str, named: Iterable[Named]) -> str:
    """An import statement as the apps' formatter writes it."""
    every = list(named)
    if not every:
        return f'import "{source}";'
    whole = all(one.typed for one in every)
    head = "import type " if whole else "import "
    parts = [one.local for one in every if one.name == "default"]
    parts += [f"* as {one.local}" for one in every if one.name == "*"]
    inner = [
        Named(name=n.name, local=n.local, typed=n.typed and not whole).text
        for n in sorted(every, key=_order)
        if n.name not in ("default", "*")
    ]
    if not inner:
        return f'{head}{", ".join(parts)} from "{source}";'
    flat = f'{head}{", ".join([*parts, "{ " + ", ".join(inner) + " }"])} from "{source}";'
    if len(flat) <= WIDTH:
        return flat
    braces = "{\n" + "".join(f"  {one},\n" for one in inner) + "}"
    return f'{head}{", ".join([*parts, braces])} from "{source}";'


def _order(one: Named) -> list[tuple[str, bool]]:
    return [(letter.lower(), letter.islower()) for letter in one.name]


def with_import(kind: Kind, text: str, source: str, new: Named) -> str:
    """A script that also imports a name: in the statement that takes from the same module, or in one of its own."""
    statements = imports_of(kind, text)
    for one in statements:
        fits = "*" not in one.brings and new.name != "*" and one.named
        if one.source == source and fits and not (new.name == "default" and "default" in one.brings):
            if any(known.typed for known in one.named if known.name == "default"):
                continue
            if new.name == "default" and new.typed:
                continue
            return edited(text, [(*one.span, written(source, [*one.named, new]))])
    later = next((one for one in statements if one.named and _rank(one.source) > _rank(source)), None)
    line = written(source, [new])
    if later is not None:
        return edited(text, [(later.span[0], later.span[0], f"{line}\n")])
    if statements:
        end = statements[-1].span[1]
        return edited(text, [(end, end, f"\n{line}")])
    head = re.match(r"(?:\s*(?:///[^\n]*|['\"]use \w+['\"];?)\s*\n)*", text)
    at = len(text[: head.end()].encode()) if head is not None else 0
    rest = text.encode()[at:].decode()
    return text.encode()[:at].decode() + (f"{line}\n\n{rest.lstrip()}" if rest.strip() else f"{line}\n")


def _rank(source: str) -> tuple[int, str]:
    """Where a module comes among imports: packages, the app by its alias, what lies around."""
    groups = ("node:", "", "@/", "..", ".")
    group = next((n for n in (0, 2, 3, 4) if source.startswith(groups[n])), 1)
    return group, source.lower()


def without(text: str, one: Statement, local: str) -> str:
    """A script without a name that a statement brings; the statement goes with its last name."""
    left = [named for named in one.named if named.local != local]
    if left:
        return edited(text, [(*one.span, written(one.source, left))])
    return dropped(text, one)


def dropped(text: str, one: Statement) -> str:
    """A script without an import statement and its line."""
    source = text.encode()
    start, end = one.span
    if source[end : end + 1] == b"\n":
        end += 1
    while start == 0 and source[end : end + 1] == b"\n":
        end += 1
    return (source[:start] + source[end:]).decode()


def renewed(one: Statement, source: str, named: Iterable[Named]) -> Edit:
    """The edit that writes a statement anew."""
    return (*one.span, written(source, named))


def resourced(kind: Kind, text: str, old: str, new: str) -> str:
    """A script that names another module: in its imports and its exports of others, static or not."""
    edits = [over(node, f'"{new}"') for node in _sources(root_of(kind, text)) if source_of(node)[1:-1] == old]
    return edited(text, edits)


def _sources(root: Node) -> Iterable[Node]:
    from gencode_graph.validation.scripts import walk

    for node in walk(root):
        if node.type != "string" or node.parent is None:
            continue
        if node.parent.type in ("import_statement", "export_statement"):
            yield node
        elif node.parent.type == "arguments" and node.parent.parent is not None:
            function = node.parent.parent.child_by_field_name("function")
            if function is not None and source_of(function) in ("import", "require", "vi.mock"):
                yield node
