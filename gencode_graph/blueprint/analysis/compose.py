"""Concepts -> the entities of one app: relations that have a target, rules that still hold, no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.analysis.lexicon import words as uncounted
from gencode_graph.blueprint.analysis.words import plural_of
from gencode_graph.spec import (
    Aggregate,
    Entity,
    FieldSpec,
    NoOverlap,
    Relation,
    Rule,
    UniqueTogether,
    Workflow,
)
from gencode_graph.spec import Sequence as Numbering
from gencode_graph.spec_names import FIELD_WORDS

PEOPLE = ("user", "person")
"""Targets that the people of the app stand in for, whatever they are called."""


def entities(concepts: Sequence[Concept], user: str | None) -> tuple[Entity, ...]:
    """The entities of an app with these concepts, in their order; ``user`` names its people."""
    chosen = {c.name: c for c in concepts}
    links = {c.name: tuple(_links(c, chosen, user)) for c in concepts}
    _break_circles(links)
    return tuple(_entity(c, links, chosen, user) for c in concepts)


def _target(name: str, chosen: Mapping[str, Concept], user: str | None) -> str | None:
    if name in chosen:
        return name
    return user if name in PEOPLE and user else None


def _links(concept: Concept, chosen: Mapping[str, Concept], user: str | None) -> Iterator[Relation]:
    fields = {f.name for f in concept.fields}
    parent = parent_of(concept, chosen)
    plans = {p.name: p for p in concept.relations}
    taken: set[str] = set()
    if parent and parent not in plans:
        taken |= {parent}
        label = chosen[parent].label
        yield Relation(name=parent, target=parent, required=True, on_delete="cascade", label=label)
    for plan in plans.values():
        target = _target(plan.target, chosen, user)
        if target is None or plan.name in fields or plan.name in taken or plan.name in FIELD_WORDS:
            continue
        taken.add(plan.name)
        yield plan.relation(target, required=True if plan.name == parent else None)
    if concept.author and user and user != concept.name and concept.author not in taken | fields:
        label = concept.author.replace("_", " ").capitalize()
        yield Relation(name=concept.author, target=user, required=True, on_delete="restrict", label=label)


def parent_of(concept: Concept, chosen: Mapping[str, Concept]) -> str | None:
    """The relation by which its rows live inside another's; None where the parent is not in the app."""
    plans = {p.name: p for p in concept.relations}
    for name in concept.part_of:
        target = plans[name].target if name in plans else name
        if target in chosen and target != concept.name and target not in concept.part_of[:0]:
            return name
    return None


