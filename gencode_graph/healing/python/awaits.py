"""Slips of async and await: an await in a plain function, one on a plain call, one that is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import called, sources
from gencode_graph.healing.python.demand import reads
from gencode_graph.healing.python.source import Edit, edited, place, span, tree_of
from gencode_graph.types import Finding

Function = ast.FunctionDef | ast.AsyncFunctionDef
OUTSIDE = ("outside async function", "outside an async function", "outside of async function", "outside of an async")
NOT_AWAITABLE = "is awaited and is no coroutine"
FORGOTTEN = "is a coroutine and is not awaited"
PLAIN_CONTEXT = "asynccontextmanager needs an async function"
_ASYNC = (
    "json", "body", "form", "stream", "sleep", "gather", "run_in_threadpool", "call_next", "to_thread", "receive_text",
    "send_text", "send_json", "receive_json", "accept", "aclose", "asend", "wait_for", "read",
)  # fmt: skip
"""What apps await of libraries."""


def awaits(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file with async and await where they belong; a function becomes async only where all its callers may."""
    path = finding.path or ""
    text = patient.files.get(path, "")
    tree = tree_of(text)
    if tree is None or not patient.treatable(path):
        return {}
    if any(words in finding.message for words in OUTSIDE):
        return _outside(text, tree, path, patient)
    if NOT_AWAITABLE in finding.message or "can't be used in 'await' expression" in finding.message:
        plain = [node for node in awaited(tree) if _kind(node.value, patient.files) == "plain"]
        return {path: edited(text, [_dropped(text, node) for node in plain])} if plain else {}
    if PLAIN_CONTEXT in finding.message:
        return {path: edited(text, [_made_async(text, f) for f in plain_contexts(tree)])}
    if FORGOTTEN in finding.message or "was never awaited" in finding.message:
        return _forgotten(text, tree, path, patient)
    return {}


def _outside(text: str, tree: ast.Module, path: str, patient: Patient) -> dict[str, str | None]:
    edits: list[Edit] = []
    for function in functions(tree):
        if isinstance(function, ast.AsyncFunctionDef):
            continue
        inside = list(own_nodes(function))
        waits = [node for node in inside if isinstance(node, ast.Await)]
        needs = [node for node in waits if _kind(node.value, patient.files) != "plain"]
        blocks = [node for node in inside if isinstance(node, ast.AsyncWith | ast.AsyncFor)]
        loops = [node for node in inside if isinstance(node, ast.comprehension) and node.is_async]
        if (needs or any(_of_async(node, patient.files) for node in blocks)) and _may_be_async(function, patient):
            edits.append(_made_async(text, function))
            edits += [_dropped(text, node) for node in waits if node not in needs]
        else:
            edits += [_dropped(text, node) for node in waits if node not in needs]
            edits += [_plain_block(text, node) for node in blocks]
            edits += [_plain_loop(text, node) for node in loops]
    return {path: edited(text, edits)} if edits else {}


_ASYNCHRONOUS = re.compile(r"async|aio|stream|socket|aiter|lifespan|TaskGroup|timeout", re.IGNORECASE)
"""What is in the names of what is gone through, or held, without blocking."""


def _of_async(node: ast.AsyncWith | ast.AsyncFor, files: Mapping[str, str]) -> bool:
    """Whether a block takes something that gives way to others: by its definition, else by its name."""
    taken = [item.context_expr for item in node.items] if isinstance(node, ast.AsyncWith) else [node.iter]
    own = [one for value in taken for one in _definitions(value, files)]
    return any(isinstance(one, ast.AsyncFunctionDef) for one in own) or (
        not own and any(_ASYNCHRONOUS.search(ast.unparse(value)) for value in taken)
    )


def _forgotten(text: str, tree: ast.Module, path: str, patient: Patient) -> dict[str, str | None]:
    edits: list[Edit] = []
    for function in functions(tree):
        calls = list(forgotten(function, patient.files))
        if calls and (isinstance(function, ast.AsyncFunctionDef) or _may_be_async(function, patient)):
            if isinstance(function, ast.FunctionDef):
                edits.append(_made_async(text, function))
            for call, parent in calls:
                start, end = span(text, call)
                tight = (
                    isinstance(parent, ast.Attribute | ast.Subscript | ast.Call)
                    and getattr(parent, "func", call) is call
                )
                tight = tight or isinstance(parent, ast.Attribute | ast.Subscript)
                edits.append(Edit(start, start, "(await " if tight else "await "))
                edits += [Edit(end, end, ")")] if tight else []
    return {path: edited(text, edits)} if edits else {}


