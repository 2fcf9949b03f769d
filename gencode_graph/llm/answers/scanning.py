"""The blocks of an answer: fences, tags, markers and bare edits, in order, found in one pass over the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from gencode_graph.llm.answers.edits import is_end, is_start
from gencode_graph.llm.answers.fences import Fences
from gencode_graph.llm.answers.tags import Tags

Kind = Literal["fence", "tag", "swap", "thought", "rule", "bare", "patch"]
_FILE = re.compile(
    r"^[ \t]*<{2,3}\s*(?:FILE|file)\b\s*:?\s*(?:(?:path|name)\s*=\s*)?[\"']?([^\"'>\n]{1,300})[\"']?\s*>{2,3}\s*$"
)
_FILE_END = re.compile(r"^[ \t]*<{2,3}\s*/?\s*(?:END|end)?[_ ]?(?:FILE|file)?\s*>{2,3}[ \t]*$", re.MULTILINE)
_HASH = re.compile(r"^<#-\s*(\S{1,300})\s*$")
_HASH_END = re.compile(r"^-#>[ \t]*$", re.MULTILINE)
_PATCH = re.compile(r"^\*\*\* Begin Patch\s*$")
_PATCH_END = re.compile(r"^\*\*\* End Patch[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A stretch of an answer that is content, not prose."""

    kind: Kind
    info: str = ""
    """Of a fence, its info string; of a tag, its name in lower case; of a marker, its path."""
    text: str
    start: int
    """Offset of its first character in the answer, its opening included."""
    end: int
    """Offset behind its last character."""
    closed: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    """Those of a tag, and of its child elements, by names in lower case."""


def blocks(text: str) -> Iterator[Block]:
    """The outermost blocks of a text; only the last of a kind can lack its end."""
    found = _Scanner(text)
    at = 0
    while at < len(text):
        block = found.block(at)
        if block is not None:
            yield block
            at = max(block.end, at + 1)
        else:
            at = found.line_end(at) + 1


class _Scanner:
    """What may open or close a block, indexed once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.swaps = _swap_spans(text)
        self.fences = Fences(text, self.swaps)
        self.tags = Tags(text)
        self.ends = {
            marker: [(match.start(), match.end()) for match in marker.finditer(text)]
            for marker in (_FILE_END, _HASH_END, _PATCH_END)
        }

    def line_end(self, at: int) -> int:
        """Offset of the line feed that ends the line at ``at``."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def block(self, at: int) -> Block | None:
        """The block that opens on the line at ``at``."""
        end = self.line_end(at)
        line = self.text[at:end]
        if (span := self.swaps.get(at)) is not None:
            return Block(kind="swap", text=self.text[at:span], start=at, end=span)
        for opener, closer in ((_FILE, _FILE_END), (_HASH, _HASH_END), (_PATCH, _PATCH_END)):
            if line.lstrip().startswith(("<<", "<#-", "*** Begin")) and (match := opener.match(line)):
                return self._marked(match, at, end, closer)
        fence = self.fences.at(at, end)
        tag = self.tags.opening(at, end)
        if tag is not None and (fence is None or tag.start < fence.start):
            return Block(
                kind="thought" if tag.thought else "tag",
                info=tag.name,
                text=tag.text,
                start=tag.start,
                end=tag.end,
                closed=tag.closed,
                attributes=tag.attributes,
            )
        if fence is not None:
            return Block(
                kind="fence", info=fence.info, text=fence.text, start=fence.start, end=fence.end, closed=fence.closed
            )
        if is_start(line):
            return self._unfinished(at)
        return None

    def _marked(self, match: re.Match[str], at: int, end: int, closer: re.Pattern[str]) -> Block:
        ends = self.ends[closer]
        index = bisect_left(ends, (end, 0))
        closed = index < len(ends)
        stop, after = ends[index] if closed else (len(self.text), len(self.text))
        patch = closer is _PATCH_END
        path = "" if patch else match[1].strip()
        body = self.text[min(end + 1, stop) : stop]
        return Block(
            kind="patch" if patch else "tag",
            info="patch" if patch else "file",
            text=body,
            start=at,
            end=after,
            closed=closed,
            attributes={"path": path} if path else {},
        )

    def _unfinished(self, at: int) -> Block | None:
        """An edit that is never ended; only at the end of an answer, with the word SEARCH, is it one."""
        if "SEARCH" not in self.text[at : self.line_end(at)]:
            return None
        return Block(kind="swap", text=self.text[at:], start=at, end=len(self.text), closed=False)


def _swap_spans(text: str) -> dict[int, int]:
    """Offset of each line that opens a search and replace block -> offset behind the block."""
    found: dict[int, int] = {}
    if "<<<<<" not in text:
        return found
    start: int | None = None
    at = 0
    for line in text.split("\n"):
        if line.lstrip().startswith("<<<<<") and is_start(line):
            start = at
        elif start is not None and line.lstrip().startswith(">>>>>") and is_end(line):
            found[start] = min(at + len(line) + 1, len(text))
            start = None
        at += len(line) + 1
    return found
