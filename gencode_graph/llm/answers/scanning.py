"""The fenced blocks of a text, also nested, unclosed, glued and indented ones; one pass over its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gencode_graph.llm.answers.languages import MARKDOWN

_FENCE = re.compile(r"^(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+|>[ \t]?)?)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_INFO = re.compile(r"^[\w.{/\[@+#-]")
"""How an info string starts; what else follows the ticks is code that happens to hold ticks."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A stretch of lines that is content, not prose."""

    kind: str
    """``fence``, ``tag``, ``rule`` or ``bare``."""
    info: str
    lines: tuple[str, ...]
    start: int
    """Index of the line that opens it."""
    end: int
    """Index after the line that closes it."""
    closed: bool = True
    attributes: tuple[tuple[str, str], ...] = ()
    """Those of a tag; the first is its name under ``tag``."""


@dataclass(frozen=True, kw_only=True)
class Fence:
    """A line that may open or close a fenced block."""

    at: int
    lead: str
    ticks: str
    info: str

    def closes(self, opener: Fence) -> bool:
        """Whether it could end what ``opener`` began."""
        return not self.info and self.ticks[0] == opener.ticks[0] and len(self.ticks) >= len(opener.ticks)


def fences(lines: list[str]) -> list[Fence]:
    """All lines that look like fences."""
    found: list[Fence] = []
    for at, line in enumerate(lines):
        if "```" not in line and "~~~" not in line:
            continue
        match = _FENCE.match(line)
        if match is None:
            continue
        info = match["info"].strip()
        if info and not _INFO.match(info):
            continue
        found.append(Fence(at=at, lead=match["lead"], ticks=match["ticks"], info=info))
    return found


def fenced(lines: list[str]) -> list[Block]:
    """The outermost fenced blocks, in order; only the last can lack its end."""
    marks = fences(lines)
    found: list[Block] = []
    index = 0
    while index < len(marks):
        opener = marks[index]
        end, closed = _end(lines, marks, index)
        stop = marks[end].at if end < len(marks) else len(lines)
        found.append(_block(lines, opener, stop, closed))
        index = end + 1 if closed else end
    return found


def _block(lines: list[str], opener: Fence, stop: int, closed: bool) -> Block:
    width = len(opener.lead) if not opener.lead.strip() or opener.lead.strip() != ">" else 0
    body = [_unindented(line, width) for line in lines[opener.at + 1 : stop]]
    return Block(
        kind="fence",
        info=opener.info,
        lines=tuple(body),
        start=opener.at,
        end=stop + closed,
        closed=closed,
    )


def _unindented(line: str, width: int) -> str:
    lead = len(line) - len(line.lstrip(" \t"))
    return line[min(lead, width) :]


def _end(lines: list[str], marks: list[Fence], index: int) -> tuple[int, bool]:
    """Index of the fence that closes the one at ``index``, or of the one that opens the next block, and which."""
    opener = marks[index]
    document = bool(MARKDOWN.search(opener.info))
    depth = 0
    at = index + 1
    while at < len(marks):
        mark = marks[at]
        if mark.info:
            if depth == 0 and not document and not _nests(marks, at):
                return at, False
            depth += len(mark.ticks) <= len(opener.ticks) or document
        elif mark.closes(opener):
            if depth:
                depth -= 1
            elif document and _opens(lines, marks, at):
                depth += 1
            else:
                return at, True
        at += 1
    return len(marks), False


def _nests(marks: list[Fence], at: int) -> bool:
    """Whether enough closing fences follow for the block at ``at`` and the one around it."""
    bare = 0
    for mark in marks[at + 1 : at + 3]:
        if mark.info:
            break
        bare += 1
    return bare >= 2


def _opens(lines: list[str], marks: list[Fence], at: int) -> bool:
    """Whether a bare fence inside a document opens a block in it: text follows at once, and two more bare fences."""
    line = marks[at].at
    if line + 1 >= len(lines) or not lines[line + 1].strip():
        return False
    return len(marks) > at + 2 and not marks[at + 1].info
