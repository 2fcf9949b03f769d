"""Outlines: what a file offers, on one line, for where the whole file does not fit."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

LENGTH = 400
"""Characters of an outline, at most."""
_SCRIPT = re.compile(
    r"^export\s+(?:default\s+)?(?:async\s+)?(?:function|const|class|interface|type|enum)\s+(\w+(?:\([^)\n]*\))?)", re.M
)
_HEADING = re.compile(r"^#{1,3} (.+)$", re.M)


@lru_cache(maxsize=4096)
def outline(path: str, text: str) -> str:
    """The names that a file defines or its headings; its number of lines where nothing is known of its kind."""
    if path.endswith(".py"):
        names = _python(text)
    elif path.endswith((".ts", ".tsx", ".js", ".jsx", ".mjs")):
        names = _SCRIPT.findall(text)
    elif path.endswith(".md"):
        names = _HEADING.findall(text)
    else:
        names = []
    shown = "; ".join(names)
    lines = f"{text.count(chr(10)) + 1} lines"
    return f"{shown[:LENGTH]} ({lines})" if shown else lines


def _python(text: str) -> list[str]:
    """Classes with their fields and methods, and functions with their parameters."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return []
    names = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(f"{node.name}({ast.unparse(node.args)})")
        elif isinstance(node, ast.ClassDef):
            inner = list(filter(None, map(_member, node.body)))
            names.append(f"class {node.name}: {', '.join(inner)}" if inner else f"class {node.name}")
    return names


def _member(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"{node.name}()"
    return node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else None
