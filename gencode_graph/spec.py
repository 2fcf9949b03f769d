"""AppSpec: everything that is known about one app, and the one source of its models, routes, pages, tests and data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

Snake = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, Field(min_length=1, max_length=60)]
Archetype = Literal[
    "admin_dashboard", "saas_app", "content_platform", "landing_page", "realtime_collab", "ecommerce_store",
    "project_management"]  # fmt: skip
Vibe = Literal["minimal", "dark", "glass", "playful", "bold", "pastel"]
Tone = Literal["slate", "red", "amber", "green", "blue", "violet", "pink"]
FieldType = Literal[
    "string", "text", "integer", "decimal", "money", "boolean", "date", "datetime", "enum", "email", "url", "phone",
    "image", "rating"]  # fmt: skip


class Part(BaseModel):
    """Base of every part of a spec."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        kind = getattr(
            self, "kind", None
        )  # tells the parts of a union apart, so it is written even where it is the default
        return data if kind is None else {"kind": kind, **data}


class Option(Part):
    """One value of an enum field."""

    value: Snake
    label: Label
    tone: Tone = "slate"
    icon: str | None = None
    """A lucide icon in kebab case, for instance ``circle-check``."""


class FieldSpec(Part):
    """A scalar field of an entity."""

    name: Snake
    type: FieldType
    """``rating`` is whole, from 1 to 5; ``money`` has two decimals; ``image`` is a web address or ``data:image/``."""
    label: Label
    required: bool = False
    """Must be given on creation; text must then not be blank. Text that is not required is never null but ``""`` (so
    unique text has to be required); enums and booleans always have a value; any other type is nullable unless required
    or with a default."""
    unique: bool = False
    default: str | int | float | bool | None = None
    """Enums have one (the first option when none is given), booleans too (false); dates and unique fields never do."""
    min: float | None = None
    max: float | None = None
    max_length: int | None = Field(None, ge=1, le=20_000)
    """Text only; 140 for ``string``, 5000 for ``text`` and 500 for the other text types when not given."""
    pattern: str | None = None
    """What the whole text has to match; simple enough for both Python and JavaScript."""
    options: tuple[Option, ...] = ()
    """Values of an ``enum``, in order; there the only and the necessary place for them."""
    help: str | None = None


class Relation(Part):
    """Rows of another entity that a row refers to."""

    name: Snake
    """Singular for ``one`` (``project``), plural for ``many`` (``labels``)."""
    target: Snake
    kind: Literal["one", "many"] = "one"
    """``one``: a foreign key here. ``many``: a link table; never required."""
    required: bool = False
    on_delete: Literal["cascade", "set_null", "restrict"] = "set_null"
    """What happens here when the target goes; ``set_null`` only where it is not required. Ignored for ``many``."""
    label: Label
    item: Snake | None = None
    """Singular of a ``many`` relation (``label`` -> ``label_ids``); needed there and only there."""


class Sequence(Part):
    """A reference for people: ``number`` counts up, by ``per`` relation if given. Shown as ``WEB-12``."""

    kind: Literal["sequence"] = "sequence"
    per: Snake | None = None
    """A required ``one`` relation of this entity."""
    prefix: str = ""
    """A literal (``INV``), or ``relation.field`` (``project.key``, the field being in the target's ``ref``)."""


class Workflow(Part):
    """An enum field that moves towards final values; reaching one is stamped with the time."""

    kind: Literal["workflow"] = "workflow"
    field: Snake
    final: tuple[Snake, ...] = Field(min_length=1)
    stamp: Snake = "completed_at"
    """A nullable datetime that this rule adds; read only."""


class UniqueTogether(Part):
    """No two rows have the same values in these fields and ``one`` relations (409)."""

    kind: Literal["unique_together"] = "unique_together"
    fields: tuple[Snake, ...] = Field(min_length=2)


class NoOverlap(Part):
    """Two rows of the same scope never overlap in time, and ``end`` is after ``start`` (409, 422)."""

    kind: Literal["no_overlap"] = "no_overlap"
    start: Snake
    end: Snake
    """Required datetime fields."""
    scope: tuple[Snake, ...] = ()
    """``one`` relations."""


class Aggregate(Part):
    """A read-only figure of this entity, computed from the rows of another that refer to it."""

    kind: Literal["aggregate"] = "aggregate"
    field: Snake
    label: Label
    op: Literal["count", "sum", "avg"] = "count"
    source: Snake
    via: Snake
    """``one`` relation of the source that points here."""
    of: Snake | None = None
    """Number field of the source, for ``sum`` and ``avg``."""
    where: dict[str, tuple[str, ...]] = {}
    """Enum field of the source -> values that count."""


Rule = Annotated[Sequence | Workflow | UniqueTogether | NoOverlap | Aggregate, Field(discriminator="kind")]


class Entity(Part):
    """One kind of record: a table, its routes, its form and its pages."""

    name: Snake
    plural: Snake
    label: Label
    label_plural: Label
    description: str = Field("", max_length=200)
    """One sentence for its page."""
    icon: str = "circle"
    title: Snake
    """The required ``string``, ``text`` or ``email`` field that names a record."""
    ref: tuple[Snake, ...] = ()
    """Further scalar fields shown wherever another record refers to this one (a label's ``color``)."""
    fields: tuple[FieldSpec, ...] = Field(min_length=1, max_length=30)
    relations: tuple[Relation, ...] = Field((), max_length=12)
    rules: tuple[Rule, ...] = ()
    search: tuple[Snake, ...] = ()
    """Text fields."""
    sort: str = "-created_at"
    """Default order: ``created_at``, ``updated_at`` or a field that is not ``text``; ``-`` in front for descending."""
    part_of: Snake | None = None
    """``one`` relation (required, cascade): these rows are shown and written inside their parent (comments)."""
    author: Snake | None = None
    """``one`` relation to ``AppSpec.user`` that is filled with the current person."""


