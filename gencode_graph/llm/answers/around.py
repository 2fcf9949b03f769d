"""What stands around a block of an answer, and what was read before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from gencode_graph.llm.answers.commands import is_commands
from gencode_graph.llm.answers.judging import changes
from gencode_graph.llm.answers.languages import fits
from gencode_graph.llm.answers.naming import mentions
from gencode_graph.llm.answers.operations import Operation
from gencode_graph.llm.answers.scanning import Block

_MANY = 20
"""More paths in an introduction than this say nothing about a block."""
_FOLLOWING = 4
"""Blocks after one that are looked at for what it is saved as."""


class Around:
    """An answer around its blocks; :meth:`note` tells it what was read."""

    def __init__(self, text: str, blocks: Sequence[Block], *, cut: bool) -> None:
        """``cut``: the provider says that the end is missing."""
        self.text = text
        self.cut = cut
        self.blocks = blocks
        self.carried: str | None = None
        """The path that the block before held, and nothing else."""
        self.taken: set[str] = set()
        """Paths that have a whole file or a part."""
        self.last: Operation | None = None
        """The last operation but commands."""
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def note(self, operations: Iterable[Operation]) -> None:
        """Remember what a block asked for."""
        for operation in operations:
            if operation.op != "shell":
                self.last = operation
            if operation.path is not None and operation.op in ("write", "fragment", "edit"):
                self.taken.add(operation.path)

    def line(self, at: int) -> int:
        """Number of the line at an offset, from 1."""
        return bisect_right(self._starts, at)

    def before(self, number: int) -> list[str]:
        """The lines between a block and the one before it."""
        start = self.blocks[number - 1].end if number else 0
        return self.text[start : self.blocks[number].start].split("\n")

    def after(self, number: int) -> list[str]:
        """The prose after a block, and commands in it, up to the next block that is no command."""
        lines: list[str] = []
        for at in range(number, min(len(self.blocks), number + _FOLLOWING)):
            if at > number:
                block = self.blocks[at]
                inside = block.text.split("\n")
                if block.kind != "fence" or not is_commands(inside):
                    break
                lines += inside
            end = self.blocks[at + 1].start if at + 1 < len(self.blocks) else len(self.text)
            lines += self.text[self.blocks[at].end : end].split("\n")
        return lines

    def goes_on(self, before: Sequence[str], language: str) -> str | None:
        """The file that an unnamed part belongs to: that of the part before, or the only one announced for a change."""
        if self.last is not None and self.last.op == "fragment" and self.last.language == language:
            return self.last.path
        sentence = next((line for line in reversed(before) if line.strip()), "")
        if not changes(sentence) or len(self._announced) > _MANY:
            return None
        fitting = [path for path in self._announced if fits(path, language)]
        return fitting[0] if len(fitting) == 1 else None

    @cached_property
    def _announced(self) -> list[str]:
        """The paths that the text before the first block speaks of changing."""
        ahead = self.text[: self.blocks[0].start].split("\n") if self.blocks else []
        return list(dict.fromkeys(path for line in ahead if changes(line) for path, _ in mentions(line)))
