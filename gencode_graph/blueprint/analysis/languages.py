"""The language of a request, and its words in English as far as a small dictionary has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.blueprint.analysis.words import Token, tagged

Language = Literal["en", "id", "es", "fr", "de", "pt"]
_FILE = Path(__file__).with_name("languages.yaml")


def translated(cut: list[Token]) -> tuple[Language, list[Token]]:
    """The language by its function words, and the tokens with English norms."""
    found = _language(cut)
    if found == "en":
        return found, cut
    dictionary: dict[str, str] = {str(k): str(v) for k, v in read(_FILE)[found]["words"].items()}
    marks = set(str(read(_FILE)[found]["marks"]).split())
    made: list[Token] = []
    at = 0
    while at < len(cut):
        for size in (3, 2, 1):
            phrase = " ".join(t.text.lower() for t in cut[at : at + size])
            if phrase in dictionary and at + size <= len(cut):
                norms = dictionary[phrase].split()
                last = cut[at + size - 1]
                for index, norm in enumerate(norms):
                    end = last.end if index == len(norms) - 1 else cut[at].end
                    start = cut[at].start if index == 0 else min(last.start, end)
                    plural = norm.endswith("*")
                    made.append(
                        replace(
                            cut[at], norm=norm.rstrip("*"), alias=norm.rstrip("*"), start=start, end=end, plural=plural
                        )
                    )
                at += size
                break
        else:
            quiet = cut[at].low in marks
            made.append(replace(cut[at], norm="the", alias="the") if quiet else cut[at])
            at += 1
    return found, tagged(made)


def _language(cut: Sequence[Token]) -> Language:
    said = [t.text.lower() for t in cut]
    scores: dict[Language, int] = {}
    for name in ("id", "es", "fr", "de", "pt"):
        marks = set(str(read(_FILE)[name]["marks"]).split())
        scores[name] = sum(word in marks for word in said)
    english = sum(word in _ENGLISH for word in said)
    best: Language = max(scores, key=lambda n: scores[n])
    return best if scores[best] > english and scores[best] >= 2 else "en"


_ENGLISH = frozenset("the a an and of to with for in is that it can should app users create build".split())
