"""Demo rows for every entity of an app: the told ones first, the rest filled in, varied and always the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gencode_graph.blueprint.analysis import samples
from gencode_graph.blueprint.analysis.dice import pick, roll, shuffled
from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.analysis.people import person
from gencode_graph.blueprint.analysis.spans import PAIRS, apart
from gencode_graph.blueprint.analysis.values import FUTURE, days, value, when
from gencode_graph.blueprint.naming import in_order
from gencode_graph.spec import Entity, FieldSpec

Row = dict[str, Any]
WEEKS = 21.0
"""Days over which rows are spread."""


def seeds(
    entities: Sequence[Entity], concepts: Mapping[str, Concept], main: str, user: str | None
) -> dict[str, tuple[Row, ...]]:
    """Entity -> rows, in the order of the entities."""
    done: dict[str, list[Row]] = {}
    by_name = {e.name: e for e in entities}
    older = {r.target for e in entities for r in e.relations if r.name != e.part_of} - {main}
    for name in in_order(entities):
        concept = concepts[name].model_copy(update={"seeds": concepts[name].told(by_name)})
        before = WEEKS if name in older else 0.0
        done[name] = _table(by_name[name], concept, done, leading=name == main, before=before)
    return {e.name: tuple(_public(row) for row in done[e.name]) for e in entities}


def _public(row: Row) -> Row:
    return {k: v for k, v in row.items() if k == "$key" or not k.startswith("$")}


def _table(
    entity: Entity, concept: Concept, done: Mapping[str, list[Row]], *, leading: bool, before: float
) -> list[Row]:
    told = list(concept.seeds)
    count = _count(entity, concept, done, leading=leading)
    plain = [f for f in entity.fields if f.name == entity.title]
    rows: list[Row] = []
    for index in range(count):
        story = dict(told[index]) if index < len(told) else _another(told, index) if _repeats(entity, concept) else {}
        row = _row(entity, story, (index, count), done, concept, before)
        if plain and plain[0].unique and any(r.get(entity.title) == row[entity.title] for r in rows):
            continue
        rows.append(row)
    rows = apart(_unique(rows, entity, done), entity)
    return [_stamped(row, entity) for row in rows]


def _repeats(entity: Entity, concept: Concept) -> bool:
    """Whether rows of it say much the same on different days: entries of a log, lines, check-ins."""
    title = next(f for f in entity.fields if f.name == entity.title)
    if not concept.invented:
        return concept.repeats and not title.unique
    dated = any(f.type in ("date", "datetime") and f.required for f in entity.fields)
    return not title.unique and (dated or entity.part_of is not None)


def _another(told: list[Row], index: int) -> Row:
    """A told row again, without what has to differ."""
    if not told:
        return {}
    row = told[index % len(told)]
    return {k: v for k, v in row.items() if not (isinstance(v, str) and v.startswith("@"))}


def _count(entity: Entity, concept: Concept, done: Mapping[str, list[Row]], *, leading: bool) -> int:
    told = len(concept.seeds)
    parents = [len(done[r.target]) for r in entity.relations if r.required and r.target in done]
    if _repeats(entity, concept):
        return max(told, min(36, 2 * max(parents, default=12)))
    if told:
        return told
    return 16 if leading else 8 if not parents else 12


def _row(
    entity: Entity, story: Row, at: tuple[int, int], done: Mapping[str, list[Row]], concept: Concept, before: float
) -> Row:
    index, count = at
    title = next(f for f in entity.fields if f.name == entity.title)
    row: Row = {"$key": f"{entity.name}_{index + 1}"}
    name = story.get(entity.title) or _title(title, entity, concept, index)
    row["$title"] = name
    links: Row = {}
    created = float("-inf")
    left_out = {name for told in concept.seeds for name in told} - story.keys() if story else set()
    for relation in entity.relations:
        targets = done.get(relation.target, [])
        found = _wished(story.get(relation.name), targets, many=relation.kind == "many")
        if not found and (relation.required or relation.name not in left_out):
            found = _link(
                relation.kind, relation.required, [r["$key"] for r in targets], (entity.name, relation.name, index)
            )
        if found:
            links[relation.name] = found
        if relation.kind == "one" and relation.required and found:
            parent = next(r for r in targets if r["$key"] == found)
            created = max(created, days(parent["created_at"]))
    floor = max(created, -before - WEEKS)
    own = -before - WEEKS * (count - index - 0.6 * roll(entity.name, "created", index)) / count
    created = own if own > floor else floor * (1 - 0.15 - 0.8 * roll(entity.name, "late", index))
    if (told := _told_day(entity, story)) is not None and told > floor:
        created = told
    flows = {r.field: r.final for r in entity.rules if r.kind == "workflow"}
    closed = False if flows else None
    for field in sorted(entity.fields, key=lambda f: f.type != "enum"):
        row[field.name] = _value(field, story, row, entity, index, created=created, closed=closed)
        if row[field.name] is None or row[field.name] == "":
            del row[field.name]
        if field.name in flows:
            closed = closed or row.get(field.name) in flows[field.name]
    return row | links | {"created_at": when(min(created, -0.05))}


def _value(
    field: FieldSpec, story: Row, row: Row, entity: Entity, index: int, *, created: float, closed: bool | None
) -> Any:
    if field.name in story:
        return _told(field, story[field.name])
    if field.name == entity.title:
        return row["$title"]
    pair = PAIRS.get(field.name)
    if pair and row.get(pair[0]):
        length = pick(pair[1], entity.name, index)
        return when(days(row[pair[0]]) + length) if str(row[pair[0]]).startswith("@") else None
    made = value(field, index, row, entity.name, created=created, closed=closed)
    return f"{made} {index + 1}" if field.unique and field.type == "string" and not field.pattern else made


def _told(field: FieldSpec, told: Any) -> Any:
    if field.type == "money" and isinstance(told, int | float) and not isinstance(told, bool):
        return round(float(told), 2)
    if field.type in ("date", "datetime") and told is not None:
        return str(told)
    if field.type in ("string", "text", "phone", "url", "email") and told is not None:
        return str(told).strip()
    return told


def _title(field: FieldSpec, entity: Entity, concept: Concept, index: int) -> str:
    if field.type == "email":
        return str(value(field, index, {"$title": person(index)}, entity.name, created=-1, closed=False))
    if concept.person:
        return person(index)
    if field.type == "text" or field.pattern:
        return samples.sample(field, index, "", entity.name)
    return samples.title(entity.label, index)[: field.max_length or 140]


def _told_day(entity: Entity, story: Row) -> float | None:
    """The day of a told row that has happened lately: then it was written down."""
    past = [
        f.name for f in entity.fields if f.type in ("date", "datetime") and f.required and not FUTURE.search(f.name)
    ]
    told = next((str(story[name]) for name in past if str(story.get(name, "")).startswith("@")), "@0d")
    return days(told) - 0.05 if -2 * WEEKS < days(told) <= 0 and told != "@0d" else None


def _wished(wish: Any, targets: Sequence[Row], *, many: bool) -> Any:
    """The keys of the rows that a told row names by their titles; None where there is no such row."""
    keys = {str(row["$title"]): row["$key"] for row in reversed(targets)}
    if many:
        return [keys[str(title)] for title in wish if str(title) in keys] if isinstance(wish, list) else None
    return keys.get(str(wish)) if wish is not None else None


def _link(kind: str, required: bool, keys: list[str], at: tuple[object, ...]) -> Any:
    if not keys:
        return None
    index = at[2] if isinstance(at[2], int) else 0
    if kind == "many":
        wanted = 1 + int(roll(*at) * 2.4) if roll(*at, "any") < 0.85 else 0
        return shuffled(keys, *at)[:wanted]
    if not required and roll(*at, "none") < 0.15:
        return None
    return keys[index % len(keys)] if index < len(keys) and required else pick(keys, *at)


def _unique(rows: list[Row], entity: Entity, done: Mapping[str, list[Row]]) -> list[Row]:
    """The rows that keep every uniqueness rule; links and days are moved on before a row is given up."""
    for rule in entity.rules:
        if rule.kind != "unique_together":
            continue
        kept: list[Row] = []
        seen: set[tuple[Any, ...]] = set()
        for index, row in enumerate(rows):
            for turn in range(24):
                found = tuple(row.get(name) for name in rule.fields)
                if None in found or found not in seen:
                    seen.add(found)
                    kept.append(row)
                    break
                _move(row, rule.fields, entity, done, (index, turn))
        rows = kept
    for field in entity.fields:
        if field.unique:
            first: dict[str, Row] = {}
            for row in rows:
                first.setdefault(str(row.get(field.name, row["$key"])), row)
            rows = list(first.values())
    return rows


def _move(row: Row, names: Sequence[str], entity: Entity, done: Mapping[str, list[Row]], at: tuple[int, int]) -> None:
    relations = {r.name: r for r in entity.relations}
    for name in names:
        if name in relations:
            row[name] = pick([r["$key"] for r in done[relations[name].target]], entity.name, name, *at)
        elif str(row.get(name, "")).startswith("@"):
            row[name] = when(days(row[name]) - 1)


def _stamped(row: Row, entity: Entity) -> Row:
    created = days(row["created_at"])
    touched = created * (0.15 + 0.75 * roll(entity.name, "touched", row["$key"]))
    for rule in entity.rules:
        if rule.kind == "workflow" and row.get(rule.field) in rule.final:
            row[rule.stamp] = when(touched)
    return row | {"updated_at": when(touched)}
