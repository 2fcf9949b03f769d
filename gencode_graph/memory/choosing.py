"""One choice among options, from how they stand: the favourite, a default where nothing is sure, or a foreign one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gencode_graph.decisions import Context, Decision, Option
from gencode_graph.memory.blending import blend
from gencode_graph.memory.explorer import FIRST
from gencode_graph.memory.learner import Learner, Scored

Floats = NDArray[np.float32]
SURE = 0.6
"""Chance that an option is right, from which on it is preferred to a default."""


def choose(
    learner: Learner,
    query: Floats,
    candidates: Mapping[str, Option],
    *,
    made: Mapping[str, Any],
    tried: int,
    default: str | None,
) -> tuple[Decision, str] | None:
    """A decision and the version of what it selected; None where the learner does not have all the candidates.

    ``made`` is what is known of the decision already: id, point, query and context. ``tried`` options were tried.
    """
    at = {i: name for name in candidates if (i := learner.index(name)) is not None}
    if len(at) < len(candidates):
        return None
    context: Context = made["context"]
    scored = learner.score(query, context, at.keys())
    chosen = _foreign(learner, scored, query, context, at, tried)
    foreign = chosen is not None
    if chosen is None:
        chosen = max(at, key=lambda i: (scored.shares[i], -i))
        if default in candidates and _doubted(learner, scored, chosen, context, default):
            chosen = next(i for i in at if at[i] == default)
    order = sorted(at, key=lambda i: (i != chosen, -scored.weights[i], -scored.shares[i], i))
    total = float(sum(scored.weights[i] for i in order))
    weights = [float(scored.weights[i]) / total for i in order]
    values = [learner.value(candidates[at[i]]) for i in order]
    favourite = not foreign and weights[0] == max(weights)
    decision = Decision(
        **made,
        selected=at[chosen],
        confidence=min(1.0, float(scored.shares[chosen])),
        abstained=scored.abstained(chosen),
        ranking=tuple((at[i], round(weight, 6)) for i, weight in zip(order, weights, strict=True)),
        value=blend(values, weights) if favourite else values[0],
        sharpness=scored.routed[0].sharpness,
        evolved=scored.routed[0].evolved,
        foreign=foreign,
    )
    return decision, learner.versions[chosen]


def _doubted(learner: Learner, scored: Scored, chosen: int, context: Context, default: str | None) -> bool:
    """Whether nothing sure enough speaks against the default."""
    sure = scored.routed[0].evolved and not scored.abstained(chosen) and scored.shares[chosen] >= SURE
    return not sure and default not in {bad.option for bad in learner.failing(context)}


def _foreign(
    learner: Learner, scored: Scored, query: Floats, context: Context, at: Mapping[int, str], tried: int
) -> int | None:
    """After the first five failed: what worked best elsewhere, if anything did."""
    if tried + scored.failing < FIRST or learner.elsewhere is None:
        return None
    worked = learner.elsewhere.best(query, context, frozenset(at.values()))
    if not worked:
        return None
    best = max(sorted(worked), key=lambda name: worked[name])
    return next(i for i in at if at[i] == best)
