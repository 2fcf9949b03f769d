"""What must hold for the demo data of an AppSpec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gencode_graph.spec_names import twice

if TYPE_CHECKING:
    from gencode_graph.spec import AppSpec, Entity, FieldSpec, NoOverlap, Relation

_WHEN = re.compile(r"@[+-]?\d{1,5}(\.\d{1,6})?d")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LENGTH = {"string": 140, "text": 5000}
Row = Mapping[str, Any]
Keys = Mapping[str, frozenset[str]]


def seed_problems(spec: AppSpec) -> Iterator[str]:
    """Every broken rule of the seeds of an otherwise sound spec, as sentences."""
    entities = {e.name: e for e in spec.entities}
    keys = {name: frozenset(str(r["$key"]) for r in rows if "$key" in r) for name, rows in spec.seeds.items()}
    for name, rows in spec.seeds.items():
        if name not in entities:
            yield f"seeds {name}: there is no such entity"
            continue
        for key in twice(str(row["$key"]) for row in rows if "$key" in row):
            yield f"seeds {name}: two rows have the key {key}"
        for index, row in enumerate(rows):
            where = f"seeds {name}[{row.get('$key', index)}]"
            yield from (f"{where}: {text}" for text in _row(row, entities[name], keys))
        yield from (f"seeds {name}: {text}" for text in _together(rows, entities[name]))


def _row(row: Row, entity: Entity, keys: Keys) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    relations = {r.name: r for r in entity.relations}
    flows = {r.stamp: r for r in entity.rules if r.kind == "workflow"}
    if "$key" in row and not isinstance(row["$key"], str):
        yield "$key has to be text"
    for name, value in row.items():
        if name in fields:
            yield from (f"{name} {text}" for text in _value(value, fields[name]))
        elif name in relations:
            yield from (f"{name} {text}" for text in _link(value, relations[name], keys))
        elif name in ("created_at", "updated_at") or name in flows:
            if not _is_when(value):
                yield f"{name} has to be a time like @-3.2d, not {value!r}"
            if name in flows and row.get(flows[name].field) not in flows[name].final:
                yield f"{name} is given although {flows[name].field} is not final"
        elif name != "$key":
            yield f"{name} is no field or relation of {entity.name}"
    for field in entity.fields:
        always = field.type in ("enum", "boolean") or field.default is not None
        if field.required and not always and row.get(field.name) is None:
            yield f"{field.name} is required"
    for relation in entity.relations:
        if relation.required and row.get(relation.name) is None:
            yield f"{relation.name} is required"


def _is_when(value: object) -> bool:
    return isinstance(value, str) and _WHEN.fullmatch(value) is not None


def _link(value: object, relation: Relation, keys: Keys) -> Iterator[str]:
    if relation.kind == "many":
        if not isinstance(value, list | tuple):
            yield "has to be a list of keys"
            return
        for double in twice(str(v) for v in value):
            yield f"names {double} twice"
    found: list[object] = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
    for key in found:
        if not isinstance(key, str) or key not in keys.get(relation.target, frozenset()):
            yield f"refers to {key!r}, but no {relation.target} has this key"


def _value(value: object, field: FieldSpec) -> Iterator[str]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None:
        if field.required or field.type in ("enum", "boolean", "string", "text", "email", "url", "phone", "image"):
            yield "cannot be null"
    elif field.type == "enum":
        if value not in [option.value for option in field.options]:
            yield f"cannot be {value!r}: that is not one of its options"
    elif field.type == "boolean":
        if not isinstance(value, bool):
            yield f"has to be true or false, not {value!r}"
    elif field.type in ("date", "datetime"):
        if not _is_when(value) and not (field.type == "date" and _DAY.fullmatch(str(value))):
            yield f"has to be a time like @-3.2d, not {value!r}"
    elif field.type in ("integer", "rating", "decimal", "money"):
        if not number or (field.type in ("integer", "rating") and not isinstance(value, int)):
            yield f"has to be a {'whole ' if field.type in ('integer', 'rating') else ''}number, not {value!r}"
        else:
            yield from _range(float(str(value)), field)
    elif not isinstance(value, str):
        yield f"has to be text, not {value!r}"
    else:
        yield from _text(value, field)


def _range(value: float, field: FieldSpec) -> Iterator[str]:
    low, high = (1, 5) if field.type == "rating" else (field.min, field.max)
    if (low is not None and value < low) or (high is not None and value > high):
        yield f"is {value:g}, outside of its limits"
    if field.type == "money" and round(value, 2) != value:
        yield f"is {value}, but money has two decimals"


def _text(value: str, field: FieldSpec) -> Iterator[str]:
    limit = field.max_length or _LENGTH.get(field.type, 500)
    if field.required and not value.strip():
        yield "must not be blank"
    if len(value) > limit:
        yield f"has {len(value)} characters; {limit} are allowed"
    if value != value.strip():
        yield "has white space at an end"
    if not value:
        return
    if field.pattern and not re.fullmatch(field.pattern, value):
        yield f"{value!r} does not match {field.pattern}"
    if field.type == "email" and not _EMAIL.fullmatch(value):
        yield f"{value!r} is no e-mail address"
    if field.type == "url" and not value.startswith(("https://", "http://")):
        yield f"{value!r} is no web address"
    if field.type == "image" and not value.startswith(("https://", "http://", "data:image/")):
        yield "is neither a web address nor an inline picture"


def _together(rows: tuple[dict[str, Any], ...], entity: Entity) -> Iterator[str]:
    for field in entity.fields:
        if field.unique:
            for value in twice(str(row[field.name]) for row in rows if row.get(field.name) is not None):
                yield f"two rows have the {field.name} {value!r}, which is unique"
    for rule in entity.rules:
        if rule.kind == "unique_together":
            full = [tuple(row.get(n) for n in rule.fields) for row in rows]
            for value in twice(" / ".join(map(str, v)) for v in full if None not in v):
                yield f"two rows share {' and '.join(rule.fields)} ({value}), which is unique"
        elif rule.kind == "no_overlap":
            yield from _overlaps(rows, rule)
    seen: set[str] = set()
    loops = [r.name for r in entity.relations if r.kind == "one" and r.target == entity.name]
    for row in rows:
        for name in loops:
            if row.get(name) is not None and row[name] not in seen:
                yield f"{name} refers to {row[name]}, which has to come before the row that names it"
        seen.add(str(row.get("$key")))


def _overlaps(rows: tuple[dict[str, Any], ...], rule: NoOverlap) -> Iterator[str]:
    spans: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
    for row in rows:
        start, end = row.get(rule.start), row.get(rule.end)
        if not _is_when(start) or not _is_when(end):
            continue
        first, last = float(str(start)[1:-1]), float(str(end)[1:-1])
        if last <= first:
            yield f"{rule.end} {end} is not after {rule.start} {start}"
        spans.setdefault(tuple(row.get(n) for n in rule.scope), []).append((first, last))
    for scope, found in spans.items():
        found.sort()
        for (_, last), (first, _) in pairwise(found):
            if first < last:
                yield f"two rows of {', '.join(map(str, scope)) or 'the table'} overlap at @{first:g}d"
