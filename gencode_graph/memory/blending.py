"""Several options' values as one, by weight; and a decision told to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isfinite
from typing import Any, Literal

from gencode_graph.decisions import Decision
from gencode_graph.errors import InputError

Rule = Literal["blend", "winner", "max", "min", "union"]

RULES: Mapping[str, Rule] = {
    "cost": "winner",
    "seconds": "winner",
    "risk": "winner",
    "reach": "winner",
    "max_tokens": "winner",
    "version": "winner",
    "port": "winner",
    "seed": "winner",
    "timeout": "max",
    "escalate_after": "min",
    "budget": "min",
    "skills": "union",
    "tools": "union",
    "tags": "union",
}
"""Field name -> how it is joined: what an option costs is a fact about that option, and no mean of several.

Without a rule: numbers ``blend``, mappings field by field, others ``winner``.
"""

SAY = 0.05
"""Weight from which an option has a say where no mean is taken. Weights are never quite nothing, and a thousandth of
an option is not to set a maximum or to bring in a field of its own."""

WIDTH, SHOWN = 24, 8
EIGHTHS = " ▏▎▍▌▋▊▉"

Held = list[tuple[float, Any]]


def blend(
    values: Sequence[Mapping[str, Any]], weights: Sequence[float], *, rules: Mapping[str, Rule] = RULES
) -> dict[str, Any]:
    """One value of several, JSON all.

    Numbers are the mean by weight over the options that have the field, whole ones when all are whole; true and false
    are no numbers. Where an option that has the field says otherwise in kind, the heaviest one's is taken.
    Raises ``InputError`` unless each value has a weight, none below 0 and not all 0.
    """
    if len(values) != len(weights) or not all(isfinite(w) and w >= 0 for w in weights) or not fsum(weights):
        raise InputError("each value needs a weight of at least 0, and one of them more than that")
    total = fsum(weights)
    order = sorted(((w / total, v) for w, v in zip(weights, values, strict=True) if w), key=lambda pair: -pair[0])
    fields = dict.fromkeys(name for _, value in order for name in value)
    joined = {name: _join(name, [(w, value[name]) for w, value in order if name in value], rules) for name in fields}
    return {name: found[0] for name, found in joined.items() if found}


def explain(decision: Decision) -> str:
    """What was chosen and why, with the weights as bars; a line for each option, the first eight of them."""
    how = f"{decision.confidence:.0%} sure" + (", learned from outcomes" if decision.evolved else "")
    notes = [
        "  nothing is near enough to trust: the default is to be taken" if decision.abstained else "",
        "  several are in the running: their numbers are blended" if decision.sharpness == "combinational" else "",
        "  brought in from another context, where the usual ones kept failing" if decision.foreign else "",
    ]
    shown, rest = decision.ranking[:SHOWN], decision.ranking[SHOWN:]
    longest = max((len(name) for name, _ in shown), default=0)
    lines = [f"  {name:<{longest}}  {_bar(weight):<{WIDTH}} {weight:.2f}" for name, weight in shown]
    if rest:
        lines.append(f"  and {len(rest)} more, {fsum(weight for _, weight in rest):.2f} together")
    return "\n".join([f"{decision.point}: {decision.selected} ({how})", *filter(None, notes), *lines])


def _join(name: str, held: Held, rules: Mapping[str, Rule]) -> list[Any]:
    """The joined value in a list, or nothing where too little weight stands for it. ``held`` is heaviest first."""
    if fsum(weight for weight, _ in held) < SAY:
        return []
    winner = held[0][1]
    heard = [value for weight, value in held if weight >= SAY] or [winner]
    rule = rules.get(name)
    if rule == "union" and all(isinstance(value, list) for value in heard):
        return [_union(heard)]
    if rule == "winner":
        return [winner]
    if all(_number(value) for _, value in held):
        if rule in ("max", "min"):
            return [max(heard) if rule == "max" else min(heard)]
        return [_mean(held)]
    if all(isinstance(value, Mapping) for _, value in held):
        return [blend([value for _, value in held], [weight for weight, _ in held], rules=rules)]
    return [winner]


def _mean(held: Held) -> int | float:
    mean = fsum(weight * value for weight, value in held) / fsum(weight for weight, _ in held)
    return round(mean) if all(isinstance(value, int) for _, value in held) else mean


def _union(lists: Sequence[list[Any]]) -> list[Any]:
    found: list[Any] = []
    for item in (item for items in lists for item in items):
        if item not in found:
            found.append(item)
    return found


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bar(weight: float) -> str:
    full, part = divmod(round(weight * WIDTH * 8), 8)
    return "█" * full + (EIGHTHS[part] if part else "")