def _break_circles(links: dict[str, tuple[Relation, ...]]) -> None:
    """Make required relations that go in a circle optional, the last first."""

    def reaches(start: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
        if start == goal:
            return True
        onward = {r.target for r in links[start] if r.required} - seen
        return any(reaches(t, goal, seen | {start}) for t in onward)

    for name in list(links):
        for index, relation in enumerate(links[name]):
            if relation.required and reaches(relation.target, name):
                loose = relation.model_copy(update={"required": False, "on_delete": "set_null"})
                links[name] = (*links[name][:index], loose, *links[name][index + 1 :])


def _entity(
    concept: Concept, links: Mapping[str, tuple[Relation, ...]], chosen: Mapping[str, Concept], user: str | None
) -> Entity:
    relations = links[concept.name]
    known = {r.name: r for r in relations}
    parent = parent_of(concept, chosen)
    if parent and not (known[parent].required and known[parent].on_delete == "cascade"):
        parent = None
    author = known.get(concept.author or "")
    fields = [f for f in concept.fields if f.name not in known]
    rules = list(_rules(concept, links, chosen))
    added = {r.stamp for r in rules if isinstance(r, Workflow)} | {r.field for r in rules if isinstance(r, Aggregate)}
    fields = [f for f in fields if f.name not in added]
    names = {f.name: f for f in fields}
    plural = plural_of(concept.name, concept.plural)
    own = concept.label.lower().replace("-", " ") == concept.name.replace("_", " ")
    label_plural = concept.plural.replace("_", " ") if concept.plural and own else plural_label(concept.label)
    return Entity(
        name=concept.name,
        plural=plural,
        label=concept.label[:60],
        label_plural=(label_plural[:1].upper() + label_plural[1:])[:60],
        description=concept.about[:200],
        icon=concept.icon,
        title=concept.title,
        ref=tuple(name for name in concept.ref if name in names),
        fields=tuple(fields),
        relations=relations,
        rules=tuple(rules),
        search=_search(fields),
        sort=_sort(names, concept, parent),
        part_of=parent,
        author=concept.author if author and author.kind == "one" and author.target == user else None,
    )


def plural_label(label: str) -> str:
    """``Bug report`` -> ``Bug reports``."""
    words = label.split(" ")
    if words[-1].lower() in uncounted("uncounted"):
        return label
    return " ".join([*words[:-1], plural_of(words[-1].lower(), None) if words[-1][1:].islower() else words[-1] + "s"])


def _search(fields: Sequence[FieldSpec]) -> tuple[str, ...]:
    return tuple(f.name for f in fields if f.type in ("string", "text", "email", "url", "phone"))[:4]


def _sort(fields: Mapping[str, FieldSpec], concept: Concept, parent: str | None) -> str:
    if parent:
        return "created_at"
    for f in fields.values():
        if f.type in ("date", "datetime") and f.required:
            return f"{'' if concept.calendar == f.name and f.type == 'datetime' else '-'}{f.name}"
    small = len(fields) <= 4 or concept.person
    if small and fields[concept.title].type == "string" and not concept.workflow:
        return concept.title
    return "-created_at"


def _rules(
    concept: Concept, links: Mapping[str, tuple[Relation, ...]], chosen: Mapping[str, Concept]
) -> Iterator[Rule]:
    mine = {r.name: r for r in links[concept.name]}
    fields = {f.name: f for f in concept.fields}
    if concept.sequence:
        made = _sequence(concept, mine, chosen)
        if made:
            yield made
    if concept.workflow:
        yield Workflow(field=concept.workflow.field, final=concept.workflow.final, stamp=concept.workflow.stamp)
    for names in concept.unique_together:
        if all(n in fields or (n in mine and mine[n].kind == "one") for n in names):
            yield UniqueTogether(fields=names)
    if span := concept.no_overlap:
        scope = tuple(n for n in span.scope if n in mine)
        if scope or not span.scope:
            yield NoOverlap(start=span.start, end=span.end, scope=scope)
    for name, figure in concept.aggregates.items():
        made_figure = _aggregate(name, figure, concept, links)
        if made_figure and name not in FIELD_WORDS:
            yield made_figure


def _sequence(concept: Concept, mine: Mapping[str, Relation], chosen: Mapping[str, Concept]) -> Numbering | None:
    plan = concept.sequence
    if plan is None:
        return None
    per = plan.per if plan.per and plan.per in mine and mine[plan.per].required else None
    prefix = plan.prefix
    if "." in prefix:
        name, _, field = prefix.partition(".")
        target = chosen.get(mine[name].target) if name in mine and mine[name].required else None
        if target is None or field not in (*target.ref, target.title):
            prefix = "".join(c for c in concept.name.upper() if c.isalpha())[:3]
    return Numbering(per=per, prefix=prefix)


def _aggregate(name: str, figure: Any, concept: Concept, links: Mapping[str, tuple[Relation, ...]]) -> Aggregate | None:
    via = next((r for r in links.get(figure.source, ()) if r.name == figure.via and r.kind == "one"), None)
    if via is None or via.target != concept.name:
        return None
    return Aggregate(
        field=name,
        label=figure.label,
        op=figure.op,
        source=figure.source,
        via=figure.via,
        of=figure.of,
        where=figure.where,
    )
