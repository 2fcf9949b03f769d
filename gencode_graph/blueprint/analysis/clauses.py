"""A request cut into what it asks for: sentences, clauses, members of lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gencode_graph.blueprint.analysis.lexicon import describes, words
from gencode_graph.blueprint.analysis.words import Token

_ENDS = frozenset([".", "!", "?", ";", "\n", "•", "·", "*"])
_CUTS = frozenset([",", ":", "–", "—"])
_SHORT = frozenset(["e.g", "i.e", "etc", "vs", "eg", "ie", "approx", "incl"])
_OPENING = frozenset(["and", "or", "but", "also", "then", "plus"])
_IDLE = frozenset(["please", "thanks", "thank", "hi", "hello", "hey", "dear", "like", "want", "need", "would"])


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Tokens ``first`` to before ``end``, and their text as the request has it."""

    text: str
    first: int
    end: int
    idle: bool
    """Nothing but words that ask for nothing."""
    ends: bool = False
    """The last of its sentence."""


def clauses(cut: Sequence[Token], request: str) -> Iterator[Clause]:
    """The pieces of a request in order; together they hold every word of it."""
    begin, depth, closing = 0, 0, _closings(cut)
    for at, token in enumerate(cut):
        depth += closing.get(at, 0)
        short = at and cut[at - 1].low in _SHORT and token.norm == "."
        if token.mark and not depth and not short and token.norm in _ENDS | _CUTS:
            if token.norm in _ENDS or _weighs(cut, begin, at):
                yield from _clause(cut, request, begin, at, ends=token.norm in _ENDS)
                begin, depth = at + 1, 0
        elif at > begin and token.norm in words("breaks") and not depth and _weighs(cut, begin, at):
            yield from _clause(cut, request, begin, at)
            begin = at
    yield from _clause(cut, request, begin, len(cut))


def _closings(cut: Sequence[Token]) -> dict[int, int]:
    """Where brackets that are closed again open (+1) and close (-1)."""
    steps: dict[int, int] = {}
    stack: list[int] = []
    for at, token in enumerate(cut):
        if token.mark and token.norm in "([{":
            stack.append(at)
        elif token.mark and token.norm in ")]}" and stack:
            steps |= {stack.pop(): 1, at: -1}
    return steps


def _weighs(cut: Sequence[Token], begin: int, end: int) -> bool:
    """Whether the piece up to here says something by itself: more than verbs, adjectives and the word app."""
    said = [t for t in cut[begin:end] if not t.mark and not t.verb and t.norm not in words("function")]
    return any(not describes(t.low) and t.norm not in ("user", "app", "person") for t in said)


def _clause(cut: Sequence[Token], request: str, first: int, end: int, *, ends: bool = False) -> Iterator[Clause]:
    while first < end and (cut[first].mark or cut[first].norm in _OPENING):
        first += 1
    while end > first and (
        (cut[end - 1].mark and cut[end - 1].norm not in (")", '"', "'")) or cut[end - 1].norm == "and"
    ):
        end -= 1
    if first >= end:
        return
    text = " ".join(request[cut[first].start : cut[end - 1].end].split())
    said = [t.norm for t in cut[first:end] if not t.mark]
    yield Clause(text=text, first=first, end=end, idle=all(w in words("function") | _IDLE for w in said), ends=ends)
