"""Types of names in a module, as far as annotations and constructors tell; and what things of a type have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files as resources

import yaml

from gencode_graph.healing.python.app import absolute, modules
from gencode_graph.healing.python.classes import class_named, members
from gencode_graph.healing.python.imports import imports_of
from gencode_graph.healing.python.source import tree_of

_WRAPPERS = ("Annotated", "Optional", "Mapped")


@cache
def _known(part: str) -> dict[str, frozenset[str]]:
    text = (resources(__package__) / "members.yaml").read_text(encoding="utf-8")
    return {name: frozenset(names.split()) for name, names in yaml.safe_load(text)[part].items()}


def arguments_of(name: str) -> frozenset[str] | None:
    """What a call of a library takes by name; None for unknown ones."""
    return _known("arguments").get(name)


def attributes_of(kind: str, files: Mapping[str, str], depth: int = 6) -> frozenset[str] | None:
    """All that an object of a class has, the app's or a library's; None where that cannot be told in full."""
    found = class_named(kind, files)
    if found is None or depth == 0:
        return _known("members").get(kind)
    own = members(kind, files)
    names = set(own.names) if own is not None else set()
    for basis in found[1].bases:
        last = ast.unparse(basis).partition("[")[0].rpartition(".")[2]
        if last in ("Generic", "Protocol", "ABC", "object"):
            continue
        if last in ("Enum", "StrEnum", "IntEnum"):
            names |= {"name", "value", *(one for one in dir(str) if not one.startswith("_"))}
            continue
        above = attributes_of(last, files, depth - 1)
        if above is None:
            return None
        names |= above
    return frozenset(names)


@lru_cache(maxsize=1024)
def assigned(text: str) -> Mapping[str, str]:
    """Names at the top of a module that are made by a constructor -> name of the class."""
    found = {}
    for node in (tree_of(text) or ast.Module([], [])).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            kind = ast.unparse(node.value.func).rpartition(".")[2]
            if kind[:1].isupper():
                found[node.targets[0].id] = kind
    return found


def types_in(path: str, text: str, files: Mapping[str, str]) -> dict[str, str]:
    """Names that stand for objects made by a constructor, here or where they are imported from."""
    own, found = modules(files), {**assigned(text)}
    for one in imports_of(text):
        there = own.get(absolute(one.module, path, files))
        if one.name and there and (kind := assigned(files[there]).get(one.name)):
            found[one.bound] = kind
    return found


def arguments_typed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """The arguments of a function that are of one class, with its name."""
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if (kind := _kind(argument.annotation)) is not None:
            yield argument.arg, kind


def _kind(note: ast.expr | None) -> str | None:
    match note:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return "Session" if name == "SessionDep" else name
        case ast.Constant(value=str(name)) if name.isidentifier():
            return name
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[first, *_])) if name in _WRAPPERS:
            return _kind(first)
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in _WRAPPERS:
            return _kind(inner)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return _kind(left)
    return None