def _may_be_async(function: Function, patient: Patient) -> bool:
    """Whether nothing in the app calls a function by itself: a framework does, which takes both kinds."""
    called = 0
    for text in sources(patient.files).values():
        names, taken = reads(text)
        called += names[function.name] + sum(n for one, n in taken.items() if one.endswith(f".{function.name}"))
    routed = any(isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) for one in function.decorator_list)
    return called == 0 and routed


def _made_async(text: str, function: Function) -> Edit:
    start = place(text, function.lineno, function.col_offset)
    return Edit(start, start, "async ")


def _plain_block(text: str, node: ast.AsyncWith | ast.AsyncFor) -> Edit:
    start = place(text, node.lineno, node.col_offset)
    return Edit(start, start + len(re.match(r"async\s+", text[start:])[0]), "")  # type: ignore[index]


def _plain_loop(text: str, node: ast.comprehension) -> Edit:
    start = text.rindex("async", 0, span(text, node.target)[0])
    return Edit(start, start + len(re.match(r"async\s+", text[start:])[0]), "")  # type: ignore[index]


def _dropped(text: str, node: ast.Await) -> Edit:
    return Edit(span(text, node)[0], span(text, node.value)[0], "")


def functions(tree: ast.Module) -> Iterator[Function]:
    """All functions of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, those of functions inside left out."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, Function | ast.Lambda | ast.ClassDef):
            yield child
            yield from own_nodes(child)


def awaited(tree: ast.AST) -> Iterator[ast.Await]:
    """All awaits."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Await))


def plain_contexts(tree: ast.Module) -> list[ast.FunctionDef]:
    """Plain functions that are decorated as async contexts."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(one).endswith("asynccontextmanager") for one in node.decorator_list)
    ]


def forgotten(function: Function, files: Mapping[str, str]) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Calls of the app's own coroutines whose result is used, or dropped, without an await; with what is around."""
    for node in own_nodes(function):
        if isinstance(node, ast.Await | ast.Return | ast.Yield | ast.withitem):
            continue
        for child in ast.iter_child_nodes(node):
            handed_on = isinstance(node, ast.Call) and child is not node.func
            if isinstance(child, ast.Call) and not handed_on and _coroutine(child, files):
                yield child, node


def defined_plain(node: ast.expr, files: Mapping[str, str]) -> bool:
    """Whether a value is a call of an own function that is no coroutine."""
    found = _definitions(node, files)
    return bool(found) and all(isinstance(one, ast.FunctionDef) for one in found)


def _coroutine(node: ast.expr, files: Mapping[str, str]) -> bool:
    """Whether a value is a call of an own coroutine."""
    found = _definitions(node, files)
    generates = any(isinstance(inner, ast.Yield) for one in found for inner in own_nodes(one))
    return bool(found) and not generates and all(isinstance(one, ast.AsyncFunctionDef) for one in found)


def _definitions(node: ast.expr, files: Mapping[str, str]) -> list[Function]:
    function = node.func if isinstance(node, ast.Call) else None
    name = str(getattr(function, "attr", None) or getattr(function, "id", ""))
    return [one for _, one in called(name, files) if not isinstance(one, ast.ClassDef)]


def _kind(node: ast.expr, files: Mapping[str, str]) -> str:
    """What a call gives, by the app's own definitions and by what libraries are awaited for."""
    if not isinstance(node, ast.Call):
        return "unknown"
    if defined_plain(node, files):
        return "plain"
    name = ast.unparse(node.func).rpartition(".")[2]
    if _coroutine(node, files) or name in _ASYNC:
        return "coroutine"
    plain = any(_plainly(name, text) for text in sources(files).values())
    return "plain" if plain else "unknown"


def _plainly(name: str, text: str) -> bool:
    """Whether a module calls something by that name without awaiting it."""
    tree = tree_of(text)
    waits = {id(node.value) for node in awaited(tree)} if tree is not None else set()
    return name in text and any(
        isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name and id(node) not in waits
        for node in ast.walk(tree or ast.Module([], []))
    )
