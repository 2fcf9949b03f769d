"""Choices that look random and are the same every time: by hash, never by a generator with hidden state."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def roll(*parts: object) -> float:
    """A number in [0, 1) that depends on nothing but the parts."""
    text = "/".join(map(str, parts))
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big") / 2**48


def pick(choices: Sequence[T], *parts: object) -> T:
    """One of the choices."""
    return choices[int(roll(*parts) * len(choices))]


def shuffled(choices: Sequence[T], *parts: object) -> list[T]:
    """The choices in another order."""
    return [choice for _, _, choice in sorted((roll(*parts, i), i, choice) for i, choice in enumerate(choices))]
