"""Which tests have to have results, known before they run: read off the files of tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

_PLACE = re.compile(r"backend/(tests/(?:.+/)?test_[^/]+)\.py")
_SKIPS = ("skip", "skipif", "xfail", "importorskip")


def expected(files: Mapping[str, str]) -> dict[str, bool]:
    """Id of each test of the backend, ``tests.test_a::test_b`` -> whether it says itself that it may be skipped.

    Parameters are no part of an id. What cannot be read has no tests here; running it says why.
    """
    found: dict[str, bool] = {}
    for path, text in files.items():
        if place := _PLACE.fullmatch(path):
            try:
                module = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            whole = any(_skips(node) for node in module.body if isinstance(node, ast.Assign | ast.Expr))
            for name, skips in _tests(module.body, place[1].replace("/", ".")):
                found[name] = found.get(name, False) or skips or whole
    return found


def _tests(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield f"{prefix}::{node.name}", _skips(node)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests(node.body, f"{prefix}.{node.name}")


def _skips(node: ast.AST) -> bool:
    return any(isinstance(it, ast.Attribute) and it.attr in _SKIPS for it in ast.walk(node))
