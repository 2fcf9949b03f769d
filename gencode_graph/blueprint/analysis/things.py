"""Nouns of a request that nobody described: what it wants to keep track of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gencode_graph.blueprint.analysis.attributes import known
from gencode_graph.blueprint.analysis.lexicon import is_noun, words
from gencode_graph.blueprint.analysis.words import Token

_LISTING = frozenset(["with", "including", "include", "containing", "for", "of", "like", "between", "about", "per"])
_SKIPPED = frozenset(
    [
        "a",
        "an",
        "the",
        "their",
        "my",
        "our",
        "your",
        "its",
        "new",
        "all",
        "each",
        "every",
        "own",
        "of",
        "list",
        "different",
        "and",
        "or",
        ",",
        "(",
        "both",
        "any",
    ]
)


def unknown(cut: Sequence[Token], covered: set[int]) -> Iterator[tuple[int, int]]:
    """Noun phrases (first token, token after the last) that are objects, members of lists or the name of a tracker."""
    at, listing = 0, False
    while at < len(cut):
        token = cut[at]
        if at in covered or token.mark or not is_noun(token.norm):
            listing = listing and (at in covered or token.norm in _SKIPPED or token.norm in words("adjectives"))
            if at in covered:
                listing = True
            at += 1
            continue
        end = at
        while end < len(cut) and end not in covered and not cut[end].mark and is_noun(cut[end].norm) and end - at < 3:
            end += 1
        phrase = " ".join(t.norm for t in cut[at:end])
        if not known(phrase) and (_headed(cut, end) or _asked(cut, at, end) or (listing and cut[end - 1].plural)):
            yield at, end
            listing = True
        at = end


def _headed(cut: Sequence[Token], end: int) -> bool:
    """Before ``tracker``, ``inventory`` ...: what those are of."""
    return end < len(cut) and cut[end].norm in words("heads")


def _asked(cut: Sequence[Token], at: int, end: int) -> bool:
    """After a verb of keeping, or after ``with`` and the like in the plural."""
    before = at - 1
    single = False
    while before >= 0 and (cut[before].norm in _SKIPPED | words("adjectives")):
        if cut[before].norm in (",", "and", "or"):
            break
        single = single or cut[before].norm in ("a", "an", "their", "my", "new", "each", "every", "the", "daily")
        before -= 1
    if before < 0:
        return False
    norm = cut[before].norm
    plural = cut[end - 1].plural
    if norm in words("actions"):
        return plural or single
    return norm in _LISTING and plural
