"""Reading: whether a file is what its name says, and from where it is not."""

from __future__ import annotations

from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.syntax import problems


def first_problem(path: str, text: str) -> int | None:
    """The line from which a file cannot be read as what its name says; None where it can."""
    found = problems(kind_of(path), text.removeprefix("\ufeff"))
    return (found[0].line or 1) if found else None
