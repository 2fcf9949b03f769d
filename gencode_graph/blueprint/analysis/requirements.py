"""What a request asks for, piece by piece, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gencode_graph.blueprint.analysis.clauses import Clause, clauses
from gencode_graph.blueprint.analysis.features import Feature, evidence, features
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.reading import Reading
from gencode_graph.blueprint.analysis.words import names_thing
from gencode_graph.spec import AppSpec, Requirement

LANGUAGES = {"id": "Indonesian", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese"}
_MOST = 120
_WEAK = frozenset(["write", "app", "people", "look", "detail"])
"""Features so general that they alone do not show that a clause was understood."""


def requirements(reading: Reading, app: AppSpec) -> tuple[Requirement, ...]:
    """Every clause of the request with evidence or reasons. Nothing is left out, but after 120 the rest is one."""
    made: list[Requirement] = []
    for clause in clauses(reading.tokens, reading.request):
        if len(made) >= _MOST:
            rest = reading.request[reading.tokens[clause.first].start :]
            made.append(_requirement(" ".join(rest.split()), "unclear", ["too long a list to judge one by one"]))
            break
        made += _judged(clause, reading, app)
    if reading.language != "en":
        why = "the words of the app are English; only the request was read in its language"
        made.append(_requirement(f"The interface in {LANGUAGES[reading.language]}", "unmet", [why]))
    if not made:
        made.append(_requirement(" ".join(reading.request.split()), "unclear", [_UNKNOWN]))
    return tuple(dict.fromkeys(made))


_UNKNOWN = "not understood by the rules of the built-in analysis"


def _judged(clause: Clause, reading: Reading, app: AppSpec) -> Iterator[Requirement]:
    found = list(features(clause.text))
    near = [m.concept for m in reading.mentions if clause.first <= m.first < clause.end]
    missing = [f for f in found if f.unmet and not _about(f, clause, reading)]
    present = [f for f in found if not f.unmet]
    places = [*_things(clause, reading, app), *_properties(clause, reading, app)]
    shown = {f: evidence(f, app, near) for f in present}
    strange = _strange(clause, reading, found)
    sure = bool(places) or any(shown[f] and f.has not in _WEAK for f in present)
    places = list(dict.fromkeys([*places, *(p for f in present for p in shown[f])]))
    for feature in missing:
        text = clause.text if len(missing) == 1 else f"{feature.said} ({clause.text})"
        yield _requirement(text, "unmet", [feature.unmet])
    absent = [f for f in present if f.has and not shown[f] and f.has not in _WEAK and not missing]
    if absent and not sure:
        yield _requirement(clause.text, "unmet", [f"the app has nothing for {f.said!r}" for f in absent])
    elif strange and not missing and len(strange) > len(near) and not (sure and len(strange) == 1):
        yield _requirement(clause.text, "unclear", [f"not understood: {', '.join(strange[:6])}"])
    elif places and (sure or not missing):
        text = clause.text if not missing else f"{clause.text}: the records of it"
        yield _requirement(text, "met", places)
    elif not clause.idle and not missing:
        yield _requirement(clause.text, "unclear", [_UNKNOWN])


def _requirement(text: str, status: str, said: Sequence[str]) -> Requirement:
    short = text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0][:297] + "..."
    return Requirement.model_validate({"text": short, "status": status, "evidence": tuple(said[:8])})


def _about(feature: Feature, clause: Clause, reading: Reading) -> bool:
    """Whether the words of a feature are the name of a kind of record here: ``game collection``, ``reminders``."""
    start = reading.tokens[clause.first].start
    spans = [
        (reading.tokens[m.first].start - start, reading.tokens[m.end - 1].end - start)
        for m in reading.mentions
        if clause.first <= m.first < clause.end and (reading.concepts[m.concept].invented or m.end - m.first > 1)
    ]
    return any(first <= feature.first and feature.end <= last for first, last in spans)


def _strange(clause: Clause, reading: Reading, found: Sequence[Feature]) -> list[str]:
    """Words of a clause that name things which nothing in the app stands for."""
    start = reading.tokens[clause.first].start
    inside = {i for m in reading.mentions for i in range(m.first, m.end)}
    inside |= {i for p in reading.properties for i in range(p.first, p.end)}
    return [
        token.text
        for at, token in enumerate(reading.tokens[clause.first : clause.end], clause.first)
        if at not in inside
        and names_thing(token)
        and token.low not in words("heads")
        and not any(f.first <= token.start - start < f.end for f in found)
    ]


def _things(clause: Clause, reading: Reading, app: AppSpec) -> Iterator[str]:
    known = {e.name: e for e in app.entities}
    for mention in reading.mentions:
        if not clause.first <= mention.first < clause.end or mention.concept not in known:
            continue
        entity = known[mention.concept]
        yield f"entity {entity.name}"
        parent = next((r.target for r in entity.relations if r.name == entity.part_of), None)
        kind, owner = ("detail", parent) if parent else ("list", entity.name)
        yield from (f"page {p.path}" for p in app.pages if p.kind == kind and p.entity == owner)


def _properties(clause: Clause, reading: Reading, app: AppSpec) -> Iterator[str]:
    known = {e.name: e for e in app.entities}
    for item in reading.properties:
        if not clause.first <= item.first < clause.end:
            continue
        owner = next((m.concept for m in reading.mentions if m.first == item.owner), "")
        if owner in known:
            names = [f.name for f in known[owner].fields] + [r.name for r in known[owner].relations]
            last = item.field.name.split("_")[-1]
            near = next((n for n in names if n == item.field.name), None) or next((n for n in names if last in n), None)
            yield f"field {owner}.{near}" if near else f"entity {owner}"
