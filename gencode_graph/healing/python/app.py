"""The app's own Python modules: how they are called, what each defines, how names are imported in it."""

from __future__ import annotations

import ast
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from gencode_graph.healing.python.imports import Import, imports_of
from gencode_graph.healing.python.source import tree_of
from gencode_graph.validation.python_modules import python_module

PACKAGE = "__init__.py"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def sources(files: Mapping[str, str]) -> dict[str, str]:
    """The Python files of an app."""
    return {path: text for path, text in files.items() if path.endswith(".py")}


def roots(files: Mapping[str, str]) -> tuple[str, ...]:
    """The folders that absolute imports start from, as ``backend/``; the outermost first."""
    return _layout(frozenset(sources(files)))[0]


def dotted(path: str, files: Mapping[str, str]) -> str:
    """A module's name in imports: ``backend/app/core/db.py`` is ``app.core.db``."""
    return _dotted(path, roots(files))


def modules(files: Mapping[str, str]) -> Mapping[str, str]:
    """The app's own modules by name -> path; tests left out."""
    return _layout(frozenset(sources(files)))[1]


@lru_cache(maxsize=64)
def _layout(paths: frozenset[str]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    found = set()
    for path in paths:
        folder = posixpath.dirname(path)
        if posixpath.join(folder, PACKAGE) not in paths:
            continue
        while posixpath.join(folder, PACKAGE) in paths and folder:
            folder = posixpath.dirname(folder)
        found.add(f"{folder}/" if folder else "")
    outermost = tuple(sorted(found, key=len)) or ("",)
    own = {_dotted(path, outermost): path for path in sorted(paths) if "/tests/" not in f"/{path}"}
    return outermost, MappingProxyType(own)


def _dotted(path: str, outermost: tuple[str, ...]) -> str:
    root = next((root for root in outermost if path.startswith(root)), "")
    inner = path.removeprefix(root).removesuffix(".py").removesuffix("/__init__")
    return inner.replace("/", ".")


def absolute(module: str, path: str, files: Mapping[str, str]) -> str:
    """The name of a module that a file imports, without leading dots."""
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    parts = dotted(path, files).split(".")
    parts = parts if path.endswith(PACKAGE) else parts[:-1]
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, *filter(None, [module.lstrip(".")])])


@lru_cache(maxsize=512)
def defined(text: str) -> frozenset[str]:
    """The names that a module itself defines at its top: not what it imports."""
    module = python_module(text)
    brought = {one.bound.split(".")[0] for one in imports_of(text)}
    tree = tree_of(text)
    own = {n.name for n in tree.body if isinstance(n, _DEFINITIONS)} if tree else set()
    return frozenset((module.names - brought) | own) if module is not None else frozenset()


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@lru_cache(maxsize=4096)
def definition(name: str, text: str) -> ast.stmt | None:
    """The statement at the top of a module that defines a name: a class, a function or an assignment."""
    tree = tree_of(text)
    for node in tree.body if tree is not None else ():
        if isinstance(node, _DEFINITIONS) and node.name == name:
            return node
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node
    return None


def definers(name: str, files: Mapping[str, str]) -> list[str]:
    """Names of the modules that define a name."""
    return sorted(module for module, path in modules(files).items() if name in defined(files[path]))


def usage(files: Mapping[str, str], but: str = "") -> Iterator[tuple[str, Import]]:
    """All imports of an app with the files that they stand in, one file left out."""
    for path, text in sources(files).items():
        if path != but:
            for one in imports_of(text):
                yield path, one


def ways(name: str, path: str, files: Mapping[str, str]) -> Counter[Import]:
    """How other files import what they call by a name; how often, files of the same folder first."""
    found: Counter[Import] = Counter()
    for other, one in usage(files, but=path):
        if one.bound == name and not one.module.startswith("."):
            found[one] += 100 if posixpath.dirname(other) == posixpath.dirname(path) else 1
    return found


@lru_cache(maxsize=512)
def words_in(text: str) -> frozenset[str]:
    """All words of a text that may be names."""
    return frozenset(re.findall(r"[^\W\d]\w*", text))


@lru_cache(maxsize=1024)
def _nodes(text: str) -> Mapping[str, tuple[Definition, ...]]:
    found: dict[str, tuple[Definition, ...]] = {}
    for node in ast.walk(tree_of(text) or ast.Module([], [])):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = (*found.get(node.name, ()), node)
    return found


def called(name: str, files: Mapping[str, str]) -> list[tuple[str, Definition]]:
    """All functions and classes of the app's own modules by a name, those inside others too, with their files."""
    return [(path, node) for path in modules(files).values() for node in _nodes(files[path]).get(name, ())]
