"""What Python takes of the app's own modules and functions, and they do not have: attributes, and arguments by name."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.python_modules import python_module
from gencode_graph.validation.python_own import Function, Own, called, own_names


def python_members(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each attribute that an own module does not bind, and each argument that a function does not take.

    Only what is certain: nothing of modules that bind names as they run, and nothing of decorated functions.
    """
    folders = {parent for path in files for parent in parents(path)}
    found: list[Finding] = []
    for path in files:
        own = own_names(path, files, folders) if kind_of(path) == "python" else None
        if own is not None:
            found += [*_attributes(path, own, files, folders), *_arguments(path, own, files)]
    return found


def parents(path: str) -> Iterator[str]:
    """The folders that a path is in, the innermost first."""
    while path := posixpath.dirname(path):
        yield path


def _attributes(path: str, own: Own, files: Mapping[str, str], folders: set[str]) -> Iterator[Finding]:
    for node in own.facts.nodes:
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        there = own.modules.get(node.value.id)
        module = python_module(files[there]) if there is not None else None
        if there is None or module is None or module.opaque or not isinstance(node.ctx, ast.Load):
            continue
        inner = posixpath.join(posixpath.dirname(there), node.attr)
        package = there.endswith("/__init__.py") and (f"{inner}.py" in files or inner in folders)
        if node.attr not in module.names and not node.attr.startswith("__") and not package:
            message = f"module '{_dotted(there, files)}' has no attribute '{node.attr}': {there} does not define it"
            yield _finding("imports/attribute", path, node.lineno, message, "take what is there, or define it there")


def _dotted(path: str, files: Mapping[str, str]) -> str:
    """A module's name in imports."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    packages = [place for place in range(1, len(parts)) if f"{'/'.join(parts[:place])}/__init__.py" in files]
    return ".".join(parts[packages[0] - 1 if packages else -1 :])


def _arguments(path: str, own: Own, files: Mapping[str, str]) -> Iterator[Finding]:
    for node in own.facts.nodes:
        named = [given for given in node.keywords if given.arg] if isinstance(node, ast.Call) else []
        if not named or not isinstance(node, ast.Call):
            continue
        function = called(node.func, own, files)
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function.decorator_list:
            continue
        takes = _takes(function)
        for given in named:
            if takes is not None and given.arg not in takes:
                message = f"{function.name}() got an unexpected keyword argument {given.arg!r}"
                hint = f"it takes {', '.join(sorted(takes)) or 'none'}"
                yield _finding("calls/argument", path, given.value.lineno, message, hint)


def _takes(function: Function) -> set[str] | None:
    """The arguments that a function takes by name; None for any."""
    if function.args.kwarg is not None:
        return None
    return {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}


def _finding(rule: str, path: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=rule, message=message, path=path, line=line, hint=hint)
