"""Log: what a tool printed, cleaned and cut to what can be read in a moment."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from gencode_graph.healing.logs.own import Own

HEAD, TAIL = 200_000, 800_000
"""Characters read of a log's beginning and end."""
LINE = 2_000
"""Characters kept of a line."""
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)?|[@-Z\\^_()#])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_STAMP = re.compile(
    r"^(?:#\d{1,4} +\d{1,6}\.\d{1,4} |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z |[\w.-]{1,40} {1,12}\| (?! *\d* ?\|))"
)
"""What BuildKit, CI services and compose put before each line of the program within."""


def clean(text: str) -> str:
    """A log without colours and control characters; the middle of a long one left out."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def short(line: str) -> str:
    """A line of bearable length."""
    return line if len(line) <= LINE else f"{line[: LINE - 500]} ... {line[-495:]}"


@dataclass(frozen=True, kw_only=True)
class Log:
    """A tool's output and what is known about how it ran."""

    text: str
    tool: str = ""
    command: str = ""
    exit_code: int | None = None
    project: Collection[str] = ()
    """The project's own files and modules, as far as they are known."""
    root: str | None = None
    """Folder in which the project lay when the tool ran."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Without line ends; stamps of builders taken off."""
        return tuple(short(_STAMP.sub("", line.rstrip())) for line in clean(self.text).split("\n"))

    @cached_property
    def body(self) -> str:
        """All lines again."""
        return "\n".join(self.lines)

    @cached_property
    def own(self) -> Own:
        """What is the project's own."""
        return Own.of(self.body, project=self.project, root=self.root, command=self.command)

    def has(self, *words: str) -> bool:
        """Whether any of the words stands in the log; cheap, to be asked first."""
        return any(word in self.body for word in words)

    def after(self, at: int, lines: int = 12) -> tuple[str, ...]:
        """Some lines after a line."""
        return self.lines[at + 1 : at + 1 + lines]
