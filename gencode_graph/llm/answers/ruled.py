"""Blocks of answers without fences: code between ruled lines, and answers that are code all through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gencode_graph.llm.answers.cuts import looks_whole
from gencode_graph.llm.answers.judging import is_tree
from gencode_graph.llm.answers.languages import guess, is_path
from gencode_graph.llm.answers.naming import label
from gencode_graph.llm.answers.scanning import Block

_MARK = re.compile(
    r"^(?:(?P<bar>={3,}|-{3,}|#{3,}|\*{3,}|>{3,})[ \t]*(?:BEGIN )?(?:FILE|File)?:?[ \t]*(?P<path>[\w./@\[\]()+-]+\.\w+)"
    r"[ \t]*(?:={3,}|-{3,}|#{3,}|\*{3,}|<{3,}))[ \t]*$",
    re.MULTILINE,
)
_OVER = re.compile(r"^(?:={3,}|-{3,}|#{3,}|\*{3,})[ \t]*END\b.*$", re.MULTILINE)
LEAST = 3
"""Lines with text that an answer must have more of to be code all through."""
RULE = re.compile(r"^[ \t]*([-─━═=—_*~])\1{7,}[ \t]*$")
_CODE = re.compile(
    r"^\s*(?:import\s+[\w{*\"'.@]|from\s+[\w.@]+\s+import\b|use\s+\w+(?:::|;)|using\s+[\w.]+;|const\s+\w"
    r"|let\s+\w+\s*[=:]|var\s+\w+\s*[=:]"
    r"|def\s+\w+\(|async\s+def\b|class\s+\w+.*[:{]\s*$|fn\s+\w+|func\s+\w+|function\s+\w+\s*\("
    r"|package\s+[\w.]+;?\s*$|namespace\s+[\w.]+"
    r"|#include\b|#define\b|#!/|public\s+\w+|private\s+\w+|export\s+\w+|module\.exports|@\w+|<[!?/]?\w+"
    r"|[{}\[\]()]+[;,]?\s*$|//|/\*|\"\"\"|'''"
    r"|if\s+__name__|\$\w+\s*=|SELECT\s|CREATE\s+TABLE|FROM\s+\S+:\S+|\[[\w. -]+\]\s*$|\w[\w.\[\]]*\s*(?:=|:="
    r"|\+=)\s*\S|'use strict'|return\b"
    r"|\w+\(.*\)[;:{]?\s*$|[\w.]+\(.*$|for\s.*[:{]\s*$|while\s.*[:{]\s*$|if\s.*[:{]\s*$)"
)
_PROSE = re.compile(r"^\s*(?:[-•*]\s+|\d{1,3}[.)]\s+)?[^\W\d_][\w'’-]*,?(?:\s+[\w'’`\"“”(),/–—-]+){4,}")
_STRONG = re.compile(
    r"[;{}]\s*$|^\s*(?:#!/|import |from \w+ import|use |using |const |package |namespace |#include|class |def "
    r"|fn |<\?php|<!DOCTYPE|@model|//|/\*)"
)


def marked(text: str) -> Iterator[Block]:
    """The files of a text in which lines of their own, like ``=== a.py ===``, name what follows."""
    marks = [match for match in _MARK.finditer(text) if is_path(match["path"])]
    for number, match in enumerate(marks):
        last = number + 1 == len(marks)
        end = len(text) if last else marks[number + 1].start()
        body = text[match.end() : end]
        if last and (over := _OVER.search(body)) is not None:
            body = body[: over.start()]
        path = match["path"]
        closed = not last or body != text[match.end() :] or text.endswith("\n")
        yield Block(
            kind="tag", info="file", text=body, start=match.start(), end=end, closed=closed, attributes={"path": path}
        )


def ruled(text: str) -> Iterator[Block]:
    """The code between ruled lines."""
    sections = list(_sections(text))
    for start, end in sections if len(sections) > 1 else []:
        if (block := _code(text, start, end, closed=end < len(text))) is not None:
            yield block


def unfenced(text: str) -> Block | None:
    """The whole text as code, where it is; one paragraph of prose may stand before."""
    block = _code(text, 0, len(text), closed=True)
    if block is None or text[: block.start].count("\n\n") > 1:
        return None
    lines = [line for line in block.text.split("\n") if line.strip()]
    strong = sum(bool(_STRONG.search(line)) or line[:1].isspace() for line in lines)
    prose = sum(not line[:1].isspace() and bool(_PROSE.match(line)) and not _CODE.match(line) for line in lines)
    if len(lines) <= LEAST or strong <= len(lines) * 0.4 or prose > len(lines) * 0.1:
        return None
    whole = guess(block.text) != "python" or looks_whole(block.text, "python", None)
    return replace(block, closed=whole)


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of what stands between ruled lines."""
    begin = at = 0
    for line in text.split("\n"):
        after = at + len(line) + 1
        if RULE.match(line):
            yield begin, at
            begin = min(after, len(text))
        at = after
    yield begin, len(text)


def _code(text: str, start: int, end: int, *, closed: bool) -> Block | None:
    """The code of a section: from its first paragraph that is code to its end."""
    at = start
    for paragraph in re.split(r"(\n[ \t]*\n)", text[start:end]):
        body = paragraph.strip("\n")
        first = next((line for line in body.split("\n") if line.strip()), "")
        if first and (_is_code(body, first) or (at == start and is_tree(body.split("\n")))):
            if at != start and label(first):
                body = body.partition("\n")[2]
            content = text[at:end].strip("\n")
            if _mostly_prose(content):
                return None
            return Block(kind="rule", text=content, start=at, end=end, closed=closed)
        at += len(paragraph)
    return None


def _is_code(paragraph: str, first: str) -> bool:
    if label(first) is not None and not first.lstrip().startswith(("//", "/*", "<!--")):
        return False
    lines = [line for line in paragraph.split("\n") if line.strip()]
    code = sum(bool(_CODE.match(line) or _STRONG.search(line)) for line in lines)
    begins = bool(re.match(r"\s*(?:#!|//|/\*|<!--|\"\"\"|from\s+[\w.]+\s+import\b|import\s+[\w{*])", first))
    return bool(_CODE.match(first)) and not _sentence(first) and (begins or code * 2 >= len(lines))


def _sentence(line: str) -> bool:
    return (
        bool(_PROSE.match(line))
        and line.rstrip().endswith((".", ":", "!", "?"))
        and "=" not in line
        and "{" not in line
    )


def _mostly_prose(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(_sentence(line) for line in lines) * 2 > len(lines)
