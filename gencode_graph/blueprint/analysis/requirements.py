"""What a request asks for, piece by piece, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gencode_graph.blueprint.analysis.clauses import Clause, clauses
from gencode_graph.blueprint.analysis.features import Feature, evidence, features
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.reading import Reading
from gencode_graph.blueprint.analysis.words import names_thing, singular
from gencode_graph.spec import AppSpec, Requirement

LANGUAGES = {"id": "Indonesian", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese"}
_MOST = 120
_NAMING = 3
"""Words that the first clause may have for the app as a whole, where the others say what it holds."""
_WEAK = frozenset(["write", "app", "people", "look", "detail"])
"""Features so general that they alone do not show that a clause was understood."""


def requirements(reading: Reading, app: AppSpec) -> tuple[Requirement, ...]:
    """Every clause of the request with evidence or reasons. Nothing is left out, but after 120 the rest is one."""
    made: list[Requirement] = []
    without = False
    for clause in clauses(reading.tokens, reading.request):
        if len(made) >= _MOST:
            rest = reading.request[reading.tokens[clause.first].start :]
            made.append(_requirement(" ".join(rest.split()), "unclear", ["too long a list to judge one by one"]))
            break
        acts = any(t.verb for t in reading.tokens[clause.first : clause.end])
        without = bool(_WITHOUT.match(clause.text)) or (without and not acts)
        made += _judged(clause, reading, app, without=without)
        without = without and not clause.ends
    if reading.language != "en":
        why = "the words of the app are English; only the request was read in its language"
        made.append(_requirement(f"The interface in {LANGUAGES[reading.language]}", "unmet", [why]))
    if not made:
        made.append(_requirement(" ".join(reading.request.split()), "unclear", [_UNKNOWN]))
    return tuple(dict.fromkeys(made))


_UNKNOWN = "not understood by the rules of the built-in analysis"
_WITHOUT = re.compile(r"(?:please )?(?:avoid|without|no|don['’]?t|do not|never|not|exclude)\b", re.IGNORECASE)
_EITHER = re.compile(r"\bor\b", re.IGNORECASE)


def _judged(clause: Clause, reading: Reading, app: AppSpec, *, without: bool) -> Iterator[Requirement]:
    found = list(features(clause.text))
    near = [m.concept for m in reading.mentions if m.first < clause.end and m.end > clause.first]
    missing = [f for f in found if f.unmet and not (f.thing and _about(f, clause, reading))]
    if without:
        yield _left_out(clause, missing)
        return
    told = list(dict.fromkeys(f.told for f in found if f.told))
    if missing and told and _EITHER.search(clause.text):
        missing = []
    places = [*_things(clause, reading, app), *_properties(clause, reading, app)]
    words_left, fields = _strange(clause, reading, app, found)
    present = [f for f in found if f.has]
    shown = {f: evidence(f, app, near) for f in present}
    sure = bool(places or told or fields) or any(shown[f] and f.has not in _WEAK for f in present)
    every = list(dict.fromkeys([*places, *fields, *told, *(p for f in present for p in shown[f])]))
    if missing:
        yield _requirement(clause.text, "unmet", list(dict.fromkeys(f.unmet for f in missing)))
        yield from _still(clause, reading, app, places, fields, told)
        return
    if clause.first == 0 and len(reading.concepts) > 1 and len(words_left) <= _NAMING:
        every, words_left = every or [f"entity {name}" for name in reading.concepts][:4], []
    absent = [f for f in present if not shown[f] and f.has not in _WEAK]
    if absent and not sure:
        yield _requirement(clause.text, "unmet", [f"the app has nothing for {f.said!r}" for f in absent])
    elif words_left and len(words_left) > len(near) + len(fields) and not (sure and len(words_left) == 1):
        yield _requirement(clause.text, "unclear", [f"not understood: {', '.join(words_left[:6])}"])
    elif every:
        yield _requirement(clause.text, "met", every)
    elif not clause.idle:
        yield _requirement(clause.text, "unclear", [_UNKNOWN])


def _left_out(clause: Clause, missing: Sequence[Feature]) -> Requirement:
    """What the request does not want."""
    if not missing:
        return _requirement(clause.text, "unclear", ["asked to be left out; whether it is cannot be told"])
    said = ", ".join(dict.fromkeys(f.said for f in missing))
    return _requirement(clause.text, "met", [f"stack left out as asked: {said}"])


def _still(
    clause: Clause, reading: Reading, app: AppSpec, places: Sequence[str], fields: Sequence[str], told: Sequence[str]
) -> Iterator[Requirement]:
    """What a clause that is not met as a whole still comes to."""
    names = [p.removeprefix("entity ") for p in places if p.startswith("entity ")]
    if names:
        labels = ", ".join(app.entity(name).label_plural for name in dict.fromkeys(names))
        yield _requirement(f"{labels}, kept as records", "met", list(dict.fromkeys([*places, *fields])))
    if told:
        yield _requirement(f"{clause.text}: the rest of it", "met", told)


def _requirement(text: str, status: str, said: Sequence[str]) -> Requirement:
    short = text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0][:297] + "..."
    return Requirement.model_validate({"text": short, "status": status, "evidence": tuple(said[:8])})


def _about(feature: Feature, clause: Clause, reading: Reading) -> bool:
    """Whether the words of a feature are the name of a kind of record here: ``game collection``, ``reminders``."""
    start = reading.tokens[clause.first].start
    spans = [
        (reading.tokens[m.first].start - start, reading.tokens[m.end - 1].end - start)
        for m in reading.mentions
        if m.first < clause.end and m.end > clause.first and m.concept != "user" and not m.guess
    ]
    return any(first <= feature.first and feature.end <= last for first, last in spans)


def _strange(clause: Clause, reading: Reading, app: AppSpec, found: Sequence[Feature]) -> tuple[list[str], list[str]]:
    """Words of a clause that name things: those that nothing in the app stands for, and the fields of the others."""
    if any(m.guess for m in reading.mentions if m.first < clause.end and m.end > clause.first):
        return [clause.text], []
    start = reading.tokens[clause.first].start
    inside = {i for m in reading.mentions for i in range(m.first, m.end)}
    inside |= {i for p in reading.properties for i in range(p.first, p.end)}
    strange, fields = [], []
    for at in range(clause.first, clause.end):
        token = reading.tokens[at]
        if at in inside or token.mark or token.verb or len(token.norm) < 3:
            continue
        place = _field(token.norm, app)
        if place:
            fields.append(place)
        elif (
            names_thing(token)
            and token.low not in words("heads")
            and not any(f.first <= token.start - start < f.end for f in found)
        ):
            strange.append(token.text)
    return strange, list(dict.fromkeys(fields))


def _field(word: str, app: AppSpec) -> str | None:
    """The entity or field that a word is part of the name of, or one of whose options it is."""
    if word in _COMMON:
        return None
    for entity in app.entities:
        if word in entity.name.split("_"):
            return f"entity {entity.name}"
        for field in entity.fields:
            if word in field.name.split("_") or any(
                word == o.value or singular(o.value) == word for o in field.options
            ):
                return f"field {entity.name}.{field.name}"
    return None


_COMMON = frozenset(
    ["name", "title", "on", "at", "to", "is", "by", "text", "date", "day", "number", "status", "the", "date"]
)


def _things(clause: Clause, reading: Reading, app: AppSpec) -> Iterator[str]:
    known = {e.name: e for e in app.entities}
    for mention in reading.mentions:
        if mention.guess or mention.first >= clause.end or mention.end <= clause.first or mention.concept not in known:
            continue
        entity = known[mention.concept]
        yield f"entity {entity.name}"
        parent = next((r.target for r in entity.relations if r.name == entity.part_of), None)
        if parent:
            yield from (f"page {p.path}" for p in app.pages if p.kind == "detail" and p.entity == parent)
        else:
            yield from (f"page {p.path}" for p in app.pages if p.kind == "list" and p.entity == entity.name)


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
