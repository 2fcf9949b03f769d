"""Markdown: blocks of code that are never closed."""

from __future__ import annotations

import re

from gencode_graph.validation.kinds import Problem

_FENCE = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})(.*)$")


def problems(text: str) -> list[Problem]:
    """Nothing for a text in which every fence has its end."""
    opened: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        match = _FENCE.match(line)
        if match is None:
            continue
        fence, info = match[1], match[2].strip()
        if opened is None:
            if "`" not in info:
                opened = fence, number
        elif fence[0] == opened[0][0] and len(fence) >= len(opened[0]) and not info:
            opened = None
    if opened is None:
        return []
    return [Problem(message=f"the block of code of line {opened[1]} is never closed", line=opened[1], at_end=True)]
