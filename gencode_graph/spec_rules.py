"""What must hold between the parts of an AppSpec; each broken rule is one readable sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from gencode_graph.spec_fields import NUMBERS, TEXT, field_problems, relation_problems, where_problems
from gencode_graph.spec_names import added, name_problems, twice
from gencode_graph.spec_pages import page_problems
from gencode_graph.spec_seeds import seed_problems

if TYPE_CHECKING:
    from gencode_graph.spec import Aggregate, AppSpec, Entity, NoOverlap, Sequence, Workflow

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def problems(spec: AppSpec) -> list[str]:
    """Every broken rule of a spec, as sentences; empty when it is sound."""
    found = [*name_problems(spec)]
    for entity in spec.entities:
        for field in entity.fields:
            found += [f"{entity.name}.{field.name}: {text}" for text in field_problems(field)]
        for relation in entity.relations:
            found += [f"{entity.name}.{relation.name}: {text}" for text in relation_problems(relation, spec)]
        found += [f"{entity.name}: {text}" for text in [*_entity(entity, spec), *_rules(entity, spec)]]
    found += _circles(spec)
    if spec.user is not None and not any(e.name == spec.user for e in spec.entities):
        found.append(f"user: there is no entity {spec.user}")
    found += page_problems(spec)
    if not found:
        found += seed_problems(spec)
    return found + list(_requirements(spec))


def _entity(entity: Entity, spec: AppSpec) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    relations = {r.name: r for r in entity.relations}
    title = fields.get(entity.title)
    if title is None or title.type not in ("string", "text", "email"):
        yield f"the title {entity.title} has to be a string, text or email field"
    elif not title.required:
        yield f"the title {entity.title} has to be required"
    for name in entity.ref:
        if name not in fields:
            yield f"ref {name} is no field"
    for name in entity.search:
        if name not in fields or fields[name].type not in TEXT - {"image"}:
            yield f"search {name} is no text field"
    key = entity.sort.removeprefix("-")
    plain = {name for name, f in fields.items() if f.type not in ("text", "image")}
    if key not in plain | {"created_at", "updated_at"} | ({"number", "position"} & {*added(entity, spec)}):
        yield f"cannot sort by {key}: use created_at, updated_at or a field that is not text"
    if entity.part_of is not None:
        parent = relations.get(entity.part_of)
        if parent is None or parent.kind != "one" or not parent.required or parent.on_delete != "cascade":
            yield f"part_of {entity.part_of} has to be a required one relation with on_delete cascade"
        elif parent.target == entity.name:
            yield "it cannot be part of itself"
    if entity.author is not None:
        author = relations.get(entity.author)
        if author is None or author.kind != "one" or spec.user is None or author.target != spec.user:
            yield f"author {entity.author} has to be a one relation to the user entity ({spec.user or 'none is set'})"


def _rules(entity: Entity, spec: AppSpec) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    ones = {r.name: r for r in entity.relations if r.kind == "one"}
    kinds = [rule.kind for rule in entity.rules]
    if kinds.count("sequence") > 1:
        yield "only one sequence is possible"
    for name in twice(r.field for r in entity.rules if r.kind == "workflow"):
        yield f"two workflows move {name}"
    for rule in entity.rules:
        if rule.kind == "sequence":
            yield from _sequence(rule, entity, spec)
        elif rule.kind == "workflow":
            yield from _workflow(rule, entity)
        elif rule.kind == "aggregate":
            yield from _aggregate(rule, entity, spec)
        elif rule.kind == "no_overlap":
            yield from _no_overlap(rule, entity)
        else:
            for name in twice(rule.fields):
                yield f"unique_together names {name} twice"
            for name in rule.fields:
                if name not in ones and (name not in fields or fields[name].type in ("text", "image")):
                    yield f"unique_together {name} is neither a one relation nor a short field"


def _sequence(rule: Sequence, entity: Entity, spec: AppSpec) -> Iterator[str]:
    ones = {r.name: r for r in entity.relations if r.kind == "one" and r.required}
    if rule.per is not None and rule.per not in ones:
        yield f"sequence per {rule.per}: that is no required one relation"
    if "." in rule.prefix:
        name, _, field = rule.prefix.partition(".")
        target = next((e for e in spec.entities if name in ones and e.name == ones[name].target), None)
        if target is None:
            yield f"sequence prefix {rule.prefix}: {name} is no required one relation"
        elif field != target.title and field not in target.ref:
            yield f"sequence prefix {rule.prefix}: {field} has to be in the ref of {target.name}"
    elif rule.prefix and not _PREFIX.fullmatch(rule.prefix):
        yield f"sequence prefix {rule.prefix!r}: use up to 8 capital letters and digits, or relation.field"


def _workflow(rule: Workflow, entity: Entity) -> Iterator[str]:
    field = next((f for f in entity.fields if f.name == rule.field), None)
    if field is None or field.type != "enum":
        yield f"workflow {rule.field} is no enum field"
        return
    values = {option.value for option in field.options}
    for value in rule.final:
        if value not in values:
            yield f"workflow {rule.field}: the final value {value} is not one of its options"
    if values <= set(rule.final):
        yield f"workflow {rule.field}: at least one value must not be final"


def _no_overlap(rule: NoOverlap, entity: Entity) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    for name in (rule.start, rule.end):
        if name not in fields or fields[name].type != "datetime" or not fields[name].required:
            yield f"no_overlap {name} is no required datetime field"
    if rule.start == rule.end:
        yield "no_overlap needs two different fields"
    for name in rule.scope:
        if not any(r.name == name and r.kind == "one" for r in entity.relations):
            yield f"no_overlap scope {name} is no one relation"


def _aggregate(rule: Aggregate, entity: Entity, spec: AppSpec) -> Iterator[str]:
    source = next((e for e in spec.entities if e.name == rule.source), None)
    via = next((r for r in source.relations if r.name == rule.via and r.kind == "one"), None) if source else None
    if source is None or via is None or via.target != entity.name:
        yield f"aggregate {rule.field}: {rule.source}.{rule.via} is no one relation to {entity.name}"
        return
    of = next((f for f in source.fields if f.name == rule.of), None)
    if rule.op == "count" and rule.of is not None:
        yield f"aggregate {rule.field}: count takes no field"
    if rule.op != "count" and (of is None or of.type not in NUMBERS):
        yield f"aggregate {rule.field}: {rule.op} needs a number field of {rule.source}"
    yield from (f"aggregate {rule.field}: {text}" for text in where_problems(rule.where, source))


def _circles(spec: AppSpec) -> Iterator[str]:
    order = TopologicalSorter[str]()
    for entity in spec.entities:
        order.add(entity.name, *(r.target for r in entity.relations if r.kind == "one" and r.required))
    try:
        order.prepare()
    except CycleError as error:
        yield f"required relations go in a circle ({' -> '.join(error.args[1])}): no first row could be written"


def _requirements(spec: AppSpec) -> Iterator[str]:
    places = {f"entity {e.name}" for e in spec.entities} | {f"page {p.path}" for p in spec.pages}
    for entity in spec.entities:
        parts = [*(f.name for f in entity.fields), *(r.name for r in entity.relations), *added(entity, spec)]
        places |= {f"{kind} {entity.name}.{name}" for name in parts for kind in ("field", "relation")}
    for requirement in spec.requirements:
        if requirement.status == "met" and not requirement.evidence:
            yield f"requirement {requirement.text!r}: met needs evidence"
        if requirement.status == "unmet" and not requirement.evidence:
            yield f"requirement {requirement.text!r}: unmet needs the reason"
        for place in requirement.evidence:
            checked = place.startswith(("entity ", "page ", "field ", "relation "))
            if requirement.status == "met" and checked and place not in places:
                yield f"requirement {requirement.text!r}: there is no {place}"
