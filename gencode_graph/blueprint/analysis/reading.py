"""A request understood: which known things it names and where, which unknown ones, and their properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.invent import enriched, invent
from gencode_graph.blueprint.analysis.knowledge import Concept, concepts
from gencode_graph.blueprint.analysis.knowledge import read as read_file
from gencode_graph.blueprint.analysis.languages import Language, translated
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.properties import Property, properties
from gencode_graph.blueprint.analysis.things import Noun, unknown
from gencode_graph.blueprint.analysis.words import Token, singular, tokens

MOST_WORDS, MOST_INVENTED = 5, 6
DOING = {"tag": "tag", "comment": "comment", "label": "label", "categorize": "category", "categorise": "category"} | {
    "review": "review", "book": "booking", "reserve": "reservation", "discuss": "comment",
}  # fmt: skip
"""Verbs that ask for a kind of record."""
_CONTEXTS = Path(__file__).with_name("contexts.yaml")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a request speaks of a kind of record: tokens ``first`` to before ``end``."""

    concept: str
    first: int
    end: int
    guess: bool = False
    """Only there because a request has to come to something."""


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
def _index() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Words of a phrase, in the singular -> the concepts, those that need a context first."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    narrow = read_file(_CONTEXTS)
    for concept in concepts().values():
        for phrase in (*concept.words, concept.name.replace("_", " ")):
            key = tuple(t.norm for t in tokens(phrase))
            names = dict.fromkeys([*found.get(key, ()), concept.name])
            found[key] = tuple(sorted(names, key=lambda name: name not in narrow))
    return found


def read(request: str) -> Reading:
    """Understand a request."""
    language, cut = translated(tokens(request))
    mentions = _firm(list(_known(cut)), cut)
    inside = {i for p in properties(cut, _spans(mentions), _named(mentions)) for i in range(p.first, p.end)}
    mentions = [m for m in mentions if m.first not in inside]
    chosen = {m.concept: concepts()[m.concept] for m in mentions}
    context = frozenset(t.norm for t in cut)
    covered = inside | {i for m in mentions for i in range(m.first, m.end)}
    nouns = list(unknown(cut, covered))
    sure = bool(chosen) or any(n.weight for n in nouns)
    for noun in _wanted(nouns, sum(not c.person for c in chosen.values())):
        phrase = " ".join(t.norm for t in cut[noun.first : noun.end])
        whose = next((name for name, c in chosen.items() if c.person), None)
        if whose and phrase.endswith("profile"):
            mentions.append(Mention(concept=whose, first=noun.first, end=noun.end))
            continue
        made = next((c for c in chosen.values() if c.invented and c.words[0] == phrase), None)
        if made is None and sum(bool(c.invented) for c in chosen.values()) < MOST_INVENTED:
            made = invent(phrase, {*chosen, *concepts()}, context)
            chosen[made.name] = made
    mentions += _again(cut, [c for c in chosen.values() if c.invented], covered, sure=sure)
    mentions.sort(key=lambda m: m.first)
    order = {m.concept: chosen[m.concept] for m in mentions}
    reading = Reading(request=request, language=language, tokens=tuple(cut), mentions=tuple(mentions), concepts=order)
    return _with_properties(reading, list(properties(cut, _spans(mentions), _named(mentions))), context)


def _firm(found: list[Mention], cut: Sequence[Token]) -> list[Mention]:
    """The mentions without those of words as wide as ``crm``, where a narrower thing is named too."""
    kept = [m for m in found if m.end - m.first > 1 or cut[m.first].low not in words("soft")]
    return kept if any(not concepts()[m.concept].person for m in kept) else found


def _again(cut: Sequence[Token], made: Sequence[Concept], covered: set[int], *, sure: bool) -> Iterator[Mention]:
    """Every place where an invented thing is named."""
    phrases = sorted(((tuple(c.words[0].split()), c.name) for c in made), key=lambda pair: -len(pair[0]))
    at = 0
    while at < len(cut):
        found = next(
            ((p, n) for p, n in phrases if tuple(t.norm for t in cut[at : at + len(p)]) == p and at not in covered),
            None,
        )
        if found is None or cut[at].verb:
            at += 1
            continue
        yield Mention(concept=found[1], first=at, end=at + len(found[0]), guess=not sure)
        at += len(found[0])


