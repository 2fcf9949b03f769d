"""Guards: a function leaves early where a value is missing, as others of the app do it."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from typing import TYPE_CHECKING

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.app import scripts
from gencode_graph.healing.web.bindings import names
from gencode_graph.healing.web.importing import imports_of
from gencode_graph.healing.web.source import Edit, above, line_of, root_of
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.scripts import source_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = ("arrow_function", "function_declaration", "function_expression", "method_definition")
_HOOK = re.compile(r"use[A-Z]\w*")


def guarded(name: str, path: str, line: int | None, patient: Patient) -> list[Edit]:
    """The guard that other scripts have for a value, where this one imports what it needs for it and nothing else does.

    Nothing where hooks are called after it: they are called every time, or never.
    """
    kind, text = kind_of(path), patient.files[path]
    _, used = names(kind, text)
    idle = {one.local for statement in imports_of(kind, text) for one in statement.named if one.local not in used}
    if not idle or not name.isidentifier():
        return []
    at = _statement(root_of(kind, text), name, line)
    if at is None:
        return []
    seen: Counter[str] = Counter()
    folder = posixpath.dirname(path)
    for other in scripts(patient.files):
        if other != path and f"!{name}" in patient.files[other]:
            near = 10 if posixpath.dirname(other) == folder else 1
            for guard in _guards(root_of(kind_of(other), patient.files[other]), name):
                if _fits(guard, idle, set(names(kind, text)[0]) | {name}):
                    seen[source_of(guard)] += near
    if not seen:
        return []
    start = at.start_byte
    return [(start, start, f"{min(seen, key=lambda one: (-seen[one], len(one), one))}\n{' ' * at.start_point[1]}")]


def _statement(root: Node, name: str, line: int | None) -> Node | None:
    """The statement of a function's own block in which a name is used on a line, if no hook is called from there on."""
    for node in walk(root):
        if node.type != "identifier" or source_of(node) != name or line_of(node) != line:
            continue
        function = above(node.parent, *FUNCTIONS)
        body = function.child_by_field_name("body") if function is not None else None
        if body is None or body.type != "statement_block":
            continue
        here = [one for one in body.named_children if one.end_byte >= node.end_byte]
        hooks = any(
            one.type == "call_expression" and _HOOK.fullmatch(source_of(one.child_by_field_name("function")))
            for statement in here
            for one in walk(statement)
        )
        if here and here[0].start_byte <= node.start_byte and not hooks:
            return here[0]
    return None


def _guards(root: Node, name: str) -> list[Node]:
    return [
        node
        for node in walk(root)
        if node.type == "if_statement"
        and source_of(node.child_by_field_name("condition")) == f"(!{name})"
        and node.child_by_field_name("alternative") is None
        and (then := node.child_by_field_name("consequence")) is not None
        and then.type == "return_statement"
    ]


def _fits(guard: Node, idle: set[str], bound: set[str]) -> bool:
    """Whether a guard uses what is idle here, and nothing that is not here."""
    used = {source_of(node) for node in walk(guard) if node.type == "identifier"}
    return bool(used & idle) and used <= bound
