"""The browser tests: what is typed into a form, which bodies the API takes, and which steps a page's test has."""

from __future__ import annotations

from dataclasses import dataclass

from gencode_graph.blueprint import samples, wording
from gencode_graph.blueprint.columns import Column
from gencode_graph.blueprint.forms import form_items
from gencode_graph.blueprint.patterns import alphabets
from gencode_graph.blueprint.shown import Item, items, lead_enum
from gencode_graph.blueprint.sitemap import child_parts, is_lines, is_thread
from gencode_graph.blueprint.view import AppView, EntityView
from gencode_graph.spec import Option


def value(entity: EntityView, column: Column) -> str:
    """A valid value as TypeScript, another one each time where it has to be or names the record."""
    own = column.spec.unique or column.name == entity.spec.title or _together(entity, column.name)
    if column.is_text:
        return _text(entity, column, own)
    if column.is_number:
        low, high = column.bounds
        if own and column.python == "int":
            return f"anyOf({wording.literal(low)}, {wording.literal(min(high, low + 1_000_000))})"
        return wording.literal(samples.values(column)[0])
    for rule in entity.overlaps:
        if column.name in (rule.start, rule.end):
            return "slot.start" if column.name == rule.start else "slot.end"
    if own and column.is_time:
        return "anyDay()" if column.type == "date" else "`${anyDay()}T09:00:00Z`"
    return wording.literal(samples.values(column)[0])


def _text(entity: EntityView, column: Column, own: bool) -> str:
    if column.spec.pattern:
        places = next(
            a for n in (6, 4, 2, 0) if len(a := alphabets(column.spec.pattern, n)) <= column.max_length or n == 0
        )
        return f"letters({', '.join(map(wording.quote, places))})"
    made = {
        "email": "`${token()}@example.com`",
        "url": "`https://example.com/${token()}`",
        "phone": "`+44 20 ${anyOf(10_000_000, 99_999_999)}`",
        "image": wording.quote("https://example.com/picture.png"),
    }.get(column.type)
    if made:
        return made
    words = wording.quote(entity.spec.label if column.name == entity.spec.title else column.spec.label)
    if own or column.max_length >= 16:
        return f"unique({words}, {column.max_length})"
    return f"token().slice(0, {column.max_length})"


def sample(column: Column) -> str:
    """The same valid value each time, as TypeScript."""
    return wording.literal(samples.values(column)[0])


def _together(entity: EntityView, name: str) -> bool:
    return any(name in rule.fields for rule in entity.uniques)


def musts(entity: EntityView) -> list[Column]:
    """Fields without which nothing is created, and those that only differ by chance."""
    return [c for c in entity.columns if c.must or c.name == entity.spec.title or _together(entity, c.name)]


def has_slot(entity: EntityView) -> bool:
    """Whether a record needs a time of its own."""
    return bool(entity.overlaps)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One field that a test fills in."""

    item: Item
    column: Column
    value: str
    date: bool = False


def typed(entity: EntityView) -> list[Typed]:
    """Fields that have to be filled in by hand, title first."""
    needed = {c.name for c in musts(entity)}
    found = []
    for item in form_items(entity):
        if item.name in needed and item.kind != "enum":
            column = entity.column(item.name)
            found.append(Typed(item=item, column=column, value=value(entity, column), date=column.is_time))
    return found


def picked(entity: EntityView) -> list[Item]:
    """Relations that have to be picked by hand."""
    return [i for i in form_items(entity) if i.kind == "one" and i.required and i.name != (entity.spec.author or "")]


def first_complaint(entity: EntityView) -> str | None:
    """What an empty form says first."""
    for item in form_items(entity):
        if item.kind == "one" and item.required and item.name != entity.spec.author:
            return None
        column = entity.column(item.name) if item.field else None
        if column and column.must:
            return f"{item.label} is required"
    return None


def empty_fails(entity: EntityView) -> bool:
    """Whether an empty form is refused."""
    return any(c.must for c in entity.columns) or bool(picked(entity))


def taken(entity: EntityView) -> Column | None:
    """A text that no two records share, for the test that it cannot be taken twice."""
    typed_names = {t.column.name for t in typed(entity)}
    return next((c for c in entity.columns if c.spec.unique and c.is_text and c.name in typed_names), None)


def editable_title(entity: EntityView) -> bool:
    """Whether words can be put into the title at will."""
    column = entity.column(entity.spec.title)
    return column.type in ("string", "text") and not column.spec.pattern and column.max_length >= 30


def is_findable(entity: EntityView) -> bool:
    """Whether the search finds a record by its title."""
    return entity.spec.title in entity.spec.search


def inline_enum(entity: EntityView) -> tuple[Item, Option] | None:
    """An enum that the page of a record changes, and the value it is changed to."""
    lead = lead_enum(entity)
    if not lead or len(lead.options) < 2:
        return None
    default = entity.enum(lead.name).default
    return items(entity)[lead.name], next(o for o in lead.options if o.value != default)


def filter_enum(entity: EntityView) -> tuple[Item, Option, Option] | None:
    """An enum that the list is filtered by, and two of its values."""
    page = entity.list_page
    for name in page.filters if page else ():
        item = items(entity)[name]
        if item.kind == "enum" and item.field and len(item.field.options) > 1:
            return item, item.field.options[0], item.field.options[1]
    return None


def listed(app: AppView) -> list[EntityView]:
    """Entities with a list page."""
    return [e for e in app.entities if e.list_page]


def subject(app: AppView) -> EntityView | None:
    """The entity that the tests of the app as a whole are about: listed, named in words, made in one form."""
    found = [e for e in listed(app) if editable_title(e)]
    return max(
        found, key=lambda e: (bool(e.detail_page), is_findable(e), -len(picked(e)), -len(typed(e))), default=None
    )


def threads(entity: EntityView) -> list[EntityView]:
    """Messages on the page of a record."""
    return [r.owner for r in child_parts(entity) if is_thread(r.owner)]


def lines(entity: EntityView) -> list[EntityView]:
    """Small lists on the page of a record."""
    return [r.owner for r in child_parts(entity) if is_lines(r.owner)]


def ends(entity: EntityView, date: str) -> list[str]:
    """Fields that a click on a day fills in together with the date."""
    return [span.end for span in entity.overlaps if span.start == date]
