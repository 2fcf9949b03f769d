"""Embedders by name; a package adds its own by an entry point in the group ``gencode_graph.embedder``.

| name | what it knows | needs |
|---|---|---|
| ``lexical`` | words and their parts; best for the messages of tools | nothing |
| ``minilm`` | meaning, 384 numbers; best for what people ask | the extra ``sentence-transformers`` |
| ``sentence-transformers:<name or folder>`` | meaning | the extra ``sentence-transformers`` |
| ``openai:text-embedding-3-small``, any ``provider:name`` that LangChain knows | meaning | a key |
| ``lexical+minilm``, any two with a plus | words first, then meaning, .6 to .4: for logs | what both need |
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from gencode_graph.errors import SettingError
from gencode_graph.protocols import Embedder

EMBEDDERS = {
    "lexical": "gencode_graph.memory.embedders:Lexical",
    "minilm": "gencode_graph.memory.minilm:MiniLM",
}
"""Name -> ``module:class``."""
FAMILIES = {
    "sentence-transformers": "gencode_graph.memory.sentences:SentenceTransformers",
    "provider": "gencode_graph.llm.embeddings:Provided",
}
"""What stands before a colon -> ``module:class``, made with the name; ``provider`` is any other word."""
WORDS_SHARE = 0.6
"""Of words in a mix with meaning: on logs words say more."""


def embedder(name: str) -> Embedder:
    """The embedder of that name; cheap, models are loaded when the first text comes.

    Raises ``SettingError`` for an unknown one, listing those that are known, and ``MissingError`` for one whose
    package is not installed.
    """
    known = {point.name: point.value for point in entry_points(group="gencode_graph.embedder")} | EMBEDDERS
    if name in known:
        return cast("Embedder", _loaded(known[name])())
    family, colon, rest = name.partition(":")
    first, plus, second = name.partition("+")
    if plus and first and second and (first in known or not colon):
        return hybrid(embedder(first), embedder(second))
    if colon and family and rest:
        return cast("Embedder", _loaded(FAMILIES.get(family, FAMILIES["provider"]))(name))
    others = "sentence-transformers:<name or folder>, <provider>:<model>, two joined with +"
    raise SettingError(f"unknown embedder {name!r}; known: {', '.join(sorted(known))}, {others}")


def embedded(embedder: Embedder, texts: Sequence[str]) -> list[list[float]]:
    """Vectors of texts, without an event loop of one's own, also where one is running in this thread."""
    made: list[list[float]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            made.extend(asyncio.run(embedder.embed(texts)))
        except BaseException as error:  # raised again in the caller's thread
            failed.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    if failed:
        raise failed[0]
    return made


def hybrid(first: Embedder, second: Embedder, share: float = WORDS_SHARE) -> Embedder:
    """Both in one vector: the cosine of two texts is ``share`` of the first's and the rest of the second's."""
    if not 0 <= share <= 1:
        raise SettingError(f"the share of the first embedder is {share}; give a number from 0 to 1")
    return Hybrid(first=first, second=second, share=share)


@dataclass(frozen=True, kw_only=True)
class Hybrid:
    """Two embedders' vectors end to end, each scaled by the root of its share."""

    first: Embedder
    second: Embedder
    share: float

    @property
    def name(self) -> str:
        """Both names, with the share where it is not the usual one."""
        return f"{self.first.name}+{self.second.name}" + (f"@{self.share}" if self.share != WORDS_SHARE else "")

    @property
    def dimensions(self) -> int:
        """Of both together."""
        return self.first.dimensions + self.second.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text."""
        ones, others = await asyncio.gather(self.first.embed(texts), self.second.embed(texts))
        p, q = math.sqrt(self.share), math.sqrt(1 - self.share)
        return [[p * x for x in one] + [q * x for x in other] for one, other in zip(ones, others, strict=True)]


@dataclass(frozen=True)
class Lexical:
    """Words and their parts, hashed into a fixed number of places with a sign: no model, no download.

    The hashing trick of Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (ICML 2009), over
    words and character trigrams, so that ``invoice`` and ``invoices`` are near each other.
    """

    name: str = "lexical"
    dimensions: int = 512

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text; a text without words is all in the first place."""
        return await asyncio.to_thread(lambda: [self._vector(text) for text in texts])

    def _vector(self, text: str) -> list[float]:
        places: dict[int, float] = {}
        for word in re.findall(r"\w+", text.casefold()):
            for digest, weight in _features(word):
                place = digest % self.dimensions
                places[place] = places.get(place, 0.0) + weight
        length = math.sqrt(sum(x * x for x in places.values()))
        vector = [0.0] * self.dimensions
        if not length:
            vector[0] = 1.0
            return vector
        for place, x in places.items():
            vector[place] = x / length
        return vector


@lru_cache(maxsize=20_000)
def _features(word: str) -> tuple[tuple[int, float], ...]:
    """Hash and signed weight of a word and of its trigrams; words come again and again."""
    padded = f"^{word[:200]}$"
    parts = [(word, 1.0), *((padded[i : i + 3], 0.5) for i in range(len(padded) - 2))]
    digests = ((int.from_bytes(hashlib.blake2b(p.encode(), digest_size=8).digest()), w) for p, w in parts)
    return tuple((digest, weight if digest >> 63 else -weight) for digest, weight in digests)


def _loaded(dotted: str) -> type:
    module, _, attribute = dotted.partition(":")
    return cast("type", getattr(import_module(module), attribute))
