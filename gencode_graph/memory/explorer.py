"""When the favourites of a context have failed: what worked elsewhere, by meaning, weighed by where it worked.

As a first resort it does not pay: walking down the ranked list solves .90 within five tries, taking every retry from
another domain .77. So it begins only after the first five.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gencode_graph.decisions import Context
from gencode_graph.memory.episodes import Episodes

Floats = NDArray[np.float32]
FIRST = 5
"""Ranked options that are tried before anything foreign."""
KEPT = 1000
"""Outcomes that are remembered with their context."""
CLOSENESS = 6.0
"""How fast what worked counts less with distance; gentler than in routing, as it comes from afar."""
DOUBT = 0.5
"""Evidence that a single far success must outweigh."""


def weight(here: Context, there: Context) -> float:
    """How much counts what worked in another context: 1 in the same one, .3 where all that is known differs."""
    pairs = (
        (0.3, here.language, there.language),
        (0.2, here.step, there.step),
        (0.2, here.archetype, there.archetype),
    )
    return 0.3 + sum(share for share, mine, other in pairs if mine is None or other is None or mine == other)


def same(here: Context, there: Context) -> bool:
    """Whether nothing that is known of both contexts differs."""
    return weight(here, there) > 0.99


class Elsewhere:
    """The last outcomes, with where they were had."""

    def __init__(self, dimensions: int) -> None:
        self._episodes = Episodes(dimensions, KEPT)
        self.contexts: list[list[Any]] = []
        """Option, archetype, step and language of each outcome, the oldest first."""
        self._time = 0

    def add(self, query: Floats, option: str, reward: float, context: Context) -> None:
        """Remember an outcome."""
        self._episodes.add(query, 0, reward, self._time)
        self._time += 1
        self.contexts.append([option, context.archetype, context.step, context.language])
        del self.contexts[:-KEPT]

    def forget(self, option: str) -> None:
        """Drop what is known of an option."""
        for entry in self.contexts:
            if entry[0] == option:
                entry[0] = None

    def best(self, query: Floats, context: Context, candidates: Collection[str]) -> dict[str, float]:
        """Candidates that worked in other contexts, for queries like this: option -> how well, from 0 to 1."""
        near = self._episodes.near(query, self._time, KEPT, 0.0)
        worked: dict[str, float] = {}
        total: dict[str, float] = {}
        for likeness, reward, age in zip(near.likeness, near.reward, near.age, strict=True):
            option, *names = self.contexts[len(self.contexts) - int(age)]
            there = Context(archetype=names[0], step=names[1], language=names[2])
            if option not in candidates or same(context, there):
                continue
            counts = weight(context, there) * float(np.exp(CLOSENESS * (likeness - 1)))
            worked[option] = worked.get(option, 0.0) + counts * float(reward)
            total[option] = total.get(option, 0.0) + counts
        return {name: worked[name] / (DOUBT + total[name]) for name in worked if worked[name] > total[name] / 2}

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What has to be kept beside :attr:`contexts`."""
        return self._episodes.arrays()

    @classmethod
    def restored(cls, arrays: Mapping[str, NDArray[Any]], contexts: list[list[Any]]) -> Elsewhere:
        """From :meth:`arrays` and :attr:`contexts`."""
        found = cls(arrays["queries"].shape[1])
        found._episodes.restore(arrays["queries"], arrays["options"], arrays["rewards"], arrays["times"])
        found.contexts = [list(entry) for entry in contexts]
        found._time = int(arrays["times"].max()) + 1 if len(arrays["times"]) else 0
        return found
