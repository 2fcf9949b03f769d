"""The routes that a FastAPI app will have, read off its source: nothing is imported."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gencode_graph.validation.openapi import METHODS
from gencode_graph.validation.python_source import read

_MAKERS = ("APIRouter", "FastAPI")
_DEPTH = 8
_INCLUDE = "include_router"
Key = tuple[str, str]
"""The file of a router and its name there."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route as the code has it."""

    method: str
    path: str
    file: str
    line: int


@dataclass
class _Router:
    """An ``APIRouter`` or ``FastAPI`` object while the code is read."""

    prefix: str
    routes: list[tuple[str, str, int]] = field(default_factory=list)
    includes: list[tuple[Key, str]] = field(default_factory=list)
    """Routers inside, each with the prefix that it gets there."""


class _Unreadable(Exception):  # noqa: N818 - caught in this module
    """A route, prefix or router is computed."""


def published(code: Mapping[str, str], root: str) -> list[Route] | None:
    """All routes of an app with their whole paths; None where something is computed.

    ``code`` holds its Python files; ``root`` is the folder, ending in ``/``, that absolute imports start from.
    """
    routers: dict[Key, _Router] = {}
    try:
        for path, text in code.items():
            tree = read(text)
            if isinstance(tree, ast.Module):
                routers |= {(path, name): router for name, router in _Reader(tree, path, code, root).routers.items()}
        inside = {key for router in routers.values() for key, _ in router.includes}
        outer = [key for key in routers if key not in inside]
        return [route for key in outer for route in _flat(key, routers[key].prefix, routers, depth=0)]
    except _Unreadable:
        return None


def _flat(key: Key, prefix: str, routers: Mapping[Key, _Router], depth: int) -> Iterator[Route]:
    for method, path, line in routers[key].routes:
        yield Route(method=method, path=(prefix + path) or "/", file=key[0], line=line)
    for inner, extra in routers[key].includes:
        if inner not in routers or depth > _DEPTH:
            raise _Unreadable
        yield from _flat(inner, prefix + extra + routers[inner].prefix, routers, depth + 1)


class _Reader:
    """The routers of one file."""

    def __init__(self, tree: ast.Module, path: str, code: Mapping[str, str], root: str) -> None:
        self.routers: dict[str, _Router] = {}
        self._path = path
        for node in tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Call) and _last(value.func) in _MAKERS:
                self.routers[target.id] = _Router(prefix=_keyword(value, "prefix"))
        if self.routers:
            self._origins = _origins(tree, path, code, root)
            self._read(tree)

    def _read(self, tree: ast.Module) -> None:
        looped: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in node.decorator_list:
                    self._route(decorator)
            elif isinstance(node, ast.For):
                for call in (c for part in node.body for c in ast.walk(part) if isinstance(c, ast.Call)):
                    if owner := self._owner(call, _INCLUDE):
                        looped.add(id(call))
                        self._include_each(owner, call, node)
            elif (
                isinstance(node, ast.Call) and id(node) not in looped and (owner := self._owner(node, "include_router"))
            ):
                given = node.args[0] if node.args else None
                owner.includes.append((self._named(given), _keyword(node, "prefix")))

    def _owner(self, call: ast.Call, *names: str) -> _Router | None:
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in names and isinstance(function.value, ast.Name):
            return self.routers.get(function.value.id)
        return None

    def _route(self, decorator: ast.expr) -> None:
        owner = self._owner(decorator, *METHODS, "api_route") if isinstance(decorator, ast.Call) else None
        if owner is None or not isinstance(decorator, ast.Call):
            return
        shown = next((k.value for k in decorator.keywords if k.arg == "include_in_schema"), None)
        if shown is not None and ast.unparse(shown) != "True":
            return
        given = (
            decorator.args[0]
            if decorator.args
            else next((k.value for k in decorator.keywords if k.arg == "path"), None)
        )
        verb = _last(decorator.func)
        if verb == "api_route" or not (isinstance(given, ast.Constant) and isinstance(given.value, str)):
            raise _Unreadable
        owner.routes.append((verb.upper(), given.value, decorator.lineno))

    def _named(self, given: ast.expr | None) -> Key:
        """What ``module.router`` or ``router`` stands for."""
        if isinstance(given, ast.Name):
            return (self._path, given.id) if given.id in self.routers else self._origin(given.id)
        if isinstance(given, ast.Attribute) and isinstance(given.value, ast.Name):
            return self._origin(given.value.id)[0], given.attr
        raise _Unreadable

    def _origin(self, name: str) -> Key:
        if name not in self._origins:
            raise _Unreadable
        return self._origins[name]

    def _include_each(self, owner: _Router, call: ast.Call, loop: ast.For) -> None:
        """``for module in (a, b): owner.include_router(module.router)``."""
        given = call.args[0] if call.args else None
        if not isinstance(loop.iter, ast.Tuple | ast.List):
            raise _Unreadable
        for element in loop.iter.elts:
            key = self._named(element)
            router = (key[0], given.attr) if isinstance(given, ast.Attribute) else key
            owner.includes.append((router, _keyword(call, "prefix")))


def _origins(tree: ast.Module, path: str, code: Mapping[str, str], root: str) -> dict[str, Key]:
    """Imported names: the file they come from, and what they are called there."""
    found: dict[str, Key] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = posixpath.dirname(path) if node.level else root.rstrip("/")
        for _ in range(node.level - 1):
            base = posixpath.dirname(base)
        place = posixpath.join(base, *(node.module or "").split("."))
        for alias in node.names:
            inner = posixpath.join(place.rstrip("/"), alias.name)
            options = (f"{inner}.py", f"{inner}/__init__.py", f"{place}.py", f"{place}/__init__.py")
            file = next((option for option in options if option in code), None)
            if file is not None:
                found[alias.asname or alias.name] = (file, alias.name)
    return found


def _keyword(call: ast.Call, name: str) -> str:
    value = next((k.value for k in call.keywords if k.arg == name), None)
    if value is None:
        return ""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    raise _Unreadable


def _last(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]
