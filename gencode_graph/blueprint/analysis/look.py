"""Kind, look and colour of an app, by the points of what the request says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from gencode_graph.blueprint.analysis.dice import pick
from gencode_graph.blueprint.analysis.knowledge import FOLDER, LOOK, Concept, read
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.words import tokens
from gencode_graph.spec import Archetype, Vibe


@cache
def _table() -> dict[str, Any]:
    return read(FOLDER / LOOK)


def _said(request: str) -> str:
    """The request with single spaces around words in their singular, to look phrases up in."""
    return (
        " " + " ".join(t.norm for t in tokens(request)) + "  " + " ".join(t.text.lower() for t in tokens(request)) + " "
    )


def _points(scores: Mapping[str, float], said: str) -> float:
    return sum(points for phrase, points in scores.items() if f" {phrase} " in said)


def archetype(request: str, concepts: Sequence[Concept]) -> Archetype:
    """The kind of app with the most points."""
    table, said = _table(), _said(request)
    scores: dict[Archetype, float] = {
        name: _points(table["archetypes"].get(name, {}), said) for name in get_args(Archetype)
    }
    for concept in concepts:
        kind = table["entities"].get(concept.name)
        if kind in scores:
            scores[kind] += 2
    best: Archetype = max(scores, key=lambda name: scores[name])
    fallback: Archetype = table["otherwise"]["archetype"]
    return best if scores[best] >= 3 else fallback


def vibe(request: str) -> Vibe:
    """The look with the most points."""
    table, said = _table(), _said(request)
    scores: dict[Vibe, float] = {name: _points(table["vibes"].get(name, {}), said) for name in get_args(Vibe)}
    best: Vibe = max(scores, key=lambda name: scores[name])
    fallback: Vibe = table["otherwise"]["vibe"]
    return best if scores[best] >= 2 else fallback


def hue(request: str, concepts: Sequence[Concept], kind: Archetype) -> int:
    """Of the colour that is asked for, else of the first thing that has one, else of the kind of app."""
    table = _table()
    if (said := colour(request)) is not None:
        return said
    for concept in concepts:
        if concept.name in table["entity_hues"]:
            return int(table["entity_hues"][concept.name])
    return int(table["archetype_hues"][kind])


def colour(request: str) -> int | None:
    """The hue of a colour that is said of the look; None where none is."""
    hues = {str(name): int(value) for name, value in _table()["hues"].items()}
    cut = [t.norm for t in tokens(request)]
    for size in (2, 1):
        for at in range(len(cut) - size + 1):
            name = " ".join(cut[at : at + size])
            near = cut[max(0, at - 2) : at + size + 3]
            bare = re.sub(r"(ish|-themed|-colou?red)$", "", name)
            if bare in hues and (
                bare != name or words("near_colour") & set(near) or set(near) & {"pastel", "neon", "bright"}
            ):
                return hues[bare]
    return None


def tagline(name: str, kind: Archetype, main: Concept, plural: str) -> str:
    """One sentence under the name."""
    text = str(pick(_table()["taglines"][kind], name, kind))
    made = text.format(entity=_noun(main.label), entities=_noun(plural), app=name)
    return (made[:1].upper() + made[1:])[:140]


def _noun(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
