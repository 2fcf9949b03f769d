"""Content that is something else than its name says: a fence, a diff, a chat, an error page. Empty counts too."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.syntax import NAMES, problems

MAY_BE_EMPTY = ("__init__.py", "py.typed", ".gitkeep", ".keep", "conftest.py")

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a block of code with its fence", re.compile(r"\A\s*(?:```|~~~)|^(?:```|~~~)\s*\Z", re.MULTILINE)),
    (
        "an edit that was not applied",
        re.compile(r"^(?:<{5,9} ?(?:SEARCH|HEAD|ORIGINAL)?|>{5,9} ?\w*)\s*$", re.MULTILINE),
    ),
    ("a diff", re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|\A--- \S+\n\+\+\+ \S+", re.MULTILINE)),
    (
        "an explanation",
        re.compile(
            r"\A\s*(?:Sure|Certainly|Of course|Absolutely|Okay|Great|Here(?:'s| is| are)|I(?:'ve|'ll| have| will| am)|"
            r"Below is|This (?:file|code|is)|The following|Let me|Let's|Note:|\*\*|#{1,4} [A-Z][^\n]*\n\n)"
        ),
    ),
    ("a web page", re.compile(r"\A\s*<(?:!doctype html|html\b)", re.IGNORECASE)),
    (
        "a tag of an answer",
        re.compile(r"\A\s*<(?:file|content|code|write_file|answer|artifact)\b", re.IGNORECASE),
    ),
    ("a JSON value", re.compile(r"\A\s*\{\s*\"(?:\w+)\"\s*:")),
)  # fmt: skip
_FENCED = re.compile(r"\A\s*```[\w-]*[ \t]*$|^```[ \t]*\s*\Z", re.MULTILINE)
_PLAIN: tuple[Kind, ...] = ("text", "markdown", "binary")
_OBJECTS = ("package.json", "tsconfig.json", "openapi.json", "appspec.json", "biome.json", "package-lock.json")


def shape(path: str, text: str) -> list[Finding]:
    """Findings for an empty file and for one that is another kind of thing; a file that parses is what it says."""
    name = PurePosixPath(path).name
    if not text.strip():
        return [] if name in MAY_BE_EMPTY else [_finding(path, "file/empty", f"{path} is empty", "write the file")]
    kind = kind_of(path)
    if kind == "text" and name != "LICENSE":
        signs = _SIGNS[:3] if not path.endswith((".diff", ".patch")) else ()
    elif kind in SCRIPTS and _FENCED.search(text):
        signs = _SIGNS[:1]  # to a script a fence is an empty text, or three
    elif kind in _PLAIN or not problems(kind, text):
        return _not_an_object(path, name, text)
    else:
        signs = _SIGNS
    for what, pattern in signs:
        if (kind == "html" and what == "a web page") or (kind == "json" and what == "a JSON value"):
            continue
        if match := pattern.search(text):
            line = text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip())) + 1
            message = f"{path} holds {what} instead of {NAMES[kind]}"
            return [_finding(path, "file/shape", message, "send the file's own content, and nothing around it", line)]
    return []


def _not_an_object(path: str, name: str, text: str) -> list[Finding]:
    """Well-known JSON documents are objects."""
    if name in _OBJECTS and kind_of(path) == "json" and not isinstance(json.loads(text), dict):
        return [_finding(path, "file/shape", f"{path} is no JSON object", "write the document as one object", 1)]
    return []


def _finding(path: str, rule: str, message: str, hint: str, line: int | None = None) -> Finding:
    return Finding(rule=rule, message=message, path=path, line=line, hint=hint)
