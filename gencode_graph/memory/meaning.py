"""Texts to arrays: by meaning, by words, or by both, as far as a place needs either."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gencode_graph.memory.embedders import Lexical, hybrid
from gencode_graph.protocols import Embedder

Floats = NDArray[np.float32]
KEPT = 512
"""Texts whose vectors are kept, those asked for last."""


class Meaning:
    """Vectors of unit length by an embedder, with a share of words.

    Requests are told apart by what they mean, logs by their words: with five examples of each kind, .98 of linter
    messages go to the right one with .6 of words, .93 without. The lexical embedder is words already.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._mixed: dict[float, Embedder] = {0.0: embedder}
        self._kept: OrderedDict[tuple[str, float], Floats] = OrderedDict()

    async def name(self, words: float = 0.0) -> str:
        """Says which vectors can be compared: those of the same name."""
        await self.vector("words and meaning", words)  # some embedders know their size after the first text only
        mixed = self._of(words)
        return f"{mixed.name}/{mixed.dimensions}"

    async def vector(self, text: str, words: float = 0.0) -> Floats:
        """Of one text; those asked for lately are remembered."""
        if (text, words) not in self._kept:
            self._kept[text, words] = (await self.vectors([text], words))[0]
        self._kept.move_to_end((text, words))
        found = self._kept[text, words]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    async def vectors(self, texts: Sequence[str], words: float = 0.0) -> Floats:
        """(texts, dimensions)."""
        return np.array(await self._of(words).embed(texts) if texts else [], np.float32)

    async def key(self, texts: Sequence[str], words: float = 0.0) -> Floats:
        """The mean of some texts, at unit length: better than the nearest of them."""
        mean = (await self.vectors(texts, words)).mean(axis=0)
        length = float(np.linalg.norm(mean))
        key: Floats = (mean / length).astype(np.float32) if length else mean
        return key

    def _of(self, words: float) -> Embedder:
        if words not in self._mixed:
            lexical = Lexical()
            has_words = lexical.name in self.embedder.name.split("+")
            self._mixed[words] = self.embedder if has_words else hybrid(lexical, self.embedder, words)
        return self._mixed[words]
