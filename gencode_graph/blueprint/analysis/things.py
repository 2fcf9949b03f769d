"""Nouns of a request that nobody described: what it wants to keep track of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gencode_graph.blueprint.analysis.attributes import known
from gencode_graph.blueprint.analysis.lexicon import describes, verb, words
from gencode_graph.blueprint.analysis.words import Token, names_thing

_LISTING = frozenset(
    ["with", "including", "include", "containing", "for", "of", "between", "about", "per", ":", "on", "into"]
)
_SINGLE = frozenset(["a", "an", "their", "my", "new", "each", "every", "our", "your"])
_EXPLICIT = frozenset(["with", "including", "include", "containing", ":", "into"])
_OWNING = frozenset(["has", "have", "should", "must", "includes", "contains", "needs", "can", "is", "consists"])
LONGEST = 3


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A noun phrase: tokens ``first`` to before ``end``, and how surely it is a thing to keep."""

    first: int
    end: int
    weight: int
    """2: asked for in so many words; 1: named beside a weak verb or another thing; 0: only there."""
    headed: bool = False
    """Only the name of the app: the wine of a wine inventory."""


def unknown(cut: Sequence[Token], covered: set[int]) -> Iterator[Noun]:
    """The noun phrases outside of what is covered, in order."""
    at, listing, before = 0, 0, 0
    asked: set[str] = set()
    while at < len(cut):
        if at in covered:
            at, listing = at + 1, 2
            continue
        if cut[at].mark and cut[at].norm in "()":
            before, listing = (listing, listing) if cut[at].norm == "(" else (before, before)
            at += 1
            continue
        if not names_thing(cut[at]):
            beside = cut[at].norm in words("aside") or describes(cut[at].low)
            at, listing = at + 1, listing if beside else 0
            continue
        end = at
        while (
            end < len(cut)
            and end not in covered
            and end - at < LONGEST
            and (names_thing(cut[end]) or _joined(cut, at, end))
        ):
            if end > at and _headed(cut, end):
                break
            end += 1
        while at and at - 1 not in covered and _part(cut[at - 1]) and end - at < LONGEST:
            at -= 1
        weight = _asked(cut, at, end)
        last = end == len(cut) or (cut[end].mark and cut[end].norm in ".!;")
        if listing and _in_list(cut, at) and (cut[end - 1].plural or (last and listing == 2)):
            weight = max(weight, listing)
        phrase = " ".join(t.norm for t in cut[at:end])
        if phrase in asked or weight == 2:
            weight = 2
            asked.add(phrase)
        if known(phrase) and not (weight == 2 and cut[end - 1].plural and phrase not in words("measures")):
            at = end
            continue
        headed = weight < 2 and _headed(cut, end) and phrase not in asked
        if end >= len(cut) or cut[end].low not in ("api", "apis"):
            yield Noun(first=at, end=end, weight=2 if headed else weight, headed=headed)
        at, listing = end, weight


def _joined(cut: Sequence[Token], at: int, end: int) -> bool:
    """``vinyl record``: words that name nothing alone, after one that does."""
    return end > at and not cut[end].plural and cut[end].norm in words("singular_only") and not cut[end].verb


def _part(token: Token) -> bool:
    """An adjective that says which thing is meant (``celestial objects``), not how good it is."""
    return describes(token.low) and token.low not in words("adjectives") and verb(token.low) is None


def _in_list(cut: Sequence[Token], at: int) -> bool:
    while at > 0 and (cut[at - 1].norm in words("aside") - {",", "and", "or", "&", "("} or describes(cut[at - 1].low)):
        at -= 1
    return at > 0 and cut[at - 1].norm in (",", "and", "or", "&")


def _headed(cut: Sequence[Token], end: int) -> bool:
    """Before ``tracker``, ``inventory`` ...: what those are of."""
    return end < len(cut) and cut[end].low in words("heads")


def _asked(cut: Sequence[Token], at: int, end: int) -> int:
    """2 after a verb of keeping; 1 after a weaker one, or for a plural after ``with`` and the like."""
    before, single = at - 1, False
    while before >= 0 and (
        cut[before].norm in words("aside") - {",", "and", "or", "&", "("} or describes(cut[before].low)
    ):
        single = single or cut[before].norm in _SINGLE
        before -= 1
    if before < 0:
        return 0
    token, plural = cut[before], cut[end - 1].plural
    if at and cut[at - 1].norm in ("each", "every") and end < len(cut) and cut[end].norm in _OWNING:
        return 2
    base = token.verb or (verb(token.low) if token.low.endswith("ing") else None)
    if base in words("actions"):
        return 2 if plural or single else 1
    if base in words("weak"):
        return 1 if plural or single else 0
    if token.norm == "of" and before and _of(cut[before - 1], plural=plural):
        return 2
    if token.norm in _EXPLICIT and plural:
        return 2
    return 1 if token.norm in _LISTING and plural else 0


def _of(token: Token, *, plural: bool) -> bool:
    """Whether what follows this word and ``of`` is a thing: ``catalog of``, ``keep track of``, ``sightings of``."""
    counted = plural and token.plural and names_thing(token)
    return counted or token.norm in words("heads") or token.verb in words("actions")
