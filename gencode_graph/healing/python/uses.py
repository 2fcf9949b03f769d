"""Uses of a name in a module: what the code expects it to be."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from gencode_graph.healing.python.source import tree_of


@dataclass(frozen=True, kw_only=True)
class Uses:
    """What a module does with a name."""

    attributes: frozenset[str]
    """Taken of it, as in ``name.attribute``."""
    called: bool
    unpacked: bool
    """As in ``{**name}``: it is a mapping."""
    bare: bool
    """As a plain value somewhere."""
    typed: bool
    """As an annotation, a base or a part of one."""

    def fit(self, definition: ast.stmt) -> bool:
        """Whether a definition may be what is used; only what is certainly something else does not fit."""
        if isinstance(definition, ast.ClassDef):
            return not self.unpacked
        if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
            return not (self.unpacked or self.typed)
        value = getattr(definition, "value", None)
        if isinstance(value, ast.Dict | ast.DictComp):
            return not (self.called or self.typed)
        if isinstance(value, ast.Constant | ast.JoinedStr):
            return not (self.called or self.unpacked or self.typed)
        return True


def uses(name: str, text: str) -> Uses:
    """How a module uses a name, wherever that is."""
    tree = tree_of(text)
    attributes: set[str] = set()
    counted, called, unpacked, typed = 0, 0, 0, 0
    total = 0
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Attribute(value=ast.Name(id=found)) if found == name:
                attributes.add(node.attr)
                counted += 1
            case ast.Call(func=ast.Name(id=found)) if found == name:
                called += 1
            case ast.Dict():
                unpacked += sum(
                    key is None and _is(value, name) for key, value in zip(node.keys, node.values, strict=True)
                )
            case ast.keyword(arg=None, value=ast.Name(id=found)) if found == name:
                unpacked += 1
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                typed += _in(node.returns, name)
                called += sum(_is(decorator, name) for decorator in node.decorator_list)
            case ast.arg() | ast.AnnAssign():
                typed += _in(node.annotation, name)
            case ast.ClassDef():
                typed += sum(_in(basis, name) for basis in node.bases)
            case ast.Name(id=found) if found == name:
                total += 1
    return Uses(
        attributes=frozenset(attributes),
        called=called > 0,
        unpacked=unpacked > 0,
        typed=typed > 0,
        bare=total > counted + called + unpacked + typed,
    )


def _is(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _in(node: ast.AST | None, name: str) -> int:
    return sum(_is(inner, name) for inner in ast.walk(node)) if node is not None else 0
