"""Pattern memory: repairs and plans that worked, found again by signature, words and meaning."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from gencode_graph.decisions import Context, Pattern
from gencode_graph.errors import InputError
from gencode_graph.memory.cleaning import cut, impersonal, redacted
from gencode_graph.memory.explorer import same, weight
from gencode_graph.memory.log import Log
from gencode_graph.memory.meaning import Meaning

Floats = NDArray[np.float32]
MOST = 2000
"""Patterns that are kept; of more, those of the least trust go, and of these the oldest."""
WORDS = {"repair": 0.6, "plan": 0.2}
"""Share of words against meaning: errors are told apart by words, requests by meaning."""
NEAR = {True: 0.45, False: 0.55}
"""Least likeness of a pattern that is not of the same signature: in its own context, and from another one."""
LOOKED_AT = 200
"""The nearest ones, of which those of this context go first."""
HOPE = 0.34
"""Trust below which a pattern that failed twice is not recalled: two failures alone, or three and one success."""
LONGEST = 4000
"""Characters of a text."""


class Patterns:
    """The patterns, as arrays in memory and rows in the log's file; other processes' are seen at the next look."""

    def __init__(self, log: Log, meaning: Meaning, redact: Callable[[str], str], *, most: int = MOST) -> None:
        self._log = log
        self._meaning = meaning
        self._redact = redact
        self._most = most
        self._lock = threading.RLock()
        self._seen = 0
        self._known: dict[str, Pattern] = {}
        self._vectors: dict[str, Floats] = {}
        self._matrices: dict[str, tuple[list[str], Floats]] = {}
        self._signed: dict[str, set[str]] = {}
        """Ids by signature."""

    async def recall(self, kind: str, signature: str, text: str, *, context: Context, limit: int = 5) -> list[Pattern]:
        """Of the same signature first, then near ones of this context, then foreign ones."""
        signature, text = await asyncio.to_thread(lambda: (self._said(signature), self._said(cut(text, 10 * LONGEST))))
        words = WORDS.get(kind, 0.0)
        query = await self._meaning.vector(cut(text, LONGEST), words)
        await self._embed(kind, words)
        return await asyncio.to_thread(self._recall, kind, signature, query, context, limit)

    async def remember(self, pattern: Pattern, *, key: str = "") -> None:
        """Keep a pattern, redacted; one with the same id gets one more success, once for the same key."""
        clean = await asyncio.to_thread(self._clean, pattern)
        await asyncio.to_thread(self._keep, [clean], again=True, key=key)
        await asyncio.to_thread(self._limit)

    async def judged(self, pattern_id: str, *, worked: bool, key: str = "") -> None:
        """Count one more use, once for the same key; an unknown id raises ``InputError``."""
        await asyncio.to_thread(self._count, pattern_id, int(worked), key)

    async def all(self, kind: str | None = None) -> list[Pattern]:
        """Every pattern, the most trusted first."""
        found = [p for p in await asyncio.to_thread(self._load) if kind in (None, p.kind)]
        return sorted(found, key=lambda p: (-p.trust, -p.used, p.id))

    async def forget(self, pattern_id: str) -> None:
        """Drop a pattern; an unknown id raises ``InputError``."""
        await asyncio.to_thread(self._change, pattern_id, "content = null")

    async def export(self) -> list[str]:
        """Lines of JSON, in an order that does not change."""
        return [pattern.model_dump_json() for pattern in sorted(await self.all(), key=lambda p: p.id)]

    async def import_(self, lines: Iterable[str]) -> int:
        """Take in lines that :meth:`export` made, all or none; how many were not known."""
        read = await asyncio.to_thread(lambda: [self._clean(pattern) for pattern in _read(lines)])
        new = len({pattern.id for pattern in read} - {pattern.id for pattern in await self.all()})
        await asyncio.to_thread(self._keep, read, again=False)
        await asyncio.to_thread(self._limit)
        return new

    def _clean(self, pattern: Pattern) -> Pattern:
        """Without secrets, wherever they stand."""
        content = redacted(pattern.model_dump(), self._said)
        return Pattern.model_validate({**content, "text": cut(content["text"], LONGEST), "foreign": False})

    def _said(self, text: str) -> str:
        return impersonal(self._redact(text))

    def _recall(self, kind: str, signature: str, query: Floats, context: Context, limit: int) -> list[Pattern]:
        with self._lock:
            names, matrix = self._stacked(kind)
            cosines = matrix @ query if names else np.zeros(0, np.float32)
            first = np.argsort(-cosines, kind="stable")[:LOOKED_AT].tolist()
            likeness = {names[i]: float(cosines[i]) for i in first if cosines[i] >= min(NEAR.values())}
            near = [self._known[name] for name in likeness]
            equal = [p for name in self._signed.get(signature, ()) if (p := self._known[name]).kind == kind]
        found: list[tuple[int, float, str, Pattern]] = []
        for pattern in {p.id: p for p in (*near, *equal) if not _fails(p)}.values():
            like, again = likeness.get(pattern.id, 0.0), pattern.signature == signature
            foreign = not (_same_language if again else same)(context, pattern.context)
            if again or like >= NEAR[not foreign]:
                place = 2 if foreign else 0 if again else 1
                worth = (like + again) * pattern.trust * weight(context, pattern.context)
                found.append((place, -worth, pattern.id, pattern))
        best = sorted(found, key=lambda entry: entry[:3])[:limit]
        return [pattern.model_copy(update={"foreign": place == 2}) for place, _, _, pattern in best]

    def _stacked(self, kind: str) -> tuple[list[str], Floats]:
        """Ids of a kind's patterns, and their vectors as rows."""
        if kind not in self._matrices:
            names = [name for name in self._vectors if self._known[name].kind == kind]
            self._matrices[kind] = names, np.array([self._vectors[name] for name in names], np.float32)
        return self._matrices[kind]

    async def _embed(self, kind: str, words: float) -> None:
        """Vectors of patterns that have none yet by this embedder; kept, so that the next process need not."""
        lacking = await asyncio.to_thread(self._lacking, kind)
        if not lacking:
            return
        name = await self._meaning.name(words)
        kept = await asyncio.to_thread(self._kept, lacking, name)
        rest = [p for p in lacking if p.id not in kept]
        vectors = await self._meaning.vectors([p.text for p in rest], words)
        made = dict(zip((p.id for p in rest), vectors, strict=True))
        if made:
            keep = {_place(p.text): made[p.id].tobytes() for p in rest}
            await asyncio.to_thread(self._log.keep_keys, name, keep)
        await asyncio.to_thread(self._take, {**kept, **made})

    def _take(self, vectors: Mapping[str, Floats]) -> None:
        with self._lock:
            self._vectors.update((name, vector) for name, vector in vectors.items() if name in self._known)
            self._matrices.clear()

    def _lacking(self, kind: str) -> list[Pattern]:
        return [p for p in self._load() if p.id not in self._vectors and p.kind == kind]

    def _kept(self, patterns: list[Pattern], name: str) -> dict[str, Floats]:
        found = {p.id: self._log.key(_place(p.text), name) for p in patterns}
        return {i: np.frombuffer(kept, np.float32) for i, kept in found.items() if kept}

    def _load(self) -> list[Pattern]:
        """All patterns, with what changed since the last look."""
        with self._lock:
            rows = self._log.rows(
                "select id, change, content, used, worked from patterns where change > ? order by change", self._seen
            )
            for pattern_id, change, content, used, worked in rows:
                self._seen = change
                before, after = self._known.pop(pattern_id, None), None
                if before is not None:
                    self._signed[before.signature].discard(pattern_id)
                if content is not None:
                    read: Pattern = self._log.read(Pattern, content)
                    after = read.model_copy(update={"used": used, "worked": worked})
                    self._known[pattern_id] = after
                    self._signed.setdefault(after.signature, set()).add(pattern_id)
                if before is None or after is None or before.text != after.text:
                    self._vectors.pop(pattern_id, None)
                    self._matrices.clear()
            return list(self._known.values())

    def _count(self, pattern_id: str, worked: int, key: str) -> None:
        with self._log.writing():
            if not key or self._log.first(f"use of {pattern_id} {key}"):
                self._change(pattern_id, "used = used + 1, worked = worked + ?", worked)

    def _keep(self, patterns: Iterable[Pattern], *, again: bool, key: str = "") -> None:
        """Write patterns; one that is there gets one more success, or, ``again`` being false, stays as it is."""
        with self._log.writing():
            for p in patterns:
                there = self._log.rows("select 1 from patterns where id = ? and content is not null", p.id)
                new = not key or self._log.first(f"keeping of {p.id} {key}")
                if not there:
                    self._log.rows(
                        "insert or replace into patterns (id, change, content, used, worked)"
                        " values (?, (select coalesce(max(change), 0) + 1 from patterns), ?, ?, ?)",
                        p.id, p.model_dump_json(), p.used, p.worked,
                    )  # fmt: skip
                elif again and new:
                    self._change(p.id, "used = used + 1, worked = worked + 1")

    def _change(self, pattern_id: str, what: str, *values: Any) -> None:
        with self._log.writing():
            found = self._log.rows(
                f"update patterns set {what}, change = (select max(change) + 1 from patterns)"
                " where id = ? and content is not null returning id",
                *values, pattern_id,
            )  # fmt: skip
            if not found:
                raise InputError(f"no pattern {pattern_id!r} is known; `gencode memory ls` shows all")

    def _limit(self) -> None:
        """Forget the least trusted, and of these those that were not touched for longest."""
        with self._lock, self._log.writing():
            over = len(self._load()) - self._most
            if over > 0:
                self._log.rows(
                    "update patterns set content = null,"
                    " change = (select max(change) + 1 from patterns) where id in (select id from patterns"
                    " where content is not null order by (worked + 1.0) / (used + 2), change limit ?)",
                    over,
                )  # fmt: skip


def _read(lines: Iterable[str]) -> Iterator[Pattern]:
    """Patterns of lines of JSON; ``InputError`` names the line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            pattern = Pattern.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the line"
            raise InputError(f"line {number} is no pattern: {place}: {first['msg']}; nothing was taken in") from error
        if not 0 <= pattern.worked <= pattern.used:
            raise InputError(f"line {number}: a pattern cannot work more often than it is used; nothing was taken in")
        yield pattern


def _same_language(here: Context, there: Context) -> bool:
    return None in (here.language, there.language) or here.language == there.language


def _fails(pattern: Pattern) -> bool:
    """Whether a pattern keeps failing."""
    return pattern.trust < HOPE and pattern.used - pattern.worked >= 2


def _place(text: str) -> str:
    """Where a text's vector is kept."""
    return f"text {hashlib.sha256(text.encode()).hexdigest()}"
