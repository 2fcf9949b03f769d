"""What the pages show of a record: its values, figures and picture, and which of them where there is little room."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gencode_graph.blueprint.naming import camel
from gencode_graph.blueprint.view import EntityView, RelationView
from gencode_graph.spec import FieldSpec

QUIET = frozenset({"text", "image"})
_MOMENTS = {"created_at": "Added", "updated_at": "Updated"}
_DUE = re.compile(r"due|deadline|expir|valid_until|renew")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing of a record that can be shown."""

    name: str
    """Its property of the read schema."""
    label: str
    kind: str
    """A field type, ``one``, ``many``, or ``moment`` (a time that is set by the server)."""
    field: FieldSpec | None = None
    relation: RelationView | None = None
    column: str = ""
    """What is written to change it; empty where it cannot be."""
    enum: str = ""
    """The options of an enum, in the feature's ``meta.ts``."""
    required: bool = False
    sort: bool = False
    computed: bool = False
    nullable: bool = False


def items(entity: EntityView) -> dict[str, Item]:
    """Everything of an entity that can be shown, by name."""
    found = [_field(entity, f) for f in entity.spec.fields]
    found += [
        Item(
            name=r.name,
            label=r.spec.label,
            kind=r.spec.kind,
            relation=r,
            column=r.column,
            required=r.spec.required,
            nullable=not r.spec.required,
        )
        for r in entity.relations
    ]
    for rule in entity.aggregates:
        source = entity.app.entity(rule.source).field(rule.of) if rule.of else None
        kind = "integer" if rule.op == "count" or source is None else source.type
        if kind == "rating" and rule.op == "sum":
            kind = "integer"
        found.append(Item(name=rule.field, label=rule.label, kind=kind, computed=True))
    for flow in entity.workflows:
        label = flow.stamp.removesuffix("_at").replace("_", " ").capitalize()
        found.append(Item(name=flow.stamp, label=label, kind="moment", computed=True, nullable=True))
    found += [Item(name=n, label=label, kind="moment", sort=True, computed=True) for n, label in _MOMENTS.items()]
    return {item.name: item for item in found}


def _field(entity: EntityView, field: FieldSpec) -> Item:
    return Item(
        name=field.name,
        label=field.label,
        kind=field.type,
        field=field,
        column=field.name,
        enum=enum_name(field, entity) if field.type == "enum" else "",
        required=field.required or field.default is not None,
        sort=field.name in entity.sort_keys,
        nullable=entity.column(field.name).nullable,
    )


def enum_name(field: FieldSpec, entity: EntityView) -> str:
    """The constant with an enum's options: ``issueStatus``."""
    return camel(f"{entity.name}_{field.name}")


def columns(entity: EntityView) -> list[Item]:
    """Columns of the entity's table, after its title."""
    known = items(entity)
    page = entity.list_page
    names = list(page.columns) if page and page.columns else _usual(entity, known)
    told = entity.sequence.per if entity.sequence and "." in entity.sequence.prefix else ""
    return [known[n] for n in names if n in known and n not in (entity.spec.title, told)]


_WIDTHS = {
    "enum": 120, "one": 160, "moment": 104, "date": 88, "datetime": 184, "rating": 112, "boolean": 88, "string": 144,
    "email": 208, "url": 184, "phone": 144, "image": 64,
}  # fmt: skip
_STEPS = {
    "": 576,
    "@min-[40rem]": 640,
    "@3xl": 768,
    "@4xl": 896,
    "@min-[60rem]": 976,
    "@min-[66rem]": 1056,
    "@6xl": 1152,
}


def column_class(entity: EntityView, item: Item) -> str:
    """Tailwind classes of a table's column: how it is set, and from which width of the table on it is shown."""
    known = [i for i in columns(entity) if i.kind != "many"]
    wide = 256 + (112 if any(i.kind == "many" for i in columns(entity)) else 0)
    wide += (88 if entity.sequence else 0) + (0 if entity.detail_page else 48)
    wide += sum(_WIDTHS.get(i.kind, 96) for i in known[: known.index(item) + 1])
    step = next((name for name, width in _STEPS.items() if wide <= width), "@7xl")
    words = [f"hidden {step}:table-cell"] if step else []
    if item.kind in ("integer", "decimal", "money"):
        words.append("text-right")
    elif item.kind in ("one", "string"):
        words.append("max-w-44 truncate")
    return " ".join(words)


def _usual(entity: EntityView, known: dict[str, Item]) -> list[str]:
    shown = [i for i in known.values() if i.kind not in QUIET | {"moment"} and i.name != entity.spec.title]
    order = {"enum": 0, "one": 1, "many": 3}
    return [i.name for i in sorted(shown, key=lambda i: order.get(i.kind, 2))[:5]] + ["updated_at"]


def texts(entity: EntityView) -> list[FieldSpec]:
    """Long texts, shown as sections of their own."""
    return [f for f in entity.spec.fields if f.type == "text" and f.name != entity.spec.title]


def image(entity: EntityView) -> FieldSpec | None:
    """The picture of a record."""
    return next((f for f in entity.spec.fields if f.type == "image"), None)


def properties(entity: EntityView) -> list[Item]:
    """What can be changed in place on the page of a record."""
    known = items(entity).values()
    return [i for i in known if not i.computed and i.kind not in QUIET and i.name != entity.spec.title]


def figures(entity: EntityView) -> list[Item]:
    """Aggregates, as figures."""
    return [i for i in items(entity).values() if i.computed and i.kind != "moment"]


