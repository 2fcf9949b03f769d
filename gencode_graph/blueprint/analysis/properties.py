"""Properties that a request gives to its things: ``recipes with a title, a photo and a rating``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gencode_graph.blueprint.analysis.attributes import infer, known
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.words import Token
from gencode_graph.spec import FieldSpec

_OPENERS = frozenset(
    [
        "with",
        "has",
        "have",
        "having",
        "including",
        "include",
        "includes",
        "contain",
        "containing",
        "(",
        ":",
        "by",
        "their",
        "its",
        "each",
    ]
)
_DETERMINERS = frozenset(
    ["a", "an", "the", "their", "its", "his", "her", "each", "own", "optional", "required", "unique", "custom"]
)
_NUMBER = frozenset(["of"])


@dataclass(frozen=True, kw_only=True)
class Property:
    """A field that the request names; ``owner`` is the first token of the thing that has it."""

    owner: int
    first: int
    end: int
    field: FieldSpec


def properties(cut: Sequence[Token], things: Sequence[tuple[int, int]]) -> Iterator[Property]:
    """Every property that is told, in order; a plural that is no property ends its list."""
    starts = {first: end for first, end in things}
    for at, token in enumerate(cut):
        if token.norm not in _OPENERS:
            continue
        owner = _owner(cut, at, things)
        if owner is None:
            continue
        yield from _listed(cut, at + 1, owner, starts)


def _owner(cut: Sequence[Token], at: int, things: Sequence[tuple[int, int]]) -> int | None:
    """The thing right before an opener, no sentence end or verb between."""
    before = [(first, end) for first, end in things if end <= at]
    if not before:
        return None
    first, end = before[-1]
    between = [t.norm for t in cut[end:at]]
    if cut[at].norm in ("their", "its"):
        return first if "." not in between and len(between) <= 6 else None
    if cut[at].norm == "each" or (between and between[0] in (".", ";")):
        return first if set(between) <= {".", ";", "each", "should", "must", "can", "also"} else None
    return (
        first
        if set(between) <= {"each", "should", "must", "can", "also", "that", "which", ",", "app", "list"}
        else None
    )


def _listed(cut: Sequence[Token], at: int, owner: int, starts: dict[int, int]) -> Iterator[Property]:
    while at < len(cut):
        begin = at
        while at < len(cut) and (cut[at].norm in _DETERMINERS or cut[at].norm in words("adjectives")):
            at += 1
        first = at
        while at < len(cut) and not cut[at].mark and cut[at].norm not in words("function") - _NUMBER and at - first < 4:
            at += 1
        phrase = " ".join(t.norm for t in cut[first:at]).removesuffix(" of")
        told = begin < first
        if not phrase or first == at:
            return
        plural = cut[at - 1].plural
        named = known(phrase) or known(
            " ".join(t.norm if i < at - 1 else t.text.lower() for i, t in enumerate(cut[first:at], first))
        )
        if any(first <= s < at for s in starts) and not (told and not plural and named):
            return
        if not named and not (told and not plural and cut[first - 1].norm in ("a", "an")):
            return
        yield Property(owner=owner, first=first, end=at, field=infer(phrase))
        step = at
        while at < len(cut) and (cut[at].norm in (",", "and", "or", "&", "plus", "as", "well")):
            at += 1
        if at == step:
            return
