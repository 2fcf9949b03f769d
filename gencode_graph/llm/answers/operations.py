"""What an answer asks for: operations on files, plain and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["write", "edit", "fragment", "delete", "rename", "shell", "snippet"]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that an answer wants done, in the order of the answer."""

    op: Kind
    path: str | None = None
    """As the answer names it; not yet checked. None for what names no file."""
    content: str = ""
    """The file, the replacement of an edit, the commands, or the sample."""
    search: str | None = None
    """What an edit replaces; empty for one that makes a new file."""
    to: str | None = None
    """The new path of a rename."""
    language: str | None = None
    """As a fence names it, or by the path."""
    complete: bool = True
    """False for a block that the end of the answer cut off."""
    line: int = 0
    """Where in the answer the block starts, from 1."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was read out of a model's answer."""

    operations: tuple[Operation, ...] = ()
    truncated: bool = False
    """Whether its end is missing, by the provider's word or by the look of it."""
    twice: tuple[str, ...] = ()
    """Paths of files that it lists more than once, with different contents."""
    prose: str = ""
    """What stands around the blocks."""
