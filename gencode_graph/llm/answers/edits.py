"""Edits: search and replace blocks and unified diffs, read and applied; never by guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_START = re.compile(r"^\s*<{5,9} ?(?:SEARCH|ORIGINAL|HEAD|OLD)?\b.*$|^\s*<{5,9}\s*$")
_MIDDLE = re.compile(r"^\s*={5,9}\s*$")
_END = re.compile(r"^\s*>{5,9} ?(?:REPLACE|UPDATED|NEW)?\b.*$|^\s*>{5,9}\s*$")
NEAR = 0.5
"""Likeness below which no nearest lines are shown."""


@dataclass(frozen=True, kw_only=True)
class Swap:
    """Lines to find and lines to put in their place."""

    search: str
    replace: str
    at: int
    """Index of its first line."""
    complete: bool = True


def is_start(line: str) -> bool:
    """Whether a line opens a search and replace block."""
    return bool(_START.match(line))


def is_end(line: str) -> bool:
    """Whether a line ends a search and replace block."""
    return bool(_END.match(line))


def swaps(lines: Sequence[str]) -> Iterator[Swap]:
    """The search and replace blocks among lines; only the last can be incomplete."""
    start: int | None = None
    middle: int | None = None
    for at, line in enumerate(lines):
        if start is None:
            if is_start(line):
                start = at
        elif middle is None:
            if _MIDDLE.match(line):
                middle = at
        elif is_end(line):
            yield Swap(search=_text(lines[start + 1 : middle]), replace=_text(lines[middle + 1 : at]), at=start)
            start = middle = None
    if start is not None:
        stop = len(lines) if middle is None else middle
        rest = [] if middle is None else lines[middle + 1 :]
        yield Swap(search=_text(lines[start + 1 : stop]), replace=_text(rest), at=start, complete=False)


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def replaced(text: str, search: str, replace: str) -> str | int:
    """The text with the one place that matches replaced, or how many places match.

    When nothing matches exactly, lines are compared without trailing white space, then without an indentation that
    all of them share; the replacement is then indented like the place. Each time, only a single place will do.
    """
    if not search.strip():
        return 0
    wanted = search.rstrip("\n").split("\n")
    lines = text.split("\n")
    for same in (_exact, _trimmed):
        places = _places(lines, wanted, same)
        if len(places) == 1:
            return _put(lines, places[0], len(wanted), replace, "", "")
        if places:
            return len(places)
    return _shifted(lines, wanted, replace)


def _exact(line: str) -> str:
    return line


def _trimmed(line: str) -> str:
    return line.rstrip()


def _places(lines: Sequence[str], wanted: Sequence[str], same: object) -> list[int]:
    """Indices at which all wanted lines stand."""
    key = _trimmed if same is _trimmed else _exact
    have = [key(line) for line in lines]
    want = [key(line) for line in wanted]
    first = want[0]
    return [at for at in range(len(have) - len(want) + 1) if have[at] == first and have[at : at + len(want)] == want]


def _shifted(lines: Sequence[str], wanted: Sequence[str], replace: str) -> str | int:
    bare = [line.strip() for line in wanted]
    have = [line.strip() for line in lines]
    places = [
        at
        for at in range(len(have) - len(bare) + 1)
        if have[at] == bare[0] and have[at : at + len(bare)] == bare and _shift(lines[at : at + len(bare)], wanted)
    ]
    if len(places) != 1:
        return len(places)
    removed, added = _shift(lines[places[0] : places[0] + len(bare)], wanted) or ("", "")
    return _put(list(lines), places[0], len(wanted), replace, removed, added)


def _shift(lines: Sequence[str], wanted: Sequence[str]) -> tuple[str, str] | None:
    """The indentation to take from the wanted lines and the one to give them, where one pair does for all."""
    for line, want in zip(lines, wanted, strict=True):
        if line.strip():
            here, there = _indent(line), _indent(want)
            break
    else:
        return None
    short = min(len(here), len(there))
    common = next((n for n in range(short, -1, -1) if here[len(here) - n :] == there[len(there) - n :]), 0)
    removed, added = there[: len(there) - common], here[: len(here) - common]
    for line, want in zip(lines, wanted, strict=True):
        if want.strip() and (not want.startswith(removed) or added + want[len(removed) :].rstrip() != line.rstrip()):
            return None
    return removed, added


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _put(lines: Sequence[str], at: int, size: int, replace: str, removed: str, added: str) -> str:
    new = replace.rstrip("\n").split("\n") if replace.strip("\n") else []
    if replace.endswith("\n\n"):
        new += [""] * (len(replace) - len(replace.rstrip("\n")) - 1)
    new = [added + line.removeprefix(removed) if line.strip() and (added or removed) else line for line in new]
    return "\n".join([*lines[:at], *new, *lines[at + size :]])


def nearest(text: str, search: str) -> str | None:
    """The lines of the text most like those searched for, with their number; None when nothing is like them."""
    wanted = [line.strip() for line in search.strip("\n").split("\n")]
    first = max(wanted, key=len)
    offset = wanted.index(first)
    lines = text.split("\n")
    best, score = 0, 0.0
    matcher = difflib.SequenceMatcher(b=first, autojunk=False)
    for at, line in enumerate(lines[:5000]):
        matcher.set_seq1(line.strip()[:200])
        if matcher.real_quick_ratio() > score and matcher.quick_ratio() > score and matcher.ratio() > score:
            best, score = at, matcher.ratio()
    if score < NEAR:
        return None
    start = max(0, best - offset)
    shown = lines[start : start + min(len(wanted), 12)]
    return f"nearest lines, from line {start + 1}:\n" + "\n".join(shown)
