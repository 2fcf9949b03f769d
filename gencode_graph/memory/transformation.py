"""Transformation: a task's constraints, one of them dropped, varied or added; the last resort, and never by itself.

What comes of it is another task than the one that was asked for. So it is off unless a setting turns it on, a person
approves of each list of variants, and what they lead to runs in the sandbox only.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gencode_graph.errors import RefusedError

Kind = Literal["drop", "vary", "add"]

SIMPLER = (
    "use only what is installed already",
    "keep it to as few files as possible",
    "prefer the plainest way that passes the checks",
)
"""Constraints that make a task easier to get right."""

_MILDER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{word}\b", re.IGNORECASE), milder)
    for word, milder in (
        ("must not", "should not"), ("must", "should"), ("always", "usually"), ("never", "rarely"), ("only", "mainly"),
        ("all", "most"), ("every", "almost every"), ("exactly", "about"), ("at once", "soon"),
    )
)  # fmt: skip
_LIMIT = re.compile(r"\b(at most|no more than|up to|within|under|below|at least|no less than|over|above) (\d+)\b", re.I)
_UPPER = ("at most", "no more than", "up to", "within", "under", "below")


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A list of constraints that differs from the original in one."""

    kind: Kind
    label: str
    """What was changed, in one line for the person who approves."""
    constraints: tuple[str, ...]


def variants(
    constraints: Sequence[str], *, instead: Mapping[str, Sequence[str]] | None = None, add: Sequence[str] = SIMPLER
) -> tuple[Variant, ...]:
    """Every list that differs in one constraint, the mildest change first: varied ones, added ones, dropped ones.

    ``instead`` gives other words for a constraint; without them it is made milder by rule, as far as a rule fits.
    """
    given = tuple(constraints)
    found = [
        Variant(kind="vary", label=f"vary: {old} -> {new}", constraints=(*given[:i], new, *given[i + 1 :]))
        for i, old in enumerate(given)
        for new in (instead or {}).get(old, _milder(old))
        if new not in given
    ]
    found += [
        Variant(kind="add", label=f"add: {new}", constraints=(*given, new))
        for new in dict.fromkeys(add)
        if new not in given
    ]
    found += [
        Variant(kind="drop", label=f"drop: {old}", constraints=(*given[:i], *given[i + 1 :]))
        for i, old in enumerate(given)
    ]
    return tuple(found)


async def transform(
    constraints: Sequence[str],
    *,
    allowed: bool,
    sandboxed: bool,
    approve: Callable[[tuple[Variant, ...]], Awaitable[Sequence[Variant]]],
    instead: Mapping[str, Sequence[str]] | None = None,
    add: Sequence[str] = SIMPLER,
) -> tuple[Variant, ...]:
    """Those variants that a person approves of, in the order of :func:`variants`.

    Raises ``RefusedError`` where the setting does not allow it, where there is no sandbox, and when none is approved.
    """
    if not allowed:
        raise RefusedError("constraints are not changed unless you allow it: set GENCODE_TRANSFORMATION=true")
    if not sandboxed:
        raise RefusedError("changed constraints are tried in a sandbox only; choose one, for instance --sandbox docker")
    offered = variants(constraints, instead=instead, add=add)
    approved = set(await approve(offered)) if offered else set()
    if strange := approved.difference(offered):
        raise RefusedError(f"{next(iter(strange)).label!r} was not offered; approve of variants that were")
    if not approved:
        raise RefusedError("no change of a constraint was approved; the task stays as it is")
    return tuple(variant for variant in offered if variant in approved)


def _milder(constraint: str) -> list[str]:
    """The constraint in milder words: a limit twice as wide, ``must`` as ``should``."""
    found = [_LIMIT.sub(_wider, constraint, count=1)]
    found += [pattern.sub(milder, constraint, count=1) for pattern, milder in _MILDER if pattern.search(constraint)][:1]
    return [text for text in dict.fromkeys(found) if text != constraint]


def _wider(match: re.Match[str]) -> str:
    words, number = match.group(1), int(match.group(2))
    return f"{words} {number * 2 if words.lower() in _UPPER else number // 2}"
