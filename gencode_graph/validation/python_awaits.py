"""Coroutines of the app that nothing waits for, waits for what is none, and what compiles in no function."""

from __future__ import annotations

import ast
import threading
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.python_members import parents
from gencode_graph.validation.python_own import Function, Own, called, own_names
from gencode_graph.validation.python_source import read

_WAITED = ("Awaitable", "Coroutine", "Future", "Task", "Any", "object")
_OF_COROUTINES = ("close", "send", "throw", "cr_await", "cr_code", "cr_frame", "cr_running")
_lock = threading.Lock()
"""``catch_warnings`` is not safe in threads."""


def python_awaits(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each coroutine that is used as its value, or dropped, and each wait for a plain value."""
    folders = {parent for path in files for parent in parents(path)}
    waits = any("async" in text or "await " in text for path, text in files.items() if kind_of(path) == "python")
    found: list[Finding] = []
    for path in files if waits else ():
        own = own_names(path, files, folders) if kind_of(path) == "python" else None
        if own is not None:
            found += [*_forgotten(path, own, files), *_needless(path, own, files), *_plain_contexts(path, own)]
    return found


def compiled(path: str, text: str) -> list[Finding]:
    """A finding for what can be parsed and still does not compile: a wait in a plain function, a return in none."""
    if kind_of(path) != "python" or not isinstance(read(text), ast.Module):
        return []
    why = _why(text)
    if why is None:
        return []
    hint = "make the function async, or do without the wait" if "async" in why[0] else "correct this place"
    return [Finding(rule="syntax/python", message=f"SyntaxError: {why[0]}", path=path, line=why[1], hint=hint)]


@lru_cache(maxsize=512)
def _why(text: str) -> tuple[str, int | None] | None:
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "module.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error.msg, error.lineno
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def _forgotten(path: str, own: Own, files: Mapping[str, str]) -> Iterator[Finding]:
    for node in own.facts.nodes:
        for call in _as_values(node):
            function = called(call.func, own, files)
            if isinstance(function, ast.AsyncFunctionDef) and not function.decorator_list and not _generates(function):
                message = f"{ast.unparse(call.func)} is a coroutine and is not awaited"
                yield Finding(rule="calls/await", message=message, path=path, line=call.lineno, hint="await it")


def _as_values(node: ast.AST) -> Iterator[ast.Call]:
    """Calls whose result is dropped, asked for its truth, gone through, or taken apart."""
    match node:
        case ast.Expr(value=ast.Call() as call) | ast.Subscript(value=ast.Call() as call):
            yield call
        case ast.For(iter=ast.Call() as call) | ast.comprehension(iter=ast.Call() as call, is_async=0):
            yield call
        case ast.If(test=ast.Call() as call) | ast.While(test=ast.Call() as call) | ast.Assert(test=ast.Call() as call):
            yield call
        case ast.UnaryOp(operand=ast.Call() as call) | ast.FormattedValue(value=ast.Call() as call):
            yield call
        case ast.Attribute(value=ast.Call() as call, attr=name) if name not in _OF_COROUTINES:
            yield call
        case ast.BinOp() | ast.Compare():
            sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.left, *node.comparators)
            yield from (side for side in sides if isinstance(side, ast.Call))


def _needless(path: str, own: Own, files: Mapping[str, str]) -> Iterator[Finding]:
    for node in own.facts.nodes:
        if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Call):
            continue
        function = called(node.value.func, own, files)
        if isinstance(function, ast.FunctionDef) and not function.decorator_list and _plain(function):
            message = f"{function.name}() is awaited and is no coroutine"
            yield Finding(
                rule="calls/await", message=message, path=path, line=node.lineno, hint="call it without await"
            )


def _plain_contexts(path: str, own: Own) -> Iterator[Finding]:
    for node in own.facts.nodes:
        marks = [ast.unparse(one).rpartition(".")[2] for one in getattr(node, "decorator_list", [])]
        if isinstance(node, ast.FunctionDef) and "asynccontextmanager" in marks and _generates(node):
            message = f"{node.name}: asynccontextmanager needs an async function"
            yield Finding(rule="calls/await", message=message, path=path, line=node.lineno, hint="write async def")


def _plain(function: ast.FunctionDef) -> bool:
    """Whether a function certainly gives nothing that can be waited for."""
    if function.returns is not None:
        return not any(word in ast.unparse(function.returns) for word in _WAITED)
    given = [one.value for one in _inside(function) if isinstance(one, ast.Return) and one.value is not None]
    return all(isinstance(one, ast.Constant | ast.JoinedStr | ast.Dict | ast.List | ast.Tuple) for one in given)


def _generates(function: Function) -> bool:
    return any(isinstance(node, ast.Yield) for node in _inside(function))


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from _inside(child)
