"""Properties that a request gives to its things: ``recipes with a title, a photo and a rating``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gencode_graph.blueprint.analysis.attributes import infer, known
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.words import Token
from gencode_graph.spec import FieldSpec

_VERBS = frozenset(["have", "include", "contain", "show"])
"""Properties also in the plural, although some of them are kinds of records too."""
LONGEST = 4


@dataclass(frozen=True, kw_only=True)
class Property:
    """A field that the request names; ``owner`` is the first token of the thing that has it."""

    owner: int
    first: int
    end: int
    field: FieldSpec


Named = Mapping[int, frozenset[str]]
"""First token of a thing -> the words of the fields it has anyway."""


def properties(cut: Sequence[Token], things: Sequence[tuple[int, int]], named: Named) -> Iterator[Property]:
    """Every property that is told, in order; a plural that is no property ends its list."""
    starts = {first for first, _ in things}
    reached = 0
    for at, token in enumerate(cut):
        if at < reached or not (token.norm in words("openers") or token.verb in _VERBS):
            continue
        owner = _owner(cut, at, things)
        if owner is None:
            continue
        listed = list(_listed(cut, at + 1, owner, starts, named.get(owner, frozenset())))
        theirs = token.norm in ("their", "its") and any(t.verb for t in cut[owner:at])
        if listed and not (
            theirs and len(listed) == 1
        ):  # "log their mood" speaks of the people, not of the thing before
            reached = listed[-1].end
            yield from listed


def _owner(cut: Sequence[Token], at: int, things: Sequence[tuple[int, int]]) -> int | None:
    """The thing right before an opener, no sentence end or verb between."""
    before = [(first, end) for first, end in things if end <= at]
    if not before:
        return None
    first, end = before[-1]
    between = cut[end:at]
    if cut[at].norm in ("their", "its"):
        return first if len(between) <= 6 and not any(t.norm in ".;!?" for t in between) else None
    return first if all(_joins(t) for t in between) else None


def _joins(token: Token) -> bool:
    """Whether a word may stand between a thing and its properties."""
    return (
        token.norm in words("between")
        or token.verb in _VERBS
        or token.low in words("heads") | {"app", "system", "database"}
    )


def _listed(cut: Sequence[Token], at: int, owner: int, starts: set[int], named: frozenset[str]) -> Iterator[Property]:
    count = strange = 0
    while at < len(cut) and strange < 2:
        begin = at
        while at < len(cut) and (cut[at].norm in words("determiners") or cut[at].low in words("adjectives")):
            at += 1
        first = at
        while at < len(cut) and at - first < LONGEST and _word(cut[at]):
            at += 1
        phrase = " ".join(t.norm for t in cut[first:at]).removesuffix(" of")
        thing = any(first <= s < at for s in starts)
        plain = not cut[at - 1].plural and not thing and (count > 0 or cut[begin].norm in ("a", "an"))
        usual = cut[at - 1].low in words("heads") | words("features") | words("generic") if phrase else True
        if not phrase:
            return
        record = thing and cut[at - 1].plural and phrase not in words("plain_properties")
        if any(t.plural for t in cut[first : at - 1]):
            return
        if not record and (known(phrase) or phrase in named or (plain and not usual)):
            yield Property(owner=owner, first=first, end=at, field=infer(phrase))
            count += 1
        elif not record:
            strange += 1
        step = at
        while at < len(cut) and cut[at].norm in (",", "and", "or", "&", "plus", "as", "well"):
            at += 1
        if at == step:
            return


def _word(token: Token) -> bool:
    return not token.mark and (token.norm == "of" or token.norm not in words("function")) and not token.verb
