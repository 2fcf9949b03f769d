"""What must hold for the fields and relations of an AppSpec, each in itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gencode_graph.spec_names import twice

if TYPE_CHECKING:
    from gencode_graph.spec import AppSpec, Entity, FieldSpec, Relation

TEXT = frozenset({"string", "text", "email", "url", "phone", "image"})
NUMBERS = frozenset({"integer", "decimal", "money", "rating"})
_NOT_PORTABLE = re.compile(r"\(\?(?!:)|\\[AZzGKpPRX]|[*+?}]\+|\[\[:|\\[0-9]")


def field_problems(field: FieldSpec) -> Iterator[str]:
    """What is wrong with a field in itself."""
    values = [option.value for option in field.options]
    if (field.type == "enum") != bool(values):
        yield "options belong to enum fields, and enum fields need them"
    for value in twice(values):
        yield f"the option {value} occurs twice"
    if field.max_length is not None and field.type not in TEXT:
        yield f"max_length belongs to text, not to {field.type}"
    yield from _bounds(field)
    yield from _pattern(field)
    yield from _default(field)
    if field.unique:
        if field.type in ("text", "boolean", "enum", "image", "rating"):
            yield f"a {field.type} field cannot be unique"
        if field.type in TEXT and not field.required:
            yield "a unique text has to be required, or two empty ones would collide"
        if field.default is not None:
            yield "a unique field cannot have a default: the second row would collide"


def _bounds(field: FieldSpec) -> Iterator[str]:
    bounds = [b for b in (field.min, field.max) if b is not None]
    if bounds and field.type not in ("integer", "decimal", "money"):
        yield f"min and max belong to integer, decimal and money, not to {field.type}"
    if field.min is not None and field.max is not None and field.min > field.max:
        yield f"min {field.min:g} is above max {field.max:g}"
    if field.type == "integer" and any(b != int(b) for b in bounds):
        yield "min and max of an integer have to be whole"


def _pattern(field: FieldSpec) -> Iterator[str]:
    if field.pattern is None:
        return
    if field.type not in TEXT:
        yield f"a pattern belongs to text, not to {field.type}"
    try:
        re.compile(field.pattern)
    except re.error as error:
        yield f"the pattern {field.pattern!r} does not compile ({error})"
    else:
        if _NOT_PORTABLE.search(field.pattern):
            yield f"the pattern {field.pattern!r} uses what JavaScript and Python do not share; write it more simply"


def _default(field: FieldSpec) -> Iterator[str]:
    value = field.default
    if value is None:
        return
    whole = isinstance(value, int) and not isinstance(value, bool)
    fits = {
        "enum": value in [option.value for option in field.options],
        "boolean": isinstance(value, bool),
        "integer": whole,
        "rating": whole and 1 <= float(value) <= 5,
        "decimal": whole or isinstance(value, float),
        "money": whole or isinstance(value, float),
        "date": False,
        "datetime": False,
    }.get(field.type, isinstance(value, str))
    if field.type == "enum" and not fits:
        yield f"the default {value!r} is not one of its options"
    elif not fits:
        yield f"the default {value!r} does not fit a {field.type} field"
    elif isinstance(value, str) and field.max_length and len(value) > field.max_length:
        yield "the default is longer than max_length"
    elif isinstance(value, str) and field.pattern and not _safe_match(field.pattern, value):
        yield "the default does not match the pattern"
    elif field.type in NUMBERS and (
        (field.min is not None and float(value) < field.min) or (field.max is not None and float(value) > field.max)
    ):
        yield f"the default {value} lies outside min and max"


def _safe_match(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True


def relation_problems(relation: Relation, spec: AppSpec) -> Iterator[str]:
    """What is wrong with a relation."""
    if not any(e.name == relation.target for e in spec.entities):
        yield f"there is no entity {relation.target}"
    if relation.kind == "many":
        if relation.required:
            yield "a many relation cannot be required"
        if relation.item is None:
            yield "a many relation needs its item, the singular of its name"
        elif relation.item == relation.name:
            yield "the item of a many relation is the singular of its name, and cannot be the same"
    else:
        if relation.item is not None:
            yield "item belongs to many relations"
        if relation.required and relation.on_delete == "set_null":
            yield "a required relation cannot become null: use cascade or restrict"


def where_problems(where: dict[str, tuple[str, ...]], entity: Entity) -> Iterator[str]:
    """What is wrong with a condition on the enum fields of an entity."""
    for name, values in where.items():
        field = next((f for f in entity.fields if f.name == name and f.type == "enum"), None)
        if field is None:
            yield f"where {name} is no enum field of {entity.name}"
            continue
        if not values:
            yield f"where {name} names no value"
        for value in values:
            if value not in [option.value for option in field.options]:
                yield f"where {name}: {value} is not one of its options"