def _named(mentions: Sequence[Mention]) -> dict[int, frozenset[str]]:
    """What the known things have anyway, in the words of a request."""
    known = concepts()
    return {
        m.first: frozenset(
            text for f in known[m.concept].fields for text in (f.name.replace("_", " "), f.label.lower())
        )
        for m in mentions
        if m.concept in known
    }


def _spans(mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    return [(m.first, m.end) for m in mentions]


def _wanted(found: Sequence[Noun], known: int) -> list[Noun]:
    """The surest nouns: those asked for; where nothing is known, weaker ones too, the first rather than none."""
    sure = [n for n in found if n.weight == 2 and not n.headed]
    if len(sure) + known < 2:
        sure = [n for n in found if n.weight == 2]
    if sure or known:
        return sure
    return [n for n in found if n.weight == 1] or list(found[:1])


def _with_properties(reading: Reading, told: Sequence[Property], context: frozenset[str]) -> Reading:
    """The reading with the told fields in its concepts; what is a property is no record of its own."""
    inside = {i for p in told for i in range(p.first, p.end)}
    mentions = tuple(m for m in reading.mentions if m.first not in inside)
    owners = {m.first: m.concept for m in mentions}
    kept = tuple(p for p in told if p.owner in owners)
    chosen = {m.concept: reading.concepts[m.concept] for m in mentions}
    for name, concept in chosen.items():
        fields = list({p.field.name: p.field for p in kept if owners[p.owner] == name}.values())
        if fields and concept.invented:
            chosen[name] = invent(concept.words[0], {*chosen, *concepts()} - {name}, context, fields)
        elif fields:
            chosen[name] = enriched(concept, fields)
    return replace(reading, mentions=mentions, concepts=chosen, properties=kept)


def _known(cut: list[Token]) -> Iterator[Mention]:
    index, at = _index(), 0
    while at < len(cut):
        for size in range(min(MOST_WORDS, len(cut) - at), 0, -1):
            phrase = tuple(t.norm for t in cut[at : at + size])
            names = index.get(phrase) or index.get((*phrase[:-1], singular(cut[at + size - 1].text.lower())), ())
            name = next((n for n in names if _fits(n, cut)), None)
            if name and (size > 1 or _is_thing(cut, at)):
                yield Mention(concept=name, first=at, end=at + size)
                at += size
                break
            if size == 1 and cut[at].verb in DOING and DOING[str(cut[at].verb)] in concepts():
                yield Mention(concept=DOING[str(cut[at].verb)], first=at, end=at + 1)
        else:
            at += 1


def _fits(name: str, cut: Sequence[Token]) -> bool:
    """Whether the request is about what a well-known kind with a word of many meanings is about."""
    needed = read_file(_CONTEXTS).get(name)
    if needed is None:
        return True
    return bool({t.norm for t in cut} & set(str(needed).split()))


def _named_by(token: Token) -> bool:
    """Whether a word before ``collection``, ``library`` ... says of what."""
    return not token.mark and not token.verb and token.norm not in words("function") | words("adjectives")


_MEANS_ALL = frozenset(["user", "person"])


def _is_thing(cut: Sequence[Token], at: int) -> bool:
    """Whether a single word names a kind of record here."""
    token = cut[at]
    if token.verb:
        return False
    if at and token.low in words("heads") and not token.plural and _named_by(cut[at - 1]):
        return token.low in ("booking", "reservation", "rental", "review", "journal", "diary", "planning")
    after = cut[at + 1].norm if at + 1 < len(cut) else "."
    before = cut[at - 1].norm if at else "."
    if token.norm in _MEANS_ALL:
        return token.plural and before in (",", "and", "with", "manage") and after in (",", ".", "and", "or", ";")
    return True
