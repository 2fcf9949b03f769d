"""Unified diffs and patches of the ``*** Begin Patch`` kind, as operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gencode_graph.llm.answers.operations import Operation

_OLD = re.compile(r"^--- (?:[ab]/)?([^\t\n]+?)(?:\t.*)?$")
_NEW = re.compile(r"^\+\+\+ (?:[ab]/)?([^\t\n]+?)(?:\t.*)?$")
_HUNK = re.compile(r"^@@")
_STARRED = re.compile(r"^\*\*\* (Update|Add|Delete|Move) (?:File: |to: )(.+?)\s*$")
NOTHING = "/dev/null"


def is_diff(lines: Sequence[str]) -> bool:
    """Whether lines hold a hunk of a unified diff."""
    return any(_HUNK.match(line) for line in lines) and any(line[:1] in "+-" for line in lines if line)


@dataclass
class _Hunk:
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changed: bool = False

    def add(self, line: str) -> None:
        mark, rest = (line[:1] or " "), line[1:]
        if mark in "- ":
            self.old.append(rest)
        if mark in "+ ":
            self.new.append(rest)
        self.changed |= mark in "+-"


def operations(lines: Sequence[str], path: str | None, at: int, complete: bool) -> Iterator[Operation]:
    """What a diff asks for; ``path`` is used where it names no file, ``at`` is the line it starts on."""
    lines = list(lines)
    while lines and not lines[-1]:
        lines.pop()
    old: str | None = None
    new = path
    hunk: _Hunk | None = None
    begun = at
    for number, line in enumerate([*lines, "@@"], start=at):
        last = number == at + len(lines)
        header = _header(line, lines, number - at)
        if header is None and not _HUNK.match(line):
            if hunk is not None and not line.startswith("\\"):
                hunk.add(line)
            continue
        if hunk is not None:
            yield from _hunk(hunk, old, new, begun, complete or not last)
            hunk = None
        if header is not None:
            old, new, operation = _named(header, old, new, number)
            if operation is not None:
                yield operation
            if header[0] == "Add":
                hunk, begun = _Hunk(), number
        elif not last:
            hunk, begun = _Hunk(), number
    return


def _header(line: str, lines: Sequence[str], at: int) -> tuple[str, str] | None:
    if match := _STARRED.match(line):
        return match[1], match[2]
    if line.startswith("--- ") and at + 1 < len(lines) and _NEW.match(lines[at + 1]) and (match := _OLD.match(line)):
        return "old", match[1]
    if line.startswith("+++ ") and at > 0 and _OLD.match(lines[at - 1]) and (match := _NEW.match(line)):
        return "new", match[1]
    if line.startswith(("diff --git ", "index ", "*** End Patch", "*** Begin Patch")):
        return "skip", ""
    return None


def _named(
    header: tuple[str, str], old: str | None, new: str | None, at: int
) -> tuple[str | None, str | None, Operation | None]:
    kind, name = header
    if kind == "old":
        return name, new, None
    if kind == "new":
        if name == NOTHING:
            return old, name, Operation(op="delete", path=old, line=at)
        if old not in (None, NOTHING, name):
            return old, name, Operation(op="rename", path=old, to=name, line=at)
        return old, name, None
    if kind == "Delete":
        return None, None, Operation(op="delete", path=name, line=at)
    if kind == "Move":
        return None, name, Operation(op="rename", path=new, to=name, line=at)
    if kind in ("Update", "Add"):
        return NOTHING if kind == "Add" else None, name, None
    return old, new, None


def _hunk(hunk: _Hunk, old: str | None, new: str | None, at: int, complete: bool) -> Iterator[Operation]:
    if not hunk.changed or new == NOTHING:
        return
    search = "".join(f"{line}\n" for line in hunk.old)
    content = "".join(f"{line}\n" for line in hunk.new)
    if old == NOTHING:
        yield Operation(op="write", path=new, content=content, complete=complete, line=at)
    else:
        yield Operation(op="edit", path=new, search=search, content=content, complete=complete, line=at)
