"""Closeness of names: the one that was meant, where there can be no doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

MOST = 0.6
"""Of its letters may differ, or it is another name."""


def closest(name: str, known: Iterable[str], *, idle: Collection[str] = (), most: float = 3) -> str | None:
    """The only known name that is close to one; None where there is none, or more than one could be meant.

    ``idle`` are known names that nothing uses: one of those is what was meant, other things being equal. ``most`` is
    how many slips there may be, ever.
    """
    ranked = sorted((distance(name, one) - 1.5 * (one in idle), one) for one in set(known) - {name} if one)
    allowed = {one: min(min(_limit(name, one), most) + 2 * (one in idle), MOST * len(name)) for _, one in ranked}
    near = [(c, one) for c, one in ranked if distance(name, one) <= allowed[one]]
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


def _limit(name: str, other: str) -> float:
    """How many slips a name may have; short ones none that changes them beyond recognition."""
    shorter = min(len(name), len(other))
    return (1 if name[:1] == other[:1] else 0.5) if shorter < 3 else 1 if shorter < 5 else 2 if shorter < 9 else 3


@lru_cache(maxsize=65536)
def distance(one: str, other: str) -> float:
    """Letters to add, drop, change or swap; half a one where nothing but case and underscores differ.

    Neither a number in place of another nor a whole word more counts as a slip: ``v1`` is not ``v2``.
    """
    if one.replace("_", "").lower() == other.replace("_", "").lower():
        return 0.5
    if abs(len(one) - len(other)) > 4:
        return 9
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = 4 if a != b and a.isdigit() and b.isdigit() else int(a != b)
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + cost))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b and a != b:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
