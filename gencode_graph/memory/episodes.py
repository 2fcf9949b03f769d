"""Past events of a router, found by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

STATE = ("queries", "options", "rewards", "times")
SKETCH = 64
"""Numbers of the short form of a vector, in which near events are looked for first."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Near:
    """The events nearest to a query; one row each."""

    option: Indices
    reward: Floats
    likeness: Floats
    """Cosine to the query."""
    age: Floats
    """How many feedbacks ago."""

    def shares(self, options: int, *, closeness: float, horizon: float, reserve: float) -> Floats:
        """How each option did near here: from -1, always failed, to 1, always succeeded; 0 where nothing is known."""
        weight = np.exp(closeness * (self.likeness - 1) - self.age / horizon)
        evidence = np.bincount(self.option, weights=weight, minlength=options)
        balance = np.bincount(self.option, weights=weight * (2 * self.reward - 1), minlength=options)
        return (balance / (reserve + evidence)).astype(np.float32)


class Episodes:
    """The last events: what was asked, which option was taken, how it went. Old ones give way to new ones.

    Nearest ones are looked for among random projections of the vectors to 64 numbers (Johnson and Lindenstrauss) and
    measured exactly only then: a sixth of the memory to read, and the same decisions.
    """

    def __init__(self, dimensions: int, capacity: int) -> None:
        self.capacity = capacity
        self.queries = np.zeros((0, dimensions), np.float32)
        self.options = np.zeros(0, np.int64)
        self.rewards = np.zeros(0, np.float32)
        self.times = np.zeros(0, np.float32)
        self.count = 0
        self._oldest = 0
        self._short = np.zeros((0, min(SKETCH, dimensions)), np.float32)

    def near(self, query: Floats, now: int, limit: int, fade: float) -> Near:
        """Up to ``limit`` events that weigh most; ``fade`` is the likeness that an event loses in one feedback."""
        count = self.count
        age = now - self.times[:count]
        if count > limit:
            short = self._short[:count] @ shorten(query)
            found = np.argpartition(short - fade * age, count - limit)[count - limit :]
            likeness, age = self.queries[found] @ query, age[found]
            return Near(option=self.options[found], reward=self.rewards[found], likeness=likeness, age=age)
        likeness = self.queries[:count] @ query
        return Near(option=self.options[:count], reward=self.rewards[:count], likeness=likeness, age=age)

    def add(self, query: Floats, option: int, reward: float, now: int) -> None:
        """Remember an event, in the place of the oldest one when there is no room."""
        if self.count < self.capacity:
            place = self.count
            self._reserve(place + 1)
            self.count += 1
        else:
            place = self._oldest
            self._oldest = (place + 1) % self.capacity
        self.queries[place], self._short[place] = query, shorten(query)
        self.options[place], self.rewards[place], self.times[place] = option, reward, now

    def forget(self, option: int, *, removed: bool = False) -> None:
        """Drop an option's events; when the option itself is ``removed``, later ones move down by one."""
        order = np.argsort(self.times[: self.count], kind="stable")
        self._take(order[self.options[order] != option])
        if removed:
            self.options[self.options > option] -= 1

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What has to be kept to have the same events again, in the same places."""
        return {name: getattr(self, name)[: self.count] for name in STATE}

    def restore(self, queries: Floats, options: Indices, rewards: Floats, times: Floats) -> None:
        """Take over what :meth:`arrays` gave; of more events than there is room for, the last ones.

        Raises ``ValueError`` when they do not fit together.
        """
        if {len(rows) for rows in (queries, options, rewards, times)} != {len(queries)} or queries.shape[
            1:
        ] != self.queries.shape[1:]:
            raise ValueError("the events do not fit together")
        self.queries, self.options, self.rewards, self.times = queries, options, rewards, times
        self.count = len(options)
        self._take(np.arange(self.count) if self.count <= self.capacity else np.argsort(times)[-self.capacity :])

    def _take(self, kept: Indices) -> None:
        for name in STATE:
            setattr(self, name, getattr(self, name)[kept])
        self._short = np.array([shorten(query) for query in self.queries], np.float32).reshape(
            len(kept), self._short.shape[1]
        )
        self.count = len(kept)
        self._oldest = int(self.times.argmin()) if len(kept) else 0

    def _reserve(self, count: int) -> None:
        if count <= len(self.options):
            return
        more = min(max(64, 2 * count), self.capacity) - len(self.options)
        for name in (*STATE, "_short"):
            rows = getattr(self, name)
            setattr(self, name, np.concatenate([rows, np.zeros((more, *rows.shape[1:]), rows.dtype)]))


def shorten(query: Floats) -> Floats:
    """The short form of a vector: its products with 64 fixed random directions, so that dot products stay about."""
    if len(query) <= SKETCH:
        return query
    short: Floats = _directions(len(query)) @ query
    return short


@lru_cache(maxsize=8)
def _directions(dimensions: int) -> Floats:
    signs = np.random.default_rng(dimensions).integers(0, 2, (SKETCH, dimensions))
    directions: Floats = ((2 * signs - 1) / np.sqrt(SKETCH)).astype(np.float32)
    return directions
