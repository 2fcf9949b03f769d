"""What a request asks for, piece by piece, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gencode_graph.blueprint.analysis.clauses import Clause, clauses
from gencode_graph.blueprint.analysis.features import Feature, evidence, features
from gencode_graph.blueprint.analysis.reading import Reading
from gencode_graph.spec import AppSpec, Requirement

_LANGUAGES = {"id": "Indonesian", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese"}


def requirements(reading: Reading, app: AppSpec, names: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Every clause of the request with evidence or reasons; ``names``: concept -> entity. Nothing is left out."""
    made: list[Requirement] = []
    for clause in clauses(reading.tokens, reading.request):
        made += _judged(clause, reading, app, names)
    if reading.language != "en":
        made.append(
            Requirement(
                text=f"The interface in {_LANGUAGES[reading.language]}",
                status="unmet",
                evidence=("the words of the app are English; only the request was read in its language",),
            )
        )
    return tuple(dict.fromkeys(made))


def _judged(clause: Clause, reading: Reading, app: AppSpec, names: Mapping[str, str]) -> Iterator[Requirement]:
    found = list(features(clause.text))
    missing = [f for f in found if f.unmet]
    places = [
        *_things(clause, reading, app, names),
        *(p for f in found if not f.unmet for p in evidence(f, app, _near(clause, reading, names))),
    ]
    places = list(dict.fromkeys(places))
    unclear = [f for f in found if not f.unmet and not evidence(f, app, _near(clause, reading, names))]
    if missing:
        for feature in missing:
            text = clause.text if len(missing) == 1 and not places else f"{feature.said} ({clause.text})"
            yield _requirement(text, "unmet", [feature.unmet])
        if places:
            yield _requirement(clause.text, "met", places)
    elif places:
        yield _requirement(clause.text, "met", places)
    elif unclear:
        yield _requirement(clause.text, "unmet", [f"the app has nothing for {f.said}" for f in unclear])
    elif not clause.idle:
        yield _requirement(clause.text, "unclear", ["not understood by the rules of the built-in analysis"])


def _requirement(text: str, status: str, said: Sequence[str]) -> Requirement:
    short = text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0] + "..."
    return Requirement.model_validate({"text": short, "status": status, "evidence": tuple(said[:8])})


def _near(clause: Clause, reading: Reading, names: Mapping[str, str]) -> list[str]:
    """Entities that a clause speaks of."""
    return [names[m.concept] for m in reading.mentions if clause.first <= m.first < clause.end and m.concept in names]


def _things(clause: Clause, reading: Reading, app: AppSpec, names: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys(_near(clause, reading, names)):
        yield f"entity {name}"
        entity = app.entity(name)
        if entity.part_of:
            parent = next(r.target for r in entity.relations if r.name == entity.part_of)
            yield from (f"page {p.path}" for p in app.pages if p.kind == "detail" and p.entity == parent)
        else:
            yield from (f"page {p.path}" for p in app.pages if p.kind == "list" and p.entity == name)
    for item in reading.properties:
        if clause.first <= item.first < clause.end:
            owner = next((names.get(m.concept) for m in reading.mentions if m.first == item.owner), None)
            if owner and any(f.name == item.field.name for f in app.entity(owner).fields):
                yield f"field {owner}.{item.field.name}"
            elif owner:
                yield f"entity {owner}"
