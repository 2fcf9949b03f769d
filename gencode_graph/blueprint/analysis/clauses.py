"""A request cut into what it asks for: sentences, clauses, members of lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.words import Token

_ENDS = frozenset([".", "!", "?", ";", "\n", "•", "·"])
_CUTS = frozenset([",", ":", "–", "—", "("])
_BREAKS = frozenset("with where which that and allowing including featuring so plus".split())


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Tokens ``first`` to before ``end``, and their text as the request has it."""

    text: str
    first: int
    end: int
    idle: bool
    """Nothing but words that ask for nothing."""


def clauses(cut: Sequence[Token], request: str) -> Iterator[Clause]:
    """The pieces of a request in order; together they hold every word of it."""
    begin = 0
    for at, token in enumerate(cut):
        if at > begin and _boundary(cut, begin, at):
            yield from _clause(cut, request, begin, at)
            begin = at
        if token.norm in _ENDS | _CUTS and token.mark:
            yield from _clause(cut, request, begin, at)
            begin = at + 1
    yield from _clause(cut, request, begin, len(cut))


def _boundary(cut: Sequence[Token], begin: int, at: int) -> bool:
    return cut[at].norm in _BREAKS and _weighs(cut, begin, at)


def _weighs(cut: Sequence[Token], begin: int, end: int) -> bool:
    """Whether the piece up to here says something by itself."""
    said = [t for t in cut[begin:end] if not t.mark and t.norm not in words("function")]
    return any(t.norm not in words("verbs") | words("adjectives") for t in said)


def _clause(cut: Sequence[Token], request: str, first: int, end: int) -> Iterator[Clause]:
    while first < end and cut[first].mark:
        first += 1
    while end > first and cut[end - 1].mark:
        end -= 1
    if first >= end:
        return
    text = request[cut[first].start : cut[end - 1].end]
    said = [t.norm for t in cut[first:end] if not t.mark]
    idle = all(w in words("function") or w in ("please", "thanks", "thank", "hi", "hello") for w in said)
    yield Clause(text=" ".join(text.split()), first=first, end=end, idle=idle)
