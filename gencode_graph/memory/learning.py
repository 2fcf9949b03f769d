"""How outcomes change what the router knows: the gradient of a noise-aware likelihood, and two running estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


def odds(logits: Floats) -> Floats:
    """Softmax along the last axis; an option at minus infinity has none."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def gradient(logits: Floats, chosen: Indices, rewards: Floats, noise: float, clip: float) -> Floats:
    """Of the log likelihood of what happened, for logits (events, options): where the logits should move.

    With a share ``e`` of wrong feedback, an option that is right with probability p succeeds with
    q = (1 - 2e) p + e. A success then pulls with (1 - 2e) p / q, and a failure pushes with (1 - 2e) p / (1 - q), at
    most ``clip``: so one wrong word about a sure choice moves little.
    """
    rows = np.arange(len(chosen))
    shares = odds(logits)
    right = shares[rows, chosen]
    told = (1 - 2 * noise) * right
    seen = told + noise
    success = told / seen
    failure = np.minimum(clip, told / np.maximum(1 - seen, 1e-3))
    moves = -shares
    moves[rows, chosen] += 1
    pulled: Floats = moves * (rewards * success - (1 - rewards) * failure)[:, None]
    return pulled


LEAST, MOST = 0.02, 0.35
"""Bounds on the share of wrong feedback: no single failure is taken for certain, and something is always learned."""


@dataclass(kw_only=True)
class Noise:
    """The share of wrong feedback: how often the router fails where it is most sure of itself, the top fifth."""

    estimate: float = 0.1
    sure: float = 0.3
    """Confidence that a fifth of the decisions exceed."""

    def observe(self, confidence: float, reward: float) -> None:
        """Take in how one decision went."""
        top = confidence >= self.sure
        self.sure = min(max(self.sure + 0.01 * (0.8 if top else -0.2), 0.05), 0.99)
        if top:
            self.estimate += 0.01 * (1 - reward - self.estimate)

    @property
    def level(self) -> float:
        """The estimate, between its bounds."""
        return min(max(self.estimate, LEAST), MOST)


@dataclass(kw_only=True)
class Threshold:
    """A running quantile: the likeness below which only a given share of the successful decisions lie."""

    value: float = 0.15

    def observe(self, likeness: float, share: float) -> None:
        """Take in the likeness of one successful decision."""
        self.value += 0.005 * (share if likeness >= self.value else share - 1)
