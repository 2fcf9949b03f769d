"""How alike two names are, and the one that was meant, where there can be no doubt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

NEAR = 0.72
"""Names less alike than that have nothing to do with each other."""
AHEAD = 0.05
"""By how much the best has to be ahead of the next."""


def likeness(one: str, other: str) -> float:
    """From 0 to 1; names that differ in nothing but case, dashes and underscores are all but the same."""
    if _plain(one) == _plain(other):
        return 0.99
    if abs(len(one) - len(other)) > max(len(one), len(other)) * (1 - NEAR) * 2:
        return 0.0
    ratio = max(
        difflib.SequenceMatcher(None, one, other, autojunk=False).ratio(),
        difflib.SequenceMatcher(None, other, one, autojunk=False).ratio(),
    )
    swapped = (
        len(one) == len(other)
        and sorted(one) == sorted(other)
        and sum(a != b for a, b in zip(one, other, strict=True)) == 2
    )
    return max(ratio, 0.95) if swapped and len(one) > 2 else ratio


def closest(name: str, known: Iterable[str], near: float = NEAR) -> str | None:
    """The only known name that is close to one; None where there is none, or more than one could be meant."""
    ranked = sorted(((likeness(name, one), one) for one in set(known) - {name}), reverse=True)
    if not ranked or ranked[0][0] < near:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < AHEAD:
        return None
    return ranked[0][1]


def _plain(name: str) -> str:
    return re.sub(r"[-_]", "", name).lower()
