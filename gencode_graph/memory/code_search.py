"""Search in code by words and by meaning: BM25 over split identifiers, mixed with an embedder's cosines.

How much the words count depends on the embedder (``SHARES``) and on how much of the question is identifiers. With an
embedder of meaning a tenth is best for prose, also with an identifier in it, and six tenths for identifiers alone.
The lexical embedder knows likeness of words only, so BM25, which knows how rare a word is, counts half or more.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from gencode_graph.memory.chunks import Chunk, chunks, language_of
from gencode_graph.protocols import Embedder

if TYPE_CHECKING:
    import numpy as np

SHARES = {"lexical": (0.5, 0.8)}
"""By embedder, how much words count: for prose, and for questions of nothing but identifiers."""
USUAL = (0.1, 0.6)
"""For embedders of meaning."""
K1, B = 1.2, 0.75
"""BM25's usual saturation and length."""
EXPANDED = 0.5
"""Weight of a word that was not asked for but follows from one that was."""
_WORD = re.compile(r"[A-Za-z]+|\d+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAME = re.compile(r"\w+_\w+|\w+\.\w+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+\(\)?|`[^`]+`")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One piece of code that was found, and why."""

    chunk: Chunk
    score: float
    """0 to 1: the mix of both."""
    words: float
    """BM25, as a share of the best one's."""
    meaning: float
    """Cosine."""


def parts(text: str) -> list[str]:
    """The words of a text, and those within its identifiers: ``fetchUser_by.id`` has fetch, user, by, id."""
    return [part.lower() for word in _WORD.findall(text) for part in _PARTS.findall(word)]


def expanded(query: str) -> dict[str, float]:
    """The words that are looked for, with weights: those of the query, and each one's singular or plural for less."""
    asked = dict.fromkeys(parts(query), 1.0)
    return {other: EXPANDED for word in asked for other in _forms(word)} | asked


def share_of_words(query: str, embedder_name: str = "minilm") -> float:
    """How much words count against the embedder for this question."""
    prose, names = SHARES.get(embedder_name, USUAL)
    asked = query.split()
    named = sum(bool(_NAME.search(word)) for word in asked) / max(len(asked), 1)
    return prose + named * (names - prose)


class CodeSearch:
    """An index in memory over the functions and classes of files."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._files: dict[str, list[tuple[Chunk, Counter[str], Any]]] = {}
        self._index: _Index | None = None

    def __len__(self) -> int:
        return sum(map(len, self._files.values()))

    async def add(self, path: str, text: str) -> int:
        """Index a file in place of what was known of it; returns how many pieces it has."""
        return await self.add_all({path: text})

    async def add_all(self, files: Mapping[str, str]) -> int:
        """Index several at once, which is faster where the embedder takes batches."""
        found = {path: await asyncio.to_thread(chunks, path, text) for path, text in files.items()}
        flat = [chunk for pieces in found.values() for chunk in pieces]
        vectors = iter(await self._embedder.embed([f"{chunk.name}\n{chunk.text}" for chunk in flat]))
        for path, pieces in found.items():
            self._files[path] = [
                (one, Counter(parts(f"{path} {one.name} {one.text}")), next(vectors)) for one in pieces
            ]
        self._index = None
        return len(flat)

    def remove(self, path: str) -> None:
        """Forget a file; one that is not known is no error."""
        self._files.pop(path, None)
        self._index = None

    async def search(
        self,
        query: str,
        *,
        language: str | None = None,
        kind: str | None = None,
        path: str | None = None,
        limit: int = 10,
        words: float | None = None,
    ) -> list[Hit]:
        """The best pieces, at most ``limit``.

        ``kind`` is ``function``, ``class`` or ``file``; ``path`` a pattern such as ``backend/**`` or ``*.ts``, or a
        folder; ``words`` their share from 0 to 1, where the question is not to decide.
        """
        if not self._files:
            return []
        (vector,) = await self._embedder.embed([query])
        share = share_of_words(query, self._embedder.name) if words is None else words
        return await asyncio.to_thread(self._search, query, vector, share, (language, kind, path), limit)

    def _search(
        self,
        query: str,
        vector: Sequence[float],
        share: float,
        wanted: tuple[str | None, str | None, str | None],
        limit: int,
    ) -> list[Hit]:
        index = self._index = self._index or _Index([row for rows in self._files.values() for row in rows])
        words, meaning = index.words(expanded(query)), index.meaning(vector)
        mixed = share * words + (1 - share) * meaning
        hits: list[Hit] = []
        for place in (-mixed).argsort(kind="stable"):
            if len(hits) == limit:
                break
            if _wanted(index.chunks[place], *wanted):
                hits.append(
                    Hit(
                        chunk=index.chunks[place],
                        score=float(mixed[place]),
                        words=float(words[place]),
                        meaning=float(meaning[place]),
                    )
                )
        return hits


class _Index:
    """Postings and vectors of all pieces at one moment."""

    def __init__(self, rows: Sequence[tuple[Chunk, Counter[str], Any]]) -> None:
        import numpy as np

        self.chunks = [chunk for chunk, _, _ in rows]
        self._vectors = np.array([vector for _, _, vector in rows], np.float32)
        lengths = np.array([counts.total() for _, counts, _ in rows], np.float32)
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0)) if len(rows) else lengths
        gathered: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, (_, counts, _) in enumerate(rows):
            for word, count in counts.items():
                gathered[word].append((place, count))
        self._postings = {}
        for word, found in gathered.items():
            places = np.array([place for place, _ in found])
            often = np.array([count for _, count in found], np.float32)
            rarity = math.log(1 + (len(rows) - len(found) + 0.5) / (len(found) + 0.5))
            self._postings[word] = places, rarity * often * (K1 + 1) / (often + norm[places])

    def words(self, asked: Mapping[str, float]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """BM25 of each piece as a share of the best."""
        import numpy as np

        scores = np.zeros(len(self.chunks), np.float32)
        for word, weight in asked.items():
            if word in self._postings:
                places, values = self._postings[word]
                scores[places] += weight * values
        best = scores.max(initial=0.0)
        return scores / best if best else scores

    def meaning(self, vector: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Cosine of each piece."""
        import numpy as np

        cosines: np.ndarray[Any, np.dtype[np.float32]] = self._vectors @ np.array(vector, np.float32)
        return cosines


def _wanted(chunk: Chunk, language: str | None, kind: str | None, path: str | None) -> bool:
    if language is not None and language_of(chunk.path) != language.lower():
        return False
    if kind is not None and chunk.kind != kind:
        return False
    if path is None:
        return True
    folder = path.removesuffix("**").rstrip("/")
    return chunk.path == path or chunk.path.startswith(f"{folder}/") or PurePosixPath(chunk.path).match(path)


def _forms(word: str) -> list[str]:
    """Singular or plural, by ending."""
    if len(word) < 3 or not word.isalpha():
        return []
    if word.endswith("ies"):
        return [f"{word[:-3]}y"]
    if word.endswith(("ses", "xes", "ches", "shes")):
        return [word[:-2], word[:-1]]
    if word.endswith("s") and not word.endswith("ss"):
        return [word[:-1]]
    return [f"{word[:-1]}ies"] if word.endswith("y") and word[-2] not in "aeiou" else [f"{word}s"]
