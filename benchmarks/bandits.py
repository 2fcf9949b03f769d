"""What the router is compared with: each chooses an option for a vector and is told whether that was right.

Where a setting had to be chosen, it is the best one on HWU64 with right feedback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gencode_graph.memory.router import Router
from gencode_graph.memory.tuning import Tuning

Floats = NDArray[np.float32]
SHARPNESS = 20.0


class Policy(Protocol):
    """Chooses, with a confidence, and learns."""

    def choose(self, query: Floats) -> tuple[int, float]: ...

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None: ...


class Ours:
    """The router, whole or with parts of it turned off."""

    def __init__(self, keys: Floats, seed: int, **tuning: float) -> None:
        self.router = Router(keys, replace(Tuning(), **tuning), seed=seed)

    def choose(self, query: Floats) -> tuple[int, float]:
        routed = self.router.route(query)
        return routed.index, routed.confidence

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        self.router.feedback(query, index, reward, confidence)


class Static:
    """Retrieval by the key: the key is the value, and nothing is learned."""

    def __init__(self, keys: Floats, seed: int) -> None:
        self.keys = keys.copy()
        self.rng = np.random.default_rng(seed)

    def scores(self, query: Floats) -> Floats:
        return SHARPNESS * (self.keys @ query)

    def choose(self, query: Floats) -> tuple[int, float]:
        scores = self.scores(query)
        best = int(scores.argmax())
        return best, float(1 / np.exp(scores - scores[best]).sum())

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        pass


class MovingAverage(Static):
    """The attention of each option times a moving average of its success: the idea that the router started from."""

    def __init__(self, keys: Floats, seed: int, rate: float = 0.05) -> None:
        super().__init__(keys, seed)
        self.rate, self.success = rate, np.full(len(keys), 0.5, np.float32)

    def scores(self, query: Floats) -> Floats:
        return super().scores(query) + np.log(self.success + 0.01)

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        self.success[index] += self.rate * (reward - self.success[index])


class UCB1(Static):
    """Auer and others (2002): the mean of each option and a bonus for seldom ones; it does not see the query."""

    def __init__(self, keys: Floats, seed: int) -> None:
        super().__init__(keys, seed)
        self.pulls, self.wins = np.zeros(len(keys)), np.zeros(len(keys))

    def choose(self, query: Floats) -> tuple[int, float]:
        if (self.pulls == 0).any():
            return int(self.pulls.argmin()), 1 / len(self.keys)
        means = self.wins / self.pulls
        best = int((means + np.sqrt(2 * np.log(self.pulls.sum()) / self.pulls)).argmax())
        return best, float(means[best])

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        self.pulls[index] += 1
        self.wins[index] += reward


class Linear(Static):
    """A ridge regression for each option that starts at its key; chooses by mean and ``spread`` times its error.

    Options whose highest possible score is below the best found so far are not looked at, which changes no choice.
    """

    def __init__(self, keys: Floats, seed: int, spread: float, ridge: float) -> None:
        super().__init__(keys, seed)
        self.spread, self.ridge = spread, ridge
        self.means, self.sums = keys.copy(), ridge * keys
        self.inverse: dict[int, Floats] = {}

    def factors(self) -> Floats:
        """What each option's error is multiplied with."""
        return np.full(len(self.keys), self.spread, np.float32)

    def choose(self, query: Floats) -> tuple[int, float]:
        means, factors = self.means @ query, self.factors()
        highest = means + np.maximum(factors, 0) / np.sqrt(self.ridge)
        best, score = -1, -np.inf
        for index in np.argsort(-highest).tolist():
            if highest[index] <= score:
                break
            found = means[index] + factors[index] * self.error(index, query)
            if found > score:
                best, score = index, found
        return best, float(np.clip(means[best], 0, 1))

    def error(self, index: int, query: Floats) -> float:
        if index not in self.inverse:
            return float(np.sqrt(query @ query / self.ridge))
        return float(np.sqrt(max(query @ self.inverse[index] @ query, 0)))

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        inverse = self.inverse.setdefault(index, np.eye(len(query), dtype=np.float32) / np.float32(self.ridge))
        turned = inverse @ query
        inverse -= np.outer(turned / (1 + query @ turned), turned)
        self.sums[index] += np.float32(reward) * query
        self.means[index] = inverse @ self.sums[index]


class LinUCB(Linear):
    """Li and others (2010), warm: from the keys."""

    def __init__(self, keys: Floats, seed: int) -> None:
        super().__init__(keys, seed, spread=0.1, ridge=0.5)


class FirmLinUCB(Linear):
    """The same with keys that count eight times as much: worse where feedback is right, better where it is not."""

    def __init__(self, keys: Floats, seed: int) -> None:
        super().__init__(keys, seed, spread=0.1, ridge=4.0)


class Thompson(Linear):
    """Linear Thompson sampling (Agrawal and Goyal, 2013), warm; each option's score is drawn, which is the same."""

    def __init__(self, keys: Floats, seed: int) -> None:
        super().__init__(keys, seed, spread=0.02, ridge=1.0)

    def factors(self) -> Floats:
        return (self.spread * self.rng.normal(size=len(self.keys))).astype(np.float32)


class KeyDrift(Static):
    """Learning vector quantisation: the key moves a tenth of the way to what it was right for, or away."""

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        moved = self.keys[index] + np.float32(0.1 if reward else -0.1) * (query - self.keys[index])
        self.keys[index] = moved / np.linalg.norm(moved)


class Remembering(Static):
    """Attention over all past events and the keys: an option's score is the balance of what happened near the query.

    A key counts as five successes.
    """

    def __init__(self, keys: Floats, seed: int) -> None:
        super().__init__(keys, seed)
        self.queries = np.zeros((1024, keys.shape[1]), np.float32)
        self.options, self.rewards, self.count = np.zeros(1024, np.int64), np.zeros(1024, np.float32), 0

    def scores(self, query: Floats) -> Floats:
        near = np.exp(20 * (self.queries[: self.count] @ query - 1)) * (2 * self.rewards[: self.count] - 1)
        told = np.bincount(self.options[: self.count], weights=near, minlength=len(self.keys))
        found: Floats = (5 * np.exp(20 * (self.keys @ query - 1)) + told).astype(np.float32)
        return found

    def learn(self, query: Floats, index: int, reward: float, confidence: float) -> None:
        if self.count == len(self.options):
            self.queries = np.concatenate([self.queries, np.zeros_like(self.queries)])
            self.options = np.concatenate([self.options, np.zeros_like(self.options)])
            self.rewards = np.concatenate([self.rewards, np.zeros_like(self.rewards)])
        self.queries[self.count], self.options[self.count], self.rewards[self.count] = query, index, reward
        self.count += 1


def without(**tuning: float) -> Callable[[Floats, int], Policy]:
    """The router with some of its parts turned off."""
    return lambda keys, seed: Ours(keys, seed, **tuning)


ROWS: dict[str, Callable[[Floats, int], Policy]] = {
    "static": Static,
    "moving-average": MovingAverage,
    "ucb1": UCB1,
    "linucb": LinUCB,
    "linucb-firm": FirmLinUCB,
    "thompson": Thompson,
    "key-drift": KeyDrift,
    "prototypes": without(step=0.0, memory=0.0),
    "memory": Remembering,
    "router": Ours,
    "no-memory": without(memory=0.0),
    "no-values": without(step=0.0),
    "no-drift": without(drift=False),
    "no-noise": without(noise=False),
    "no-replay": without(replays=0),
}
"""Name -> maker, from keys and a seed."""