class Widget(Part):
    """One figure of a dashboard."""

    key: Snake
    """Its property in the answer of ``GET /api/dashboard``."""
    kind: Literal["stat", "timeseries", "breakdown", "ranking", "recent"]
    title: Label
    note: str = Field("", max_length=80)
    entity: Snake
    op: Literal["count", "sum", "avg"] = "count"
    """``stat``, ``breakdown`` and ``ranking``."""
    of: Snake | None = None
    """Number field, for ``sum`` and ``avg``."""
    by: Snake | None = None
    """``breakdown``: an enum field. ``ranking``: a ``one`` relation."""
    series: tuple[Snake, ...] = ()
    """``timeseries``: ``created_at``, date or datetime fields, workflow stamps; rows are counted by day."""
    where: dict[str, tuple[str, ...]] = {}
    """Enum field -> values that count."""
    overdue: Snake | None = None
    """``stat``: only rows whose date field lies before today."""
    compare: bool = False
    """``stat`` with ``count``: also the rows created in the last 7 days against the 7 before."""
    days: int = Field(14, ge=2, le=90)
    icon: str | None = None


class DashboardPage(Part):
    """Figures; always at ``/``, and at most one."""

    kind: Literal["dashboard"] = "dashboard"
    path: str = "/"
    title: Label = "Dashboard"
    description: str = ""
    icon: str = "layout-dashboard"
    widgets: tuple[Widget, ...] = Field(min_length=1, max_length=12)


class ListPage(Part):
    """The rows of an entity: searched, filtered, sorted, paged, created."""

    kind: Literal["list"] = "list"
    entity: Snake
    path: str
    title: Label
    description: str = ""
    icon: str = "list"
    style: Literal["table", "cards", "gallery"] = "table"
    """``gallery`` needs an ``image`` field."""
    columns: tuple[Snake, ...] = ()
    """Fields, relations, aggregates, stamps, ``created_at``, ``updated_at``; the title is always first."""
    filters: tuple[Snake, ...] = ()
    """Enum and boolean fields, relations."""


class BoardPage(Part):
    """Cards in a column for each value of an enum field; dragging changes it. Adds a ``position`` to the entity."""

    kind: Literal["board"] = "board"
    entity: Snake
    path: str
    title: Label
    description: str = ""
    icon: str = "columns-3"
    by: Snake
    filters: tuple[Snake, ...] = ()


class CalendarPage(Part):
    """A month of rows by a date or datetime field; a click on a day creates one there."""

    kind: Literal["calendar"] = "calendar"
    entity: Snake
    path: str
    title: Label
    description: str = ""
    icon: str = "calendar-days"
    date: Snake
    filters: tuple[Snake, ...] = ()


class DetailPage(Part):
    """One record, its properties, and the rows that belong to it."""

    kind: Literal["detail"] = "detail"
    entity: Snake
    path: str
    """The list's path + ``/$id``."""
    children: tuple[Snake, ...] = ()
    """Entities with a ``one`` relation here: ``part_of`` ones as a thread or small list, others as their table."""


Page = Annotated[DashboardPage | ListPage | BoardPage | CalendarPage | DetailPage, Field(discriminator="kind")]


class NavGroup(Part):
    """Links of the sidebar under one heading."""

    label: Label | None = None
    paths: tuple[str, ...] = Field(min_length=1)


class Requirement(Part):
    """One thing that the request asks for, and what becomes of it."""

    text: str = Field(min_length=1, max_length=300)
    status: Literal["met", "unmet", "unclear"]
    """``unclear``: the analysis does not understand it, or cannot tell."""
    evidence: tuple[str, ...] = ()
    """Where to see it: ``entity issue``, ``page /board``, ``rule workflow`` ..., or why it is not met."""


class AppSpec(Part):
    """One app."""

    version: Literal[1] = 1
    name: Label
    tagline: str = Field(min_length=1, max_length=140)
    archetype: Archetype
    vibe: Vibe = "minimal"
    hue: int = Field(278, ge=0, le=360)
    """Of the main colour, in oklch."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    """Of the request; the app's own words are English."""
    user: Snake | None = None
    """The entity of the people who use the app; the shell then lets one say who they are."""
    entities: tuple[Entity, ...] = Field(min_length=1, max_length=20)
    pages: tuple[Page, ...] = Field(min_length=1, max_length=40)
    nav: tuple[NavGroup, ...] = Field(min_length=1)
    seeds: dict[str, tuple[dict[str, Any], ...]] = {}
    """Entity -> rows of the demo data. ``$key`` names a row; relations refer to such keys (``many``: a list of them);
    dates and times are ``@-3.2d``, days relative to the start (dates also ``1961-04-12``). ``created_at``,
    ``updated_at`` and, where a final value is reached, the stamp of a workflow may be given so; numbers, positions and
    aggregates follow by themselves."""
    requirements: tuple[Requirement, ...] = ()

    def entity(self, name: str) -> Entity:
        """The entity of that name; ``KeyError`` if there is none."""
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise KeyError(name)

    @model_validator(mode="after")
    def _consistent(self) -> AppSpec:
        from gencode_graph.spec_rules import problems

        if found := problems(self):
            raise ValueError("; ".join(found))
        return self
