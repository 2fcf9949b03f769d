"""Scope: which names a place in a module can see, and which of them nothing uses."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What can be seen from a line."""

    within: ast.AST
    """The outermost function or class around the line, or the statement at the top of the module."""
    local: frozenset[str]
    """Bound in the functions around the line."""
    parameters: frozenset[str]
    outer: frozenset[str]
    """Bound at the top of the module."""
    idle: frozenset[str]
    """Of both, what nothing reads."""

    @property
    def names(self) -> frozenset[str]:
        """All of them, builtins included."""
        return self.local | self.outer | frozenset(dir(builtins))


def scope_at(tree: ast.Module, line: int) -> Scope:
    """The scope at a line of a module."""
    around = [node for node in ast.walk(tree) if _holds(node, line)]
    functions = [node for node in around if isinstance(node, FUNCTIONS)]
    parameters = {arg.arg for function in functions for arg in _arguments(function)}
    local = parameters | {name for function in functions for name in bound_in(function)}
    local |= {name for node in around if isinstance(node, _COMPREHENSIONS) for name in _stores(node)}
    outer = set(bound_in(tree))
    read = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    kept = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    idle = {name for name in local | outer if not read[name] and name not in kept}
    return Scope(
        within=next((node for node in tree.body if _holds(node, line)), tree),
        local=frozenset(local),
        parameters=frozenset(parameters),
        outer=frozenset(outer),
        idle=frozenset(idle),
    )


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_in(node: ast.AST) -> Iterator[str]:
    """The names that a module or function binds itself, in whatever way; not those of functions inside."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield child.name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.alias():
                yield (child.asname or child.name).split(".")[0]
            case ast.Name(ctx=ast.Store()):
                yield child.id
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
        yield from bound_in(child)


def _stores(node: ast.AST) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _arguments(function: ast.AST) -> list[ast.arg]:
    return [node for node in ast.walk(getattr(function, "args", function)) if isinstance(node, ast.arg)]


def _holds(node: ast.AST, line: int) -> bool:
    if not isinstance(node, ast.stmt | ast.expr):
        return False
    above: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in above)])
    return first <= line <= (node.end_lineno or first)
