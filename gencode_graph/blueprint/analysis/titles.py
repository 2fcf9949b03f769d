"""The name of an app: what the request calls it, else what it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.compose import plural_label
from gencode_graph.blueprint.analysis.knowledge import Concept, read
from gencode_graph.blueprint.analysis.lexicon import describes, words
from gencode_graph.blueprint.analysis.words import Token

_CALLED = re.compile(r"\b(?:called|named|titled)\s+[\"“'«]?([A-Z][\w&'’-]*(?:\s+[A-Z0-9][\w&'’-]*){0,3})")
_FILE = Path(__file__).with_name("titles.yaml")
_FIRST = 24


@cache
def _endings() -> dict[str, str]:
    return {str(word): str(ending) for word, ending in read(_FILE).items()}


def name(cut: Sequence[Token], request: str, concepts: Sequence[Concept], main: Concept) -> str:
    """At most 60 characters, in title case; never a cut sentence."""
    if found := _CALLED.search(request):
        return found[1].strip()[:60]
    for at, token in enumerate(cut[:_FIRST]):
        if token.norm in ".!?;" and token.mark:
            break
        if token.low == "page" and at and cut[at - 1].low in ("landing", "home"):
            if after := _after(cut, at, 3):
                return _case([t.text for t in after])
            continue
        if token.low not in _endings():
            continue
        kept = _before(cut, at)
        if any(not describes(k.lower()) for k in kept) and not (
            len(kept) == 1 and not _endings()[token.low] and kept[0].lower() in words("generic")
        ):
            return _titled(kept, _endings()[token.low], main)
        if token.low in (
            "crm",
            "blog",
            "forum",
            "wiki",
            "marketplace",
            "shop",
            "store",
            "portfolio",
            "journal",
            "diary",
        ):
            return _titled([t.text for t in _after(cut, at)], _endings()[token.low], main)
    return _case(plural_label(main.label).split())


def _before(cut: Sequence[Token], at: int) -> list[str]:
    """The words right before the word for app that say which app it is."""
    kept: list[str] = []
    for token in reversed(cut[max(0, at - 4) : at]):
        stop = token.mark or token.norm in words("function") or token.low in words("plain_titles")
        if stop or (token.verb and token.low == token.verb and token.verb not in words("both")):
            break
        kept.insert(0, token.text)
    while kept and kept[0].lower() in words("technologies") - {"kubernetes", "docker", "library"}:
        kept.pop(0)
    return kept[-3:]


def _after(cut: Sequence[Token], at: int, most: int = 1) -> list[Token]:
    """``CRM for a gym`` -> gym."""
    rest = list(cut[at + 1 : at + 5])
    if not rest or rest[0].norm not in ("for", "of", "about"):
        return []
    kept = [
        t for t in rest[1:] if not t.mark and t.norm not in words("function") and t.low not in words("plain_titles")
    ]
    return kept[:most]


def _titled(kept: Sequence[str], last: str, main: Concept) -> str:
    parts = [p for p in kept if p]
    if parts and parts[-1].lower() in _endings() and last != "CRM":
        ending = _endings()[parts[-1].lower()]
        parts = [*parts[:-1], *([ending] if ending else [])]
        last = last if not ending else ""
    if last:
        parts.append(last)
    return _case(parts) or _case(plural_label(main.label).split())


def _case(parts: Sequence[str]) -> str:
    return " ".join(p if p[1:2].isupper() else p[:1].upper() + p[1:] for p in parts)[:60].strip()
