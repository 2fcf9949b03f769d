"""Fenced blocks, also nested, unclosed, glued and indented ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from gencode_graph.llm.answers.cuts import parses
from gencode_graph.llm.answers.languages import MARKDOWN

_FENCE = re.compile(
    r"^(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+|>[ \t]?)?)(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE
)
_GLUED = re.compile(r"^(?P<lead>[^`\n]*)(?P<ticks>```)(?P<info>\w*\{[^}\n`]*\})[ \t]*(?P<code>[^`\n]*)$", re.MULTILINE)
_PYTHON = re.compile(r"^(?:python|py)\b|\.py\b")
_FENCES_IN_STRINGS = 5
_LONGEST_PARSED = 200_000
_INFO = re.compile(r"[\w.{/\[@+#:-]")
"""How an info string starts; what else follows the ticks is code that happens to hold ticks."""
_BRACE = re.compile(r"^\s*\}\s*\n")
_SPOKEN = re.compile(r"^\s*\S+(?:\s+[^\s=:{]+){4,}[.:]?\s*$")
"""An info string that is a sentence."""


@dataclass(frozen=True, kw_only=True)
class Fenced:
    """One block."""

    info: str
    text: str
    start: int
    end: int
    closed: bool


@dataclass(frozen=True, kw_only=True)
class _Mark:
    start: int
    end: int
    lead: str
    ticks: str
    info: str
    code: str = ""

    def closes(self, opener: _Mark) -> bool:
        return not self.info and self.ticks[0] == opener.ticks[0] and len(self.ticks) >= len(opener.ticks)


class Fences:
    """All fences of a text."""

    def __init__(self, text: str, opaque: Mapping[int, int]) -> None:
        """``opaque`` spans, start to end, hold no fences of ours."""
        self._text = text
        self._marks = _marks(text, opaque) if "```" in text or "~~~" in text else []
        self._starts = [mark.start for mark in self._marks]

    def at(self, start: int, end: int) -> Fenced | None:
        """The block that the line from ``start`` to ``end`` opens."""
        index = bisect_left(self._starts, start)
        if index == len(self._marks) or self._marks[index].start > end:
            return None
        opener = self._marks[index]
        closer, closed = self._end(index)
        if closed and _PYTHON.search(opener.info):
            closer = self._python_end(index, closer)
        stop = self._marks[closer].start if closer < len(self._marks) else len(self._text)
        body = self._text[min(opener.end + 1, stop) : stop]
        info = opener.info
        if "{" in info and "}" not in info and (brace := _BRACE.match(body)):
            body, info = body[brace.end() :], info + "}"
        body = _unindented(body, opener.lead)
        if opener.code:
            body = f"{opener.code}\n{body}"
        after = self._marks[closer].end if closed else stop
        if closed and self._marks[closer].ticks != opener.ticks and self._glued(closer, opener):
            after = self._marks[closer].start + len(self._marks[closer].lead)
        return Fenced(info=info, text=body, start=opener.start, end=min(after, len(self._text)), closed=closed)

    def _glued(self, closer: int, opener: _Mark) -> bool:
        return bool(self._marks[closer].info) and len(self._marks[closer].ticks) == 2 * len(opener.ticks)

    def _end(self, index: int) -> tuple[int, bool]:
        """Index of the mark that closes the one at ``index``, or of the one that opens the next block, and which."""
        marks, opener = self._marks, self._marks[index]
        document = bool(MARKDOWN.search(opener.info)) or self._document_before(opener)
        depth = 0
        for at in range(index + 1, len(marks)):
            mark = marks[at]
            if mark.ticks[0] != opener.ticks[0] or len(mark.ticks) < len(opener.ticks):
                continue
            if mark.info:
                if depth == 0 and not document and not self._nests(at):
                    return at, False
                depth += 1
            elif not depth:
                if not (document and self._opens(at)):
                    return at, True
                depth += 1
            else:
                depth -= 1
        return len(marks), False

    def _python_end(self, index: int, closer: int) -> int:
        """The closing fence with which the block is Python, where a fence in a string comes before it."""
        opener = self._marks[index]
        for at in range(closer, min(closer + _FENCES_IN_STRINGS, len(self._marks))):
            mark = self._marks[at]
            body = self._text[min(opener.end + 1, mark.start) : mark.start]
            if len(body) > _LONGEST_PARSED:
                break
            if mark.closes(opener) and parses(_unindented(body, opener.lead)):
                return at
        return closer

    def _nests(self, at: int) -> bool:
        """Whether enough closing fences follow for the block at ``at`` and the one around it."""
        following = self._marks[at + 1 : at + 3]
        return len(following) == 2 and not any(mark.info for mark in following)

    def _opens(self, at: int) -> bool:
        """Whether a bare fence in a document opens a block: text follows at once, and two more fences do."""
        mark = self._marks[at]
        before = self._line_before(mark).rstrip("*_ ")
        if at + 1 == len(self._marks) and not self._text[mark.end + 1 :].strip():
            return before.endswith(":")
        line_end = self._text.find("\n", mark.end + 1)
        following = self._text[mark.end + 1 : line_end if line_end >= 0 else len(self._text)]
        if not following.strip():
            return False
        blank = self._text[max(0, mark.start - 2) : mark.start] == "\n\n"
        if blank or before.endswith(":") or before.startswith("#"):
            return True
        return len(self._marks) > at + 2 and not self._marks[at + 1].info

    def _line_before(self, mark: _Mark) -> str:
        """The last line with text before a fence, in its last 300 characters."""
        return self._text[max(0, mark.start - 300) : mark.start].rstrip().rpartition("\n")[2]

    def _document_before(self, mark: _Mark) -> bool:
        return not mark.info and bool(re.search(r"\.(?:md|mdx|markdown|rst)[`*:\"]*$", self._line_before(mark).strip()))


def _marks(text: str, opaque: Mapping[int, int]) -> list[_Mark]:
    found: list[_Mark] = []
    spans = sorted(opaque.items())
    span = 0
    for match in _FENCE.finditer(text):
        while span < len(spans) and spans[span][1] <= match.start():
            span += 1
        if span < len(spans) and spans[span][0] < match.start():
            continue
        info = match["info"].strip()
        if info and (not _INFO.match(info) or _SPOKEN.match(info)):
            continue
        ticks = match["ticks"]
        if info and found and len(ticks) == 2 * len(found[-1].ticks) and found[-1].info:
            half = len(ticks) // 2
            middle = match.start("ticks") + half
            found.append(_Mark(start=match.start(), end=middle, lead=match["lead"], ticks=ticks[:half], info=""))
            found.append(_Mark(start=middle, end=match.end(), lead="", ticks=ticks[:half], info=info))
            continue
        found.append(_Mark(start=match.start(), end=match.end(), lead=match["lead"], ticks=ticks, info=info))
    glued = [
        _Mark(start=one.start("ticks"), end=one.end(), lead="", ticks="```", info=one["info"], code=one["code"].strip())
        for one in _GLUED.finditer(text)
        if one["lead"].strip() or one["code"].strip()
    ] if "```" in text and "{" in text else []  # fmt: skip
    if glued:
        taken = {mark.end for mark in glued}
        found = sorted([*(mark for mark in found if mark.end not in taken), *glued], key=lambda mark: mark.start)
    return found


def _unindented(body: str, lead: str) -> str:
    """The lines without the indentation of the fence, or without its quote marks."""
    if not lead:
        return body
    if lead.strip() == ">":
        return re.sub(r"^[ \t]*> ?", "", body, flags=re.MULTILINE)
    return re.sub(rf"^[ \t]{{1,{len(lead)}}}", "", body, flags=re.MULTILINE)
