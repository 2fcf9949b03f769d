"""Words of requests by what they do in a sentence; read from ``lexicon.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.knowledge import read

_FILE = Path(__file__).with_name("lexicon.yaml")
_ADJECTIVES = ("ous", "ful", "less", "ish", "able", "ible", "ive", "ical", "ic", "al", "looking", "based", "friendly")


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind, the keys of the file."""
    return frozenset(str(read(_FILE)[kind]).split())


@cache
def verb(word: str) -> str | None:
    """The base form of a word that can be a verb: ``managing`` -> ``manage``, ``tracks`` -> ``track``; else None."""
    known = words("verbs") | words("both")
    if word in known:
        return word
    for ending in ("ing", "ed", "es", "s", "d"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        tries = [stem, f"{stem}e"]
        if ending in ("ing", "ed") and len(stem) > 3 and stem[-1] == stem[-2]:
            tries.append(stem[:-1])
        if stem.endswith("i"):
            tries.append(f"{stem[:-1]}y")
        for form in tries:
            if form in known:
                return form
    return None


@cache
def describes(word: str) -> bool:
    """Whether a word is an adjective, by list or by its ending."""
    if word in words("adjectives"):
        return True
    if word in words("plain_nouns") or len(word) < 5:
        return False
    return word.endswith(_ADJECTIVES) or (word.endswith("ed") and verb(word) is not None)


@cache
def empty(word: str) -> bool:
    """Whether a word is so common in requests that it names no thing of its own."""
    return (
        any(word in words(kind) for kind in ("function", "generic", "features", "technologies", "measures"))
        or not word[:1].isalpha()
    )
