"""The forms: which fields in which order, what is checked before sending, and where refusals are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gencode_graph.blueprint import wording
from gencode_graph.blueprint.columns import Column
from gencode_graph.blueprint.naming import noun
from gencode_graph.blueprint.shown import Item, items
from gencode_graph.blueprint.view import EntityView, RelationView
from gencode_graph.spec import FieldSpec, NoOverlap


def form_items(entity: EntityView) -> list[Item]:
    """Its fields: the title, long texts, what it belongs to, the rest, what it is linked with."""
    known = [i for i in items(entity).values() if not i.computed]
    if entity.spec.part_of and not (entity.list_page or entity.board or entity.calendar):
        known = [i for i in known if i.name != entity.spec.part_of]
    ranks = {"text": 1, "one": 2, "many": 4, "image": 5, "boolean": 6}
    return sorted(known, key=lambda i: 0 if i.name == entity.spec.title else ranks.get(i.kind, 3))


def is_wide(entity: EntityView) -> bool:
    """Whether the form has two columns."""
    return len(form_items(entity)) > 4


def is_long(item: Item, entity: EntityView) -> bool:
    """Whether a field takes both columns."""
    return item.kind in ("text", "image") or item.name == entity.spec.title


def author(entity: EntityView) -> RelationView | None:
    """The relation that the current person fills."""
    return entity.relation(entity.spec.author) if entity.spec.author and entity.app.user else None


def written(entity: EntityView) -> list[str]:
    """Everything that is sent."""
    return [i.column for i in items(entity).values() if i.column]


def conflicts(entity: EntityView) -> dict[str, str]:
    """Field -> words of the 409 that is about it."""
    found = {f.name: f"this {noun(f.label)} already exists" for f in entity.spec.fields if f.unique}
    known = items(entity)
    for rule in entity.uniques:
        labels = " and ".join(noun(known[name].label) for name in rule.fields)
        found.setdefault(known[rule.fields[0]].column, f"this {labels} already exists")
    for span in entity.overlaps:
        found.setdefault(span.start, "overlaps")
    return found


@dataclass(frozen=True, kw_only=True)
class TextRules:
    """What a text has to be."""

    column: Column
    pattern: str
    message: str
    upper: bool

    @property
    def required(self) -> bool:
        return not self.column.blank


_MESSAGES = {
    "email": "Not a valid email address",
    "url": "Start with https://",
    "phone": "Not a valid phone number",
}


def text_rules(entity: EntityView, field: FieldSpec) -> TextRules:
    """The limits that the API sets, and how a breach is put."""
    column = entity.column(field.name)
    own = bool(field.pattern) or field.type in _MESSAGES
    message = field.help if field.pattern and field.help else _MESSAGES.get(field.type, "This has not the right form")
    capitals = bool(field.pattern and "A-Z" in field.pattern and "a-z" not in field.pattern)
    pattern = wording.regex(column.pattern) if own else ""
    return TextRules(column=column, pattern=pattern, message=message, upper=capitals)


def start_value(entity: EntityView, field: FieldSpec) -> str:
    """What a new record starts with, as TypeScript."""
    default: Any = entity.column(field.name).default
    return "null" if default is None else wording.literal(default)


def unique_columns(entity: EntityView) -> list[list[str]]:
    """Columns that are unique together."""
    known = items(entity)
    return [[known[name].column for name in rule.fields] for rule in entity.uniques]


def scope_columns(entity: EntityView, rule: NoOverlap) -> list[str]:
    """Columns within whose values nothing may overlap."""
    known = items(entity)
    return [known[name].column for name in rule.scope]


def missing(entity: EntityView) -> list[str]:
    """What an empty form does not have, as the paths of zod's issues."""
    found = [c.name for c in entity.columns if c.must]
    return [*found, *(r.column for r in entity.ones if r.spec.required)]
