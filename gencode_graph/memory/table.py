"""What a router knows of each option: where it says it applies, where it did, and what was learned beyond that."""

from __future__ import annotations

import numpy as np

from gencode_graph.errors import InputError
from gencode_graph.memory.learning import Floats
from gencode_graph.memory.tuning import Tuning

BIAS_STEP = 0.1
"""The bias learns slower than the value vector: what is true everywhere shows anyway."""
NOTICEABLE = 1e-3
"""Smaller moves of an option's logit are left out: most of a thousand options are out of the question."""
STATE = ("keys", "sums", "values", "bias")


class Table:
    """One row an option: its key K, the sum of what it was right for, its value vector V and its bias b.

    The drifted key P is the sum at unit length; the logit without memory is ``(sharpness P + V).x + b``.
    """

    def __init__(self, keys: Floats, tuning: Tuning) -> None:
        self.tuning = tuning
        self.keys = rows(keys)
        self.sums = tuning.anchor * self.keys
        self.values = np.zeros_like(self.keys)
        self.bias = np.zeros(len(self.keys), np.float32)
        self._derive()

    def __len__(self) -> int:
        return len(self.keys)

    def logits(self, queries: Floats) -> Floats:
        """Of one query (options), or of several (queries, options)."""
        found: Floats = queries @ self.matrix.T + self.bias
        return found

    def likeness(self, query: Floats, index: int) -> float:
        """Cosine of a query to an option's drifted key."""
        return float(self.drifted[index] @ query)

    def drift(self, index: int, query: Floats, reward: float) -> None:
        """Move an option's key toward a query that it was right for, away from one that it was not."""
        pull = reward - self.tuning.repulsion * (1 - reward)
        self.sums[index] = self.tuning.retention * self.sums[index] + np.float32(pull) * query
        self._derive(index)

    def learn(self, queries: Floats, moves: Floats) -> None:
        """Move value vectors and biases so that the logits of (events, dimensions) move by (events, options)."""
        moved = np.flatnonzero(np.abs(moves).max(axis=0) > NOTICEABLE)
        self.values[moved] += moves[:, moved].T @ queries
        self.matrix[moved] = self._sharpness * self.drifted[moved] + self.values[moved]
        self.bias[moved] += BIAS_STEP * moves[:, moved].sum(axis=0)

    def fade(self, share: float) -> None:
        """Take back a share of the value vectors."""
        self.values *= np.float32(1 - share)
        self.matrix = self._sharpness * self.drifted + self.values

    def reset(self, index: int, key: Floats | None = None) -> None:
        """Forget what was learned about an option."""
        if key is not None:
            self.keys[index] = key
        self.sums[index] = self.tuning.anchor * self.keys[index]
        self.values[index], self.bias[index] = 0, 0
        self._derive(index)

    def add(self, key: Floats) -> None:
        """Take in another option."""
        self.keys = np.concatenate([self.keys, key[None]])
        self.sums = np.concatenate([self.sums, self.tuning.anchor * key[None]])
        self.values = np.concatenate([self.values, np.zeros_like(key)[None]])
        self.bias = np.append(self.bias, np.float32(0))
        self._derive()

    def remove(self, index: int) -> None:
        """Drop an option; later ones move down by one."""
        for name in STATE:
            setattr(self, name, np.delete(getattr(self, name), index, axis=0))
        self._derive()

    def arrays(self) -> dict[str, Floats]:
        """What has to be kept to have the same table again."""
        return {name: getattr(self, name) for name in STATE}

    def restore(self, arrays: dict[str, Floats]) -> None:
        """Take over what :meth:`arrays` gave; raises ``InputError`` when it does not fit."""
        for name in STATE:
            fitting(name, arrays[name], getattr(self, name).shape)
            setattr(self, name, arrays[name].copy())
        self._derive()

    @property
    def _sharpness(self) -> np.float32:
        return np.float32(self.tuning.sharpness)

    def _derive(self, index: int | slice = slice(None)) -> None:
        if index == slice(None):
            self.drifted, self.matrix = np.empty_like(self.keys), np.empty_like(self.keys)
        lengths = np.sqrt(np.square(self.sums[index]).sum(axis=-1, keepdims=True))
        self.drifted[index] = self.sums[index] / np.maximum(lengths, np.float32(1e-9))
        self.matrix[index] = self._sharpness * self.drifted[index] + self.values[index]


def rows(vectors: Floats) -> Floats:
    """A matrix of one vector a row; raises ``InputError`` for anything else."""
    matrix = np.array(vectors, np.float32)
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise InputError("a router needs one vector of finite numbers for each of its options, and one option at least")
    return matrix


def fitting(name: str, vector: Floats, shape: tuple[int, ...]) -> Floats:
    """The same in float32; raises ``InputError`` when it is not of that shape or not finite."""
    found = np.asarray(vector, np.float32)
    if found.shape != shape or not np.isfinite(found).all():
        raise InputError(f"{name}: finite numbers of shape {shape} are needed, not of {found.shape}")
    return found
