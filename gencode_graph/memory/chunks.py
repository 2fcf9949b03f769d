"""Files in pieces that a search can find: functions and classes with their place, else the file in parts.

Python is read by its own parser. Other languages are read by the lines that begin a function, class, type or component;
a piece reaches to the next such line. That is an outline, not a parser: what it misses is in the piece before.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Kind = Literal["function", "class", "file"]
LANGUAGES = {
    "python": (".py", ".pyi"),
    "typescript": (".ts", ".tsx", ".mts"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "java": (".java",),
    "kotlin": (".kt",),
    "go": (".go",),
    "rust": (".rs",),
    "csharp": (".cs",),
    "html": (".html",),
    "css": (".css", ".scss"),
    "json": (".json",),
    "yaml": (".yaml", ".yml"),
    "markdown": (".md",),
}
LINES = 60
"""Of a part, where a file has no pieces."""
LONGEST = 8000
"""Characters of a piece; the rest is left out."""
_BEGINS = re.compile(
    r"""^[ \t]{0,4}(?:export\s+|default\s+|public\s+|private\s+|protected\s+|static\s+|abstract\s+|async\s+|pub\s+|
    final\s+|override\s+)*
    (?:(?P<type>class|interface|struct|enum|trait|type|impl|record|object)\s+(?P<named>[A-Za-z_$][\w$]*)
    |(?:function\*?|func|fn|fun)\s+(?:\([^)]*\)\s*)?(?P<function>[A-Za-z_$][\w$]*)
    |(?:const|let|var)\s+(?P<arrow>[A-Za-z_$][\w$]*)[^=\n]*=\s*(?:async\s*)?(?:function\b|(?:\([^\n]*|[\w$]+)\s*=>
      |\([^)\n]*$))""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A piece of a file."""

    path: str
    name: str
    """With its class before it, ``Orders.total``; of a part of a file, the file's."""
    kind: Kind
    line: int
    """Where it begins, from 1."""
    text: str


def language_of(path: str) -> str | None:
    """The language of a file by its ending."""
    ending = PurePosixPath(path).suffix.lower()
    return next((name for name, endings in LANGUAGES.items() if ending in endings), None)


def chunks(path: str, text: str) -> list[Chunk]:
    """All pieces of a file, in order; one that is empty has none."""
    found: list[Chunk] = []
    if language_of(path) == "python":
        found = _python(path, text)
    elif language_of(path) not in ("json", "yaml", "markdown", "html", "css", None):
        found = list(_outlined(path, text))
    return found or list(_cut(path, text))


def _python(path: str, text: str) -> list[Chunk]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    lines = text.splitlines(keepends=True)
    return list(_definitions(path, lines, tree.body, ""))


def _definitions(path: str, lines: list[str], body: list[ast.stmt], within: str) -> Iterator[Chunk]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        last = node.end_lineno or node.lineno
        is_class = isinstance(node, ast.ClassDef)
        if isinstance(node, ast.ClassDef):
            inner = [one.lineno for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
            last = min([last, *(line - 1 for line in inner)])
        name = f"{within}{node.name}"
        piece = "".join(lines[first - 1 : last])[:LONGEST]
        yield Chunk(path=path, name=name, kind="class" if is_class else "function", line=first, text=piece)
        if isinstance(node, ast.ClassDef):
            yield from _definitions(path, lines, node.body, f"{name}.")


def _outlined(path: str, text: str) -> Iterator[Chunk]:
    begins = list(_BEGINS.finditer(text))
    for place, match in enumerate(begins):
        end = begins[place + 1].start() if place + 1 < len(begins) else len(text)
        kind: Kind = "class" if match["type"] else "function"
        name = match["named"] or match["function"] or match["arrow"]
        line = text.count("\n", 0, match.start()) + 1
        yield Chunk(path=path, name=name, kind=kind, line=line, text=text[match.start() : end].rstrip()[:LONGEST])


def _cut(path: str, text: str) -> Iterator[Chunk]:
    lines = text.splitlines(keepends=True)
    for start in range(0, len(lines), LINES):
        piece = "".join(lines[start : start + LINES])[:LONGEST]
        if piece.strip():
            yield Chunk(path=path, name=PurePosixPath(path).name, kind="file", line=start + 1, text=piece)
