"""Closeness of names: the one that was meant, where there can be no doubt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

NEAR = 0.72
"""Names less alike than that have nothing to do with each other."""
AHEAD = 0.08
"""By how much the best has to be ahead of the next."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The only known name that is close to one; None where there is none, or more than one could be meant."""
    ranked = sorted(((likeness(name, one), one) for one in set(known) - {name}), reverse=True)
    if not ranked or ranked[0][0] < NEAR:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < AHEAD:
        return None
    return ranked[0][1]


def likeness(one: str, other: str) -> float:
    """From 0 to 1; names that differ in nothing but case and underscores are all but the same."""
    if one.replace("_", "").lower() == other.replace("_", "").lower():
        return 0.99
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
