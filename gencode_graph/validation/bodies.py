"""Functions that have no body to speak of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gencode_graph.validation import python_source, scripts
from gencode_graph.validation.kinds import SCRIPTS, Kind
from gencode_graph.validation.returns import Function, is_stub

_FUNCTIONS = """
(function_declaration name: (_) @name body: (statement_block) @body)
(method_definition name: (_) @name body: (statement_block) @body)
(variable_declarator name: (identifier) @name value: (arrow_function body: (statement_block) @body))
"""


def empty_bodies(kind: Kind, text: str, notes: Iterable[int]) -> Iterator[tuple[int, str, bool]]:
    """Line and name of each function without code, and whether that is certainly no intention.

    It is where the body is ``...``, or holds a note to self; ``notes`` are the lines of those.
    """
    if kind == "python":
        yield from _of_python(text, set(notes))
    elif kind in SCRIPTS:
        yield from _of_scripts(kind, text, set(notes))


def _of_python(text: str, notes: set[int]) -> Iterator[tuple[int, str, bool]]:
    module = python_source.read(text)
    if not isinstance(module, ast.Module):
        return  # said by the syntax check
    protocols = {
        id(function)
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases)
        for function in node.body
    }
    for node in _running(module):
        if not isinstance(node, Function) or id(node) in protocols or is_stub(node):
            continue
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        noted = any(node.lineno <= line <= (node.end_lineno or node.lineno) + 1 for line in notes)
        dots = bool(body) and all(isinstance(p, ast.Expr) and _is_dots(p) for p in body)
        if dots or (body and all(isinstance(part, ast.Pass) or _is_dots(part) for part in body)):
            yield node.lineno, node.name, noted or (dots and len(node.body) == 1)
        elif noted and len(body) == 1 and _is_excuse(body[0]):
            yield node.lineno, node.name, True


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one, without what only type checkers read."""
    yield node
    if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
        for child in ast.iter_child_nodes(node):
            yield from _running(child)


def _is_dots(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and part.value.value is Ellipsis


def _is_excuse(part: ast.stmt) -> bool:
    if isinstance(part, ast.Return):
        return part.value is None or ast.unparse(part.value) in ("None", "[]", "{}", "()", "True", "False")
    return isinstance(part, ast.Raise) and "NotImplemented" in ast.unparse(part)


def _of_scripts(kind: Kind, text: str, notes: set[int]) -> Iterator[tuple[int, str, bool]]:
    root = scripts.tree(kind, text).root_node
    for found in scripts.each_match(kind, _FUNCTIONS, root):
        body, name = found["body"][0], found["name"][0]
        statements = [child for child in body.named_children if child.type != "comment"]
        inside = range(body.start_point[0] + 1, body.end_point[0] + 2)
        if not statements and any(line in inside for line in notes):
            yield name.start_point[0] + 1, scripts.source_of(name), True
