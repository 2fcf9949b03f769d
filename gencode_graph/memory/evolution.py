"""Evolution: decisions and what their outcomes taught, kept across runs and shared by processes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gencode_graph.decisions import Context, Decision, Option, Outcome, Pattern
from gencode_graph.errors import GencodeError, InputError, SettingError
from gencode_graph.memory.choosing import choose
from gencode_graph.memory.cleaning import clean, short
from gencode_graph.memory.failing import AntiPattern
from gencode_graph.memory.learner import MOST_OPTIONS, Learner
from gencode_graph.memory.log import Event, Log
from gencode_graph.memory.meaning import Meaning
from gencode_graph.memory.options import Point, version
from gencode_graph.memory.patterns import Patterns
from gencode_graph.memory.publishing import publish
from gencode_graph.memory.saved import WORTH_IT, Saved

Floats = NDArray[np.float32]


class Evolution:
    """The memory: decides, learns, and keeps patterns. Belongs to one event loop; what blocks runs in threads."""

    def __init__(
        self,
        *,
        log: Log,
        meaning: Meaning,
        points: Mapping[str, Point],
        patterns: Patterns,
        redact: Callable[[str], str],
        folder: Path,
        url: str | None = None,
    ) -> None:
        self.points = points
        self._log = log
        self._meaning = meaning
        self._patterns = patterns
        self._redact = redact
        self._folder = folder
        self._url = url
        self._learners: dict[str, Learner] = {}
        self._saved = Saved(folder, log.id)
        self._turns: dict[str, asyncio.Lock] = {}
        self._lock = threading.RLock()

    async def decide(
        self,
        point: str,
        query: str,
        *,
        key: str,
        context: Context,
        options: Sequence[Option] = (),
        exclude: Sequence[str] = (),
        default: str | None = None,
    ) -> Decision:
        """See :class:`~gencode_graph.protocols.Memory`."""
        offered = self._offered(point, options)
        if all(option.name in exclude for option in offered):
            raise SettingError(
                f"every option of {point!r} is excluded; allow one of {', '.join(o.name for o in offered)}"
            )
        if (found := await asyncio.to_thread(self._log.find, key)) is not None:
            if found.point != point:
                raise InputError(f"the key {key!r} belongs to a decision of {found.point!r}; use another for {point!r}")
            return found
        text = await asyncio.to_thread(short, query, self._redact)
        if options:
            offered = await asyncio.to_thread(clean, offered, self._redact)
        vector = await self._meaning.vector(text, self._words(point))
        candidates = {option.name: option for option in offered if option.name not in exclude}
        made = {"id": key, "point": point, "query": text, "context": context}
        while True:
            learner = await self._current(point, offered, by_name=bool(options))
            decision = await asyncio.to_thread(
                self._decide, learner, made, vector, candidates, len(offered) - len(candidates), default
            )
            if decision is not None:
                return decision

    def options(self, point: str) -> Mapping[str, Option]:
        """See :class:`~gencode_graph.protocols.Memory`."""
        return {option.name: option for option in self._offered(point, ())}

    async def learn(self, decision_id: str, outcome: Outcome) -> None:
        """See :class:`~gencode_graph.protocols.Memory`."""
        await asyncio.to_thread(self._log.learn, decision_id, outcome)

    async def anti_patterns(self, point: str, context: Context) -> list[AntiPattern]:
        """Options of a point that keep failing in a context, the worst first."""
        self._offered(point, ())
        learner = await self._current(point, (), by_name=True)
        return await asyncio.to_thread(self._failing, learner, context)

    async def recall(self, kind: str, signature: str, text: str, *, context: Context, limit: int = 5) -> list[Pattern]:
        """See :class:`~gencode_graph.protocols.Memory`."""
        return await self._patterns.recall(kind, signature, text, context=context, limit=limit)

    async def remember(self, pattern: Pattern, *, key: str = "") -> None:
        """See :class:`~gencode_graph.protocols.Memory`."""
        await self._patterns.remember(pattern, key=key)

    async def judged(self, pattern_id: str, *, worked: bool, key: str = "") -> None:
        """See :class:`~gencode_graph.protocols.Memory`."""
        await self._patterns.judged(pattern_id, worked=worked, key=key)

    async def patterns(self, kind: str | None = None) -> list[Pattern]:
        """All patterns, the most trusted first."""
        return await self._patterns.all(kind)

    async def forget(self, pattern_id: str) -> None:
        """Drop a pattern; an unknown id raises ``InputError``."""
        await self._patterns.forget(pattern_id)

    async def export(self) -> Iterable[str]:
        """All patterns, as lines of JSON."""
        return await self._patterns.export()

    async def import_(self, lines: Iterable[str]) -> int:
        """Take in exported patterns, all or none; how many are new. ``InputError`` names the line that is none."""
        return await self._patterns.import_(lines)

    async def close(self) -> None:
        """Keep what was learned, so that the next start is fast, and put what is new into the store."""
        try:
            await asyncio.to_thread(self._save)
            with contextlib.suppress(GencodeError):  # the log has it all; the next close tries again
                await publish(self._log, self._folder / "store", self._meaning.embedder, self._url)
        finally:
            await asyncio.to_thread(self._log.close)

    def _offered(self, point: str, options: Sequence[Option]) -> tuple[Option, ...]:
        if options:
            if len({option.name for option in options}) < len(options) or len(options) > MOST_OPTIONS:
                raise SettingError(f"options of {point!r} need names of their own, {MOST_OPTIONS} at most")
            return tuple(options)
        if point not in self.points:
            raise SettingError(f"there is no decision point {point!r}; known: {', '.join(sorted(self.points))}")
        return tuple(self.points[point].options.values())

    def _words(self, point: str) -> float:
        return self.points[point].words if point in self.points else 0.0

    async def _current(self, point: str, offered: Sequence[Option], *, by_name: bool) -> Learner:
        """The learner of a point, with all events learned from, and with these options."""
        async with self._turns.setdefault(point, asyncio.Lock()):
            if point not in self._learners:
                name = await self._meaning.name(self._words(point))
                self._learners[point] = await asyncio.to_thread(self._saved.load, point, name)
            learner = self._learners[point]
            while True:
                events, lacking = await asyncio.to_thread(self._news, point, learner, offered, by_name)
                if events:
                    await self._catch_up(point, learner, events)
                elif lacking:
                    await asyncio.to_thread(self._log.offer, point, lacking)
                else:
                    return learner

    def _news(
        self, point: str, learner: Learner, offered: Sequence[Option], by_name: bool
    ) -> tuple[list[Event], list[Option]]:
        """Events that were not learned from yet; if none, options that are not known yet."""
        with self._lock:
            events = self._log.since(point, learner.seq)
            return events, [] if events else learner.lacks(offered, by_name=by_name)

    async def _catch_up(self, point: str, learner: Learner, events: Sequence[Event]) -> None:
        words = self._words(point)
        options = {version(option): option for event in events for option in event.options}
        keys = {which: await self._key(option, words, learner.embedder) for which, option in options.items()}
        vectors = await self._vectors(events, words, learner.embedder)
        await asyncio.to_thread(self._apply, point, learner, events, keys, vectors)

    async def _vectors(self, events: Sequence[Event], words: float, embedder: str) -> dict[int, Floats]:
        """Of the queries of outcomes; embedded again where another embedder made them."""
        found: dict[int, Floats] = {}
        others: dict[int, str] = {}
        for event in events:
            if event.decision is None:
                continue
            if event.embedder == embedder:
                found[event.seq] = np.frombuffer(event.vector, np.float32)
            else:
                others[event.seq] = event.decision.query
        if others:
            again = await self._meaning.vectors(list(others.values()), words)
            found.update(zip(others, again, strict=True))
        return found

    async def _key(self, option: Option, words: float, embedder: str) -> Floats:
        kept = await asyncio.to_thread(self._log.key, version(option), embedder)
        if kept is not None:
            return np.frombuffer(kept, np.float32)
        texts = [f"{option.name.replace('_', ' ')}: {option.description}", *option.examples]
        key = await self._meaning.key(texts, words)
        await asyncio.to_thread(self._log.keep_keys, embedder, {version(option): key.tobytes()})
        return key

    def _apply(
        self,
        point: str,
        learner: Learner,
        events: Sequence[Event],
        keys: Mapping[str, Floats],
        vectors: Mapping[int, Floats],
    ) -> None:
        with self._lock:
            for event in events:
                learner.apply(event, keys, vectors.get(event.seq))
            self._saved.save(point, learner)

    def _decide(
        self,
        learner: Learner,
        made: Mapping[str, Any],
        vector: Floats,
        candidates: Mapping[str, Option],
        tried: int,
        default: str | None,
    ) -> Decision | None:
        """A decision, kept; None where other options have taken the place of these in the meantime."""
        with self._lock:
            found = choose(learner, vector, candidates, made=made, tried=tried, default=default)
            return found and self._log.decide(*found, learner.embedder, vector.tobytes())

    def _failing(self, learner: Learner, context: Context) -> list[AntiPattern]:
        with self._lock:
            return learner.failing(context)

    def _save(self) -> None:
        with self._lock:
            for point, learner in self._learners.items():
                self._saved.save(point, learner, WORTH_IT)
