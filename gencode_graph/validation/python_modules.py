"""What a Python module imports and binds, read off its tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gencode_graph.validation.python_source import read

_DYNAMIC = ("globals", "vars")


@dataclass(frozen=True, kw_only=True)
class PythonImport:
    """One import statement."""

    module: str
    line: int
    level: int = 0
    """Leading dots."""
    names: tuple[str, ...] = ()
    """Empty for ``import module``."""
    guarded: bool = False
    """It may fail, or only a type checker follows it."""


@dataclass(frozen=True, kw_only=True)
class PythonModule:
    """A module as others see it."""

    imports: tuple[PythonImport, ...]
    names: frozenset[str]
    opaque: bool
    """It binds names in a way that cannot be read off."""


@lru_cache(maxsize=1024)
def python_module(text: str) -> PythonModule | None:
    """The imports and names of a module; None where it cannot be read."""
    tree = read(text)
    if not isinstance(tree, ast.Module):
        return None
    imports = tuple(_imports(tree, guarded=False))
    names = set(_bound(tree.body))
    dynamic = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DYNAMIC
        for node in ast.walk(tree)
    )
    opaque = "*" in names or "__getattr__" in names or dynamic
    return PythonModule(imports=imports, names=frozenset(names), opaque=opaque)


def _imports(node: ast.AST, guarded: bool) -> Iterator[PythonImport]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield PythonImport(module=alias.name, line=child.lineno, guarded=guarded)
        elif isinstance(child, ast.ImportFrom):
            yield PythonImport(
                module=child.module or "",
                line=child.lineno,
                level=child.level,
                names=tuple(alias.name for alias in child.names),
                guarded=guarded,
            )
        elif isinstance(child, ast.Try | ast.If | ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _imports(child, guarded or _guards(child))


def _guards(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return any(words in ast.unparse(node.test) for words in ("TYPE_CHECKING", "sys.", "find_spec", "platform"))
    return isinstance(node, ast.Try) and any(
        handler.type is None
        or any(words in ast.unparse(handler.type) for words in ("ImportError", "ModuleNotFound", "Exception"))
        for handler in node.handlers
    )


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements bind where they stand; ``*`` for a star import."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import():
                yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
            case ast.ImportFrom():
                yield from (alias.asname or alias.name for alias in node.names)
            case _:
                yield from _stored(node)
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                break
            for inner in getattr(node, name, []):
                yield from _bound(inner.body if isinstance(inner, ast.ExceptHandler | ast.match_case) else [inner])


def _stored(node: ast.stmt) -> Iterator[str]:
    targets: list[ast.AST] = list(getattr(node, "targets", []))
    targets += [getattr(node, name) for name in ("target", "name") if isinstance(getattr(node, name, None), ast.AST)]
    targets += [item.optional_vars for item in getattr(node, "items", []) if item.optional_vars is not None]
    for target in targets:
        yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))
    for inner in ast.walk(node) if isinstance(node, ast.Expr | ast.Assign | ast.If | ast.While) else ():
        if isinstance(inner, ast.NamedExpr):
            yield inner.target.id
