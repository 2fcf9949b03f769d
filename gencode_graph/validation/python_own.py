"""What the names of a Python module stand for, as far as they are the app's own: its modules and what those define."""

from __future__ import annotations

import ast
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gencode_graph.validation.python_imports import import_root, module_at
from gencode_graph.validation.python_modules import PythonImport
from gencode_graph.validation.python_source import read

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A module by itself, as it is looked at again and again."""

    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    """All of them."""
    bound: Mapping[str, int]
    """Name -> how often anything binds it."""
    imports: tuple[ast.ImportFrom, ...]
    tops: Mapping[str, Function | ast.ClassDef]
    """What is defined once, at the top, and bound nowhere else."""


@dataclass(frozen=True, kw_only=True)
class Own:
    """One module, and what it takes from others of the app; only names that nothing else is called by."""

    facts: Facts
    modules: Mapping[str, str]
    """Name -> file of the module that it stands for."""
    taken: Mapping[str, tuple[str, str]]
    """Name -> file that it is taken from, and its name there."""


@lru_cache(maxsize=512)
def facts_of(text: str) -> Facts | None:
    """What there is in a module; None where it cannot be read."""
    tree = read(text)
    if not isinstance(tree, ast.Module):
        return None
    nodes = tuple(ast.walk(tree))
    bound = Counter(name for node in nodes for name in _bindings(node))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tops = {node.name: node for node in tree.body if isinstance(node, kinds) and bound[node.name] == 1}
    imports = tuple(node for node in nodes if isinstance(node, ast.ImportFrom))
    return Facts(tree=tree, nodes=nodes, bound=bound, imports=imports, tops=tops)


def own_names(path: str, files: Mapping[str, str], folders: set[str]) -> Own | None:
    """What a module's names stand for; None where it cannot be read."""
    facts = facts_of(files[path])
    if facts is None:
        return None
    modules: dict[str, str] = {}
    taken: dict[str, tuple[str, str]] = {}
    for node in facts.imports:
        one = PythonImport(module=node.module or "", line=node.lineno, level=node.level)
        root = import_root(path, one, files, folders)
        place = posixpath.normpath(posixpath.join(root, *one.module.split("."))) if root is not None else None
        for alias in node.names if place is not None else ():
            name = alias.asname or alias.name
            if facts.bound[name] != 1:
                continue
            inner, outer = module_at(posixpath.join(str(place), alias.name), files), module_at(str(place), files)
            if outer is not None and definition(alias.name, files[outer]) is not None:
                taken[name] = (outer, alias.name)
            elif inner is not None:
                modules[name] = inner
    return Own(facts=facts, modules=modules, taken=taken)


def definition(name: str, text: str) -> Function | ast.ClassDef | None:
    """The only function or class at the top of a module that has a name, where nothing else there has it."""
    facts = facts_of(text)
    return facts.tops.get(name) if facts is not None else None


def called(node: ast.expr, own: Own, files: Mapping[str, str]) -> Function | ast.ClassDef | None:
    """The app's own function or class that an expression names; None for anything else."""
    if isinstance(node, ast.Name):
        if node.id in own.facts.tops:
            return own.facts.tops[node.id]
        where = own.taken.get(node.id)
        return definition(where[1], files[where[0]]) if where is not None else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in own.modules:
        return definition(node.attr, files[own.modules[node.value.id]])
    return None


def _bindings(node: ast.AST) -> Iterator[str]:
    """The names that a node binds."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.arg():
            yield node.arg
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
