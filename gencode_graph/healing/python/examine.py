"""Examination of Python beyond what the checks say: only what is close to something right is pointed out."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from gencode_graph.healing.python.app import absolute, defined, modules, sources
from gencode_graph.healing.python.awaits import (
    FORGOTTEN,
    NOT_AWAITABLE,
    PLAIN_CONTEXT,
    awaited,
    defined_plain,
    forgotten,
    functions,
    plain_contexts,
)
from gencode_graph.healing.python.circles import circle_findings
from gencode_graph.healing.python.closeness import closest
from gencode_graph.healing.python.demand import reads
from gencode_graph.healing.python.fields import field_findings
from gencode_graph.healing.python.imports import imports_of
from gencode_graph.healing.python.libraries import known_modules, names_in
from gencode_graph.healing.python.members import slips
from gencode_graph.healing.python.source import tree_of
from gencode_graph.types import Finding


def suspicions(files: Mapping[str, str]) -> list[Finding]:
    """Imports from libraries, attributes of own modules and statements that cannot work."""
    own = modules(files)
    mine = {path: text for path, text in sources(files).items() if path in own.values()}
    return [
        finding
        for path, text in mine.items()
        for finding in (*_of_libraries(path, text), *_attributes(path, text, files, own), *_slips(path, text, files))
    ] + [*_coroutines(mine, files), *circle_findings(files), *field_findings(files)]


def _coroutines(mine: Mapping[str, str], files: Mapping[str, str]) -> list[Finding]:
    """Awaits that are missing, or that wait for nothing; only where the app knows coroutines at all."""
    found = []
    for path, text in mine.items():
        tree = tree_of(text)
        if tree is None or "async " not in "".join(mine.values()) + text:
            continue
        if plain_contexts(tree):
            found.append(_finding(path, PLAIN_CONTEXT))
        if "await " in text and any(defined_plain(node.value, files) for node in awaited(tree)):
            found.append(_finding(path, f"what {NOT_AWAITABLE}"))
        for function in functions(tree):
            found += [_finding(path, f"{ast.unparse(call.func)} {FORGOTTEN}") for call, _ in forgotten(function, files)]
    return found


def by_origin(found: Iterable[Finding], files: Mapping[str, str]) -> list[Finding]:
    """Findings about modules before those about modules that import them."""
    own = modules(files)
    needs = {
        path: {own.get(absolute(one.module, path, files), "") for one in imports_of(files[path])}
        for path in own.values()
    }
    return sorted(found, key=lambda one: len(_reach(one.path or "", needs)))


def _reach(path: str, needs: Mapping[str, set[str]]) -> set[str]:
    """All modules that one needs, itself included."""
    reached, waiting = set(), [path]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += needs.get(one, ())
    return reached


@lru_cache(maxsize=512)
def _of_libraries(path: str, text: str) -> tuple[Finding, ...]:
    known = known_modules({})
    found = []
    for one in imports_of(text):
        names = names_in(one.module)
        if names is not None and one.name and one.name not in names and f"{one.module}.{one.name}" not in known:
            if closest(one.name, names):
                found.append(_finding(path, f"cannot import name '{one.name}' from '{one.module}'"))
        elif names is None and "." in one.module and one.module not in known and closest(one.module, known):
            found.append(_finding(path, f"No module named '{one.module}'"))
    return tuple(found)


def _attributes(path: str, text: str, files: Mapping[str, str], own: Mapping[str, str]) -> Iterator[Finding]:
    """Attributes of own modules that they do not have, and own modules that a package does not have."""
    bound = {}
    for one in imports_of(text):
        whole = absolute(one.module, path, files)
        if one.name is None and one.bound in own:
            bound[one.bound] = one.bound
        elif one.name and f"{whole}.{one.name}" in own and one.name not in defined(files.get(own.get(whole, ""), "")):
            bound[one.bound] = f"{whole}.{one.name}"
        elif (
            one.name and own.get(whole) == path and not any(module.startswith(f"{whole}.{one.name}") for module in own)
        ):
            yield _finding(path, f"cannot import name '{one.name}' from '{whole}'")
    for taken in reads(text)[1] if bound else ():
        before, _, name = taken.rpartition(".")
        module = bound.get(before)
        there = files[own[module]] if module else ""
        if module is None or tree_of(there) is None or f"{module}.{name}" in own or name.startswith("__"):
            continue
        if name not in defined(there) and name not in {one.bound for one in imports_of(there)}:
            yield _finding(path, f"module '{module}' has no attribute '{name}'")


def _slips(path: str, text: str, files: Mapping[str, str]) -> Iterator[Finding]:
    yield from (_finding(path, slip.message, slip.line) for slip in slips(path, text, files))
    yield from _uncompiled(path, text)


def _uncompiled(path: str, text: str) -> Iterator[Finding]:
    if tree_of(text) is not None and (why := _why(text)):
        yield _finding(path, f"SyntaxError: {why[0]}", why[1])


@lru_cache(maxsize=512)
def _why(text: str) -> tuple[str, int | None] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "module.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error.msg, error.lineno
    return None


def _finding(path: str, message: str, line: int | None = None) -> Finding:
    return Finding(rule="python/suspicion", message=message, path=path, line=line)
