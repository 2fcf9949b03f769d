"""A place where reading ends, and changes of the text around it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

_SIGNS = (
    "unterminated", "never closed", "does not match", "unmatched", "unindent", "tabs and spaces", "invalid character",
)  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """A text that is no Python, and where reading it ends."""

    text: str
    line: int
    """From 1."""
    column: int
    """From 0, in characters."""
    message: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """All lines, their ends left out."""
        return tuple(self.text.split("\n"))

    @property
    def of_signs(self) -> bool:
        """Whether it is of strings, brackets or blanks: those are looked at apart from all else."""
        return any(words in self.message for words in _SIGNS)

    def here(self, line: int | None = None) -> str:
        """A line; empty behind the last one."""
        number = (line or self.line) - 1
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def with_line(self, new: str, line: int | None = None) -> str:
        """The text with another line; with several in its place where the new one holds line ends."""
        number = (line or self.line) - 1
        return "\n".join([*self.lines[:number], new, *self.lines[number + 1 :]])

    def with_lines(self, first: int, new: list[str]) -> str:
        """The text with other lines from one on."""
        return "\n".join([*self.lines[: first - 1], *new, *self.lines[first - 1 + len(new) :]])


Change = tuple[float, str]
"""What a change costs, and the text that it leads to."""
Changes = Callable[[Slip], Iterator[Change]]


def slip_in(text: str) -> Slip | None:
    """The first place where a text is no Python; None where it is, or where no place can be told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as error:
            return Slip(text, error.lineno or 1, max((error.offset or 1) - 1, 0), error.msg)
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def indent_of(line: str) -> int:
    """How many blanks a line starts with."""
    return len(line) - len(line.lstrip())


def code_end(line: str) -> int:
    """Where the code of a line ends: before its comment and the blanks in front of that."""
    quote = ""
    for index, letter in enumerate(line):
        if quote:
            if letter == quote and line[index - 1] != "\\":
                quote = ""
        elif letter in "\"'":
            quote = letter
        elif letter == "#":
            return len(line[:index].rstrip())
    return len(line.rstrip())
