"""Relations that nobody described: told by the request, or plain from what the things are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from gencode_graph.blueprint.analysis.invent import kind_of
from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.notation import RelationPlan
from gencode_graph.blueprint.analysis.reading import Mention, Reading
from gencode_graph.blueprint.analysis.words import plural_of

_WORDS = frozenset(
    ["of", "per", "for", "in", "into", "to", "by", "under", "within", "from", "on", "with", "belong", "at"]
)
_ORDER = frozenset(["category", "folder", "collection", "genre", "department", "section", "group", "shelf", "playlist"])
_TAGS = frozenset(["tag", "label", "keyword"])
_LATE = ("event", "observation", "payment", "text")
"""Kinds that are about other things."""


def linked(chosen: Mapping[str, Concept], reading: Reading, main: str) -> dict[str, Concept]:
    """The concepts, those that stand alone tied to what they belong to."""
    done = dict(chosen)
    for owner, target in dict.fromkeys(_told(reading, done)):
        _tie(done, owner, target, many=target in _TAGS)
    for name in list(done):
        if name in _TAGS and name != main and not _refers(done, name):
            _tie(done, main, name, many=True)
    for name in list(done):
        if name != main and not _touched(done, name):
            _fallback(done, name, main)
    return done


def _told(reading: Reading, chosen: Mapping[str, Concept]) -> Iterator[tuple[str, str]]:
    """``issues of projects``, ``assign tasks to rooms``: owner and target, by the words between two mentions."""
    known = [m for m in reading.mentions if m.concept in chosen and not m.guess]
    for one, two in pairwise(known):
        between = [t.norm for t in reading.tokens[one.end : two.first]]
        joins = [w for w in between if w in _WORDS]
        if one.concept == two.concept or not joins or not all(w in _WORDS | words("small") for w in between):
            continue
        yield from _direction(one, two, joins[0], chosen)


def _direction(one: Mention, two: Mention, join: str, chosen: Mapping[str, Concept]) -> Iterator[tuple[str, str]]:
    first, second = _kind(chosen[one.concept]), _kind(chosen[two.concept])
    forward = second in ("person", "place", "order") and first != "person" if join == "with" else first != "person"
    inside = first == "person" and second != "person" and join in ("of", "in", "at", "from")
    if first == "order" and second != "order":
        yield two.concept, one.concept
    elif forward or inside:
        yield one.concept, two.concept
    elif join == "with" and chosen[two.concept].invented:
        yield two.concept, one.concept


def _kind(concept: Concept) -> str:
    if concept.person:
        return "person"
    return concept.invented or ("order" if concept.name in _ORDER | _TAGS else kind_of(concept.name.replace("_", " ")))


def _refers(chosen: Mapping[str, Concept], target: str) -> bool:
    return any(r.target == target for c in chosen.values() for r in c.relations)


def _touched(chosen: Mapping[str, Concept], name: str) -> bool:
    """Whether it refers to anything in the app, or anything to it."""
    concept = chosen[name]
    own = any(r.target in chosen or r.target == "user" for r in concept.relations)
    return own or any(p in chosen for p in concept.part_of) or _refers(chosen, name) or concept.author is not None


def _fallback(done: dict[str, Concept], name: str, main: str) -> None:
    kind, leading = _kind(done[name]), _kind(done[main])
    if not done[name].invented and not done[main].invented and kind != "order":
        return
    if kind == "order" or (leading in _LATE and kind not in _LATE):
        _tie(done, main, name)
    elif kind in _LATE and leading != "order":
        _tie(done, name, main)
    elif kind == "person" and leading not in ("person", "order"):
        _tie(done, main, name)
    elif leading == "order":
        _tie(done, name, main)


def _tie(done: dict[str, Concept], owner: str, target: str, *, many: bool = False) -> None:
    """Add a relation, unless the two are tied already or the name is taken."""
    one, two = done[owner], done[target]
    if any(r.target == target for r in one.relations) or any(r.target == owner for r in two.relations):
        return
    if two.person and (one.author or any(r.target == "user" for r in one.relations)):
        return
    if target in one.part_of or owner in two.part_of or len(one.relations) > 8:
        return
    name = plural_of(target, two.plural) if many else target
    if name in {f.name for f in one.fields}:
        if not one.invented:
            return
        kept = tuple(f for f in one.fields if f.name != name or f.name == one.title)
        if any(f.name == name for f in kept) or len(kept) < 2:
            return
        one = one.model_copy(update={"fields": kept, "board": None if one.board == name else one.board})
    plan = RelationPlan(
        name=name, target=target, kind="many" if many else "one", item=target if many else None, label=two.label[:60]
    )
    label = _plural_label(two) if many else two.label
    done[owner] = one.model_copy(update={"relations": (*one.relations, plan.model_copy(update={"label": label[:60]}))})


def _plural_label(concept: Concept) -> str:
    return plural_of(concept.name, concept.plural).replace("_", " ").capitalize()


def order(names: Sequence[str], main: str) -> list[str]:
    """The main thing first, the others as they came."""
    return sorted(names, key=lambda name: name != main)