def stamps(entity: EntityView) -> list[Item]:
    """Times that workflows set."""
    return [i for i in items(entity).values() if i.kind == "moment" and i.name not in _MOMENTS]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Two counts of the same rows."""

    part: str
    whole: str
    label: str
    open: bool
    """The part is what is still to be done."""


def progress(entity: EntityView) -> Progress | None:
    """How far a record is, where two of its aggregates tell."""
    counts = [a for a in entity.aggregates if a.op == "count"]
    for part in counts:
        for whole in counts:
            if part.where and not whole.where and (part.source, part.via) == (whole.source, whole.via):
                flows = entity.app.entity(part.source).workflows
                left = any(f.field in part.where and not set(part.where[f.field]) & set(f.final) for f in flows)
                return Progress(part=part.field, whole=whole.field, label=part.label, open=left)
    return None


def lead_enum(entity: EntityView) -> FieldSpec | None:
    """The enum that says most about a record: of its workflow or board, else the first."""
    if entity.workflows:
        return entity.field(entity.workflows[0].field)
    if entity.board:
        return entity.field(entity.board.by)
    return next((e.field for e in entity.enums), None)


def tone_enum(entity: EntityView) -> FieldSpec | None:
    """The enum of the short form that gives its badge a colour."""
    return next((f for f in entity.ref_fields if f.type == "enum"), None)


def code(entity: EntityView) -> FieldSpec | None:
    """A short text in the short form (``WEB``), shown before the title."""
    return next((f for f in entity.ref_fields if f.type == "string" and f.name != entity.spec.title), None)


def is_person(entity: EntityView) -> bool:
    """Whether records are people, who are shown by their initials."""
    return entity == entity.app.user or any(f.type == "email" for f in entity.spec.fields)


def due(entity: EntityView) -> FieldSpec | None:
    """The date by which a record has to reach the end of its workflow."""
    if not entity.workflows:
        return None
    return next((f for f in entity.spec.fields if f.type == "date" and _DUE.search(f.name)), None)


def first_of(entity: EntityView, kind: str) -> FieldSpec | None:
    """Its first field of a type."""
    return next((f for f in entity.spec.fields if f.type == kind), None)


def person(entity: EntityView) -> Item | None:
    """The person a record belongs to, shown by initials."""
    found = [i for i in items(entity).values() if i.kind == "one" and i.relation and is_person(i.relation.target)]
    inner = [i for i in found if i.name != entity.spec.part_of]
    return next(iter(inner), None)


def line_items(entity: EntityView) -> list[Item]:
    """A few values under the title, on phones."""
    lead, owner = lead_enum(entity), person(entity)
    skip = {entity.spec.title, lead.name if lead else "", owner.name if owner else ""}
    chosen = [i for i in columns(entity) if i.name not in skip and i.kind not in QUIET]
    return [i for i in chosen if i.kind != "moment"][:3] or chosen[:2]


def line_columns(entity: EntityView) -> list[Item]:
    """Values of a row inside the page of another."""
    hidden = {entity.spec.title, entity.spec.part_of}
    return [i for i in items(entity).values() if i.name not in hidden and i.kind not in QUIET | {"moment"}][:6]


@dataclass(frozen=True, kw_only=True)
class CardView:
    """What a card of a list shows beside its title."""

    badge: Item | None
    text: Item | None
    lines: list[Item]
    foot: list[Item]
    person: Item | None


def card(entity: EntityView) -> CardView:
    """Chosen from the columns of the list."""
    known = items(entity)
    done, lead, prefix = progress(entity), lead_enum(entity), code(entity)
    gallery = bool(entity.list_page and entity.list_page.style == "gallery")
    chosen = [i for i in columns(entity) if i.kind not in QUIET and i.name != (prefix.name if prefix else "")]
    badge = next((i for i in chosen if lead and i.name == lead.name), None)
    owner = None if gallery else next((i for i in chosen if person(entity) == i), None)
    skip = {i.name for i in (badge, owner) if i} | ({done.part, done.whole} if done else set())
    rest = [i for i in chosen if i.name not in skip and i.kind != "moment"]
    text = next((known[f.name] for f in texts(entity)), None) if not gallery else None
    foot = [i for i in rest if i.kind in ("money", "rating", "boolean")][:2] if gallery else []
    lines = [i for i in rest if i not in foot][: 3 if gallery else 5]
    return CardView(badge=badge, text=text, lines=lines, foot=foot, person=owner)


@dataclass(frozen=True, kw_only=True)
class TileView:
    """What a card of the board shows beside its title."""

    corner: Item | None
    left: list[Item]
    right: list[Item]
    person: Item | None


def tile(entity: EntityView) -> TileView:
    """Another enum in the corner; labels or a relation at the left; a date or a figure, and a person, at the right."""
    known = list(items(entity).values())
    by = entity.board.by if entity.board else ""
    owner = person(entity)
    corner = next((i for i in known if i.kind == "enum" and i.name != by), None)
    per = entity.sequence.per if entity.sequence and "." in entity.sequence.prefix else None
    left = [i for i in known if i.kind == "many"][:1]
    left = left or [i for i in known if i.kind == "one" and i != owner and i.name != per][:1]
    right = [i for i in known if i.kind == "date"][:1] or [i for i in known if i.kind in ("money", "rating")][:1]
    return TileView(corner=corner, left=left, right=right, person=owner)
