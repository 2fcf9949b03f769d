"""Clue: one thing that a reader found in a log, and how much it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

Category = Literal[
    "runtime",
    "syntax",
    "environment",
    "type",
    "dependency",
    "config",
    "network",
    "import",
    "lint",
    "logic",
    "timeout",
    "security",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)

DIAGNOSTIC = 90
"""A compiler, or a test runner about one test: position, code and message."""
EXCEPTION = 80
"""A program that ended with an exception."""
TOOL = 70
"""A package manager, a builder or a shell that says what it lacks."""
LINT = 60
"""A linter. Whatever keeps the program from running comes before it."""
WRAPPER = 30
"""A tool that only says that another one failed."""
WORDS = 10


@dataclass(frozen=True, kw_only=True)
class Clue:
    """What one place of a log says."""

    category: Category
    alternatives: tuple[Category, ...] = ()
    """Other categories that fit, the likeliest first."""
    message: str
    """One line."""
    rank: int = TOOL
    """The highest decides; of equals the first."""
    path: str | None = None
    line: int | None = None
    code: str | None = None
    """The tool's own: an exception's type, ``TS2307``, ``ERESOLVE``, ``F401``."""
    symbol: str | None = None
    """The name concerned: missing module, undefined name, wrong attribute."""
    evidence: tuple[str, ...] = ()
    """The lines that decided."""
    tool: str | None = None
    """Of a code that is only unique within its tool: ``ruff``, ``tsc``."""


def kinds(text: str) -> tuple[Category, tuple[Category, ...]]:
    """``"import dependency"`` -> the category and its alternatives, as the data files write them."""
    first, *others = text.split()
    unknown = {first, *others} - set(CATEGORIES)
    if unknown:
        raise ValueError(f"{sorted(unknown)} is no category; known are {', '.join(CATEGORIES)}")
    return cast("Category", first), tuple(cast("Category", other) for other in others)
