"""The language of a request, and its words in English as far as a small dictionary has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.blueprint.analysis.lexicon import words
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
        size, meaning = _looked_up(cut, at, dictionary)
        if size:
            made += _meant(cut, at, size, meaning)
        elif cut[at].low in marks:
            made.append(replace(cut[at], norm="the", alias="the"))
        else:
            made.append(cut[at])
        at += size or 1
    return found, tagged(made)


def _looked_up(cut: Sequence[Token], at: int, dictionary: Mapping[str, str]) -> tuple[int, str]:
    """How many words the longest known phrase from here has, and its meaning; (0, "") for none."""
    for size in (3, 2, 1):
        phrase = " ".join(t.text.lower() for t in cut[at : at + size])
        if at + size > len(cut):
            continue
        if phrase in dictionary:
            return size, dictionary[phrase]
        for ending in ("es", "s", "n", "en"):
            if phrase.endswith(ending) and len(phrase) > 4 and phrase.removesuffix(ending) in dictionary:
                return size, dictionary[phrase.removesuffix(ending)].rstrip("*") + "*"
    return 0, ""


def _meant(cut: Sequence[Token], at: int, size: int, meaning: str) -> Iterator[Token]:
    """The tokens of a meaning, placed where the phrase stands."""
    parts, last = meaning.split(), cut[at + size - 1]
    for index, word in enumerate(parts):
        norm = word.rstrip("*")
        start = cut[at].start if index == 0 else last.start
        end = last.end if index == len(parts) - 1 else cut[at].end
        yield replace(
            cut[at],
            norm=norm,
            alias=norm,
            start=start,
            end=end,
            plural=meaning.endswith("*") and index == len(parts) - 1,
        )


def _language(cut: Sequence[Token]) -> Language:
    said = [t.text.lower() for t in cut]
    scores: dict[Language, int] = {}
    for name in ("id", "es", "fr", "de", "pt"):
        marks = set(str(read(_FILE)[name]["marks"]).split())
        scores[name] = sum(word in marks for word in said)
    english = sum(word in words("english") for word in said)
    best: Language = max(scores, key=lambda n: scores[n])
    return best if scores[best] > english and scores[best] >= 2 else "en"
