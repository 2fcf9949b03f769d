"""A request understood: which known things it names and where, which unknown ones, and their properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from gencode_graph.blueprint.analysis.invent import enriched, invent
from gencode_graph.blueprint.analysis.knowledge import Concept, concepts
from gencode_graph.blueprint.analysis.languages import Language, translated
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.properties import Property, properties
from gencode_graph.blueprint.analysis.things import unknown
from gencode_graph.blueprint.analysis.words import Token, singular, tokens

MOST_WORDS = 5
DOING = {"tag": "tag", "comment": "comment", "label": "label", "categorize": "category", "categorise": "category"} | {
    "review": "review", "rate": "review", "book": "booking", "reserve": "reservation", "discuss": "comment",
}  # fmt: skip
"""Verbs that ask for a kind of record."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a request speaks of a kind of record: tokens ``first`` to before ``end``."""

    concept: str
    first: int
    end: int
    listed: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was understood."""

    request: str
    language: Language
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    concepts: Mapping[str, Concept]
    """In the order in which they are first mentioned."""
    properties: tuple[Property, ...] = field(default=())

    @property
    def norms(self) -> frozenset[str]:
        return frozenset(t.norm for t in self.tokens)


@cache
def _index() -> dict[tuple[str, ...], str]:
    """Words of a phrase, in the singular -> the concept."""
    found: dict[tuple[str, ...], str] = {}
    for concept in concepts().values():
        for phrase in (*concept.words, concept.name.replace("_", " ")):
            found.setdefault(tuple(t.norm for t in tokens(phrase)), concept.name)
    return found


def read(request: str) -> Reading:
    """Understand a request."""
    language, cut = translated(tokens(request))
    mentions = list(_known(cut))
    told = list(properties(cut, [(m.first, m.end) for m in mentions]))
    inside = {i for p in told for i in range(p.first, p.end)}
    mentions = [m for m in mentions if m.first not in inside]
    chosen = {m.concept: concepts()[m.concept] for m in mentions}
    context = frozenset(t.norm for t in cut)
    covered = inside | {i for m in mentions for i in range(m.first, m.end)}
    for first, end in unknown(cut, covered):
        phrase = " ".join(t.norm for t in cut[first:end])
        made = next((c for c in chosen.values() if c.invented and c.label.lower() == phrase.lower()), None)
        if made is None:
            if sum(c.invented for c in chosen.values()) >= 6:
                break
            made = invent(phrase, {*chosen, *concepts()}, context)
            chosen[made.name] = made
        mentions.append(Mention(concept=made.name, first=first, end=end))
    mentions.sort(key=lambda m: m.first)
    order = {m.concept: chosen[m.concept] for m in mentions}
    reading = Reading(request=request, language=language, tokens=tuple(cut), mentions=tuple(mentions), concepts=order)
    return _with_properties(reading, list(properties(cut, [(m.first, m.end) for m in mentions])), context)


def _with_properties(reading: Reading, told: list[Property], context: frozenset[str]) -> Reading:
    chosen = dict(reading.concepts)
    kept: list[Property] = []
    for item in told:
        owner = next((m.concept for m in reading.mentions if m.first == item.owner), None)
        if owner is None or any(m.first <= item.first < m.end for m in reading.mentions):
            continue
        kept.append(item)
    for name, concept in chosen.items():
        fields = {
            p.field.name: p.field
            for p in kept
            if any(m.first == p.owner and m.concept == name for m in reading.mentions)
        }
        if fields and concept.invented:
            phrase = concept.label[:1].lower() + concept.label[1:]
            chosen[name] = invent(phrase, {*chosen, *concepts()} - {name}, context, list(fields.values()))
        elif fields:
            chosen[name] = enriched(concept, list(fields.values()))
    return Reading(
        request=reading.request, language=reading.language, tokens=reading.tokens, mentions=reading.mentions, concepts=chosen,
        properties=tuple(kept),
    )  # fmt: skip


def _known(cut: list[Token]) -> Iterator[Mention]:
    index, at = _index(), 0
    while at < len(cut):
        for size in range(min(MOST_WORDS, len(cut) - at), 0, -1):
            phrase = tuple(t.norm for t in cut[at : at + size])
            name = index.get(phrase) or index.get((*phrase[:-1], singular(cut[at + size - 1].text.lower())))
            if name and (size > 1 or _is_thing(cut, at, name)):
                yield Mention(concept=name, first=at, end=at + size)
                at += size
                break
            if name is None and size == 1 and _doing(cut, at):
                name = DOING[cut[at].norm]
                if name in concepts():
                    yield Mention(concept=name, first=at, end=at + 1)
        else:
            at += 1


_BEFORE_VERB = frozenset(
    "to can could should must will may might let lets user member they we i you them people who that and or , then".split()
)
_MEANS_ALL = frozenset(["user", "person"])


def _doing(cut: list[Token], at: int) -> bool:
    return cut[at].norm in DOING and _verbal(cut, at)


def _verbal(cut: list[Token], at: int) -> bool:
    """Whether a word that may be both is used as a verb: after ``to``, ``can``, ``users`` ..., and in its base form."""
    if cut[at].norm not in words("verbs") or cut[at].plural:
        return False
    before = next((t.norm for t in reversed(cut[:at])), "to")
    if before in ("and", "or", ","):
        earlier = next((t for t in reversed(cut[: at - 1]) if not t.mark), None)
        return earlier is not None and earlier.norm in words("verbs") and not earlier.plural
    return before in _BEFORE_VERB


def _is_thing(cut: list[Token], at: int, name: str) -> bool:
    """Whether a single word names a kind of record here."""
    token = cut[at]
    if _verbal(cut, at):
        return False
    after = cut[at + 1].norm if at + 1 < len(cut) else "."
    before = cut[at - 1].norm if at else "."
    if token.norm in _MEANS_ALL:
        return token.plural and before in (",", "and", "with", "manage") and after in (",", ".", "and", "or", ";")
    return True
