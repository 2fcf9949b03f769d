"""All readers of logs, in the order in which they are believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gencode_graph.healing.logs import codes, forms, go, javascript, jest, jvm, jvm_tests, pytest, python, words
from gencode_graph.healing.logs.clue import Clue
from gencode_graph.healing.logs.log import Log

Reader = Callable[[Log], Iterator[Clue]]
READERS: tuple[Reader, ...] = (
    pytest.read,
    python.read,
    codes.read,
    javascript.read,
    jest.read,
    jvm.read,
    jvm_tests.read,
    go.read,
    forms.read,
)
"""Of clues with equal rank the earlier reader's decides."""
LIMIT = 200
"""Clues taken of one reader."""


def clues(log: Log) -> list[Clue]:
    """What all readers found; the words are asked only where nobody else knows anything."""
    found: list[Clue] = []
    for reader in READERS:
        for number, clue in enumerate(reader(log)):
            if number >= LIMIT:
                break
            found.append(clue)
    found += words.ended(log)
    return found or list(words.read(log))
