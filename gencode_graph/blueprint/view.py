"""The names that follow from an AppSpec, in one place for models, routers, contract, pages, tests and mock data.

Conventions, for an entity ``bug_report`` (plural ``bug_reports``) with relations ``project`` (one) and ``labels``
(many, item ``label``), an enum field ``status`` and a boolean ``active``:

=================  ====================================================================================
routes             ``/api/bug-reports`` (GET list, POST 201), ``/api/bug-reports/{id}`` (GET, PATCH, DELETE 204)
operation ids      ``list_bug_reports create_bug_report get_bug_report update_bug_report delete_bug_report``
schemas            ``BugReportCreate BugReportUpdate BugReportRead BugReportRef``, ``Page_BugReportRead_``,
                   ``ErrorBody {detail: str}``
enums              ``BugReportStatus``
written            fields, ``project_id``, ``label_ids``; PATCH also ``position`` where a board exists
read               ``id``, fields, ``project_id``, ``project`` (``ProjectRef`` or null), ``labels`` (list of
                   ``LabelRef``), ``number`` (sequence), stamps (workflow), aggregates (integer for count, else
                   number), ``position`` (board), ``created_at``, ``updated_at``
ref                ``id``, the title field, the fields named in ``Entity.ref``; only for entities that others refer to
list query         ``q`` (if ``search``); ``status`` (repeated), ``active`` (one boolean), ``project_id`` (repeated),
                   ``label_id`` (repeated: rows with any of them); dates and datetimes: ``due_date_from``,
                   ``due_date_to`` (inclusive, of the field's own type); ``sort``; ``page`` from 1; ``page_size``
                   1..100, default 20
list answer        ``items total page page_size pages``
dashboard          ``GET /api/dashboard`` -> ``Dashboard``: one property a widget, by its key. stat:
                   ``{value: number, current: int|null, previous: int|null}``; timeseries: ``[{day, <series>: int}]``;
                   breakdown: ``[{key: <enum>, value: number}]`` in the order of the options, zeros included;
                   ranking: ``[{id, name, value}]``, 6 at most; recent: ``[<Read>]``, 6 at most, by ``updated_at``
left out           a field with a default takes it, also when ``required``; enums and booleans always have one
errors             404 unknown id (also of a relation), 409 taken / overlapping / still in use, 422 invalid,
                   400 unreadable body
=================  ====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from gencode_graph.blueprint import naming
from gencode_graph.blueprint.columns import MAX_LENGTH as MAX_LENGTH
from gencode_graph.blueprint.columns import NUMBERS as NUMBERS
from gencode_graph.blueprint.columns import TEXT as TEXT
from gencode_graph.blueprint.columns import Column, EnumView
from gencode_graph.blueprint.naming import camel as camel
from gencode_graph.blueprint.naming import kebab as kebab
from gencode_graph.blueprint.naming import pascal as pascal
from gencode_graph.spec import (
    Aggregate,
    AppSpec,
    BoardPage,
    CalendarPage,
    DashboardPage,
    DetailPage,
    Entity,
    FieldSpec,
    ListPage,
    NoOverlap,
    Relation,
    Sequence,
    UniqueTogether,
    Workflow,
)

R = TypeVar("R", Sequence, Workflow, UniqueTogether, NoOverlap, Aggregate)
P = TypeVar("P", DashboardPage, ListPage, BoardPage, CalendarPage, DetailPage)


@dataclass(frozen=True)
class RelationView:
    """A relation with its owner and target resolved."""

    owner: EntityView
    target: EntityView
    spec: Relation

    def __getattr__(self, name: str) -> object:
        return getattr(self.spec, name)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def late(self) -> bool:
        """A foreign key that closes a circle of tables; it can only be filled once all rows are there."""
        if self.spec.kind == "many" or self.target == self.owner:
            return False
        return self.target.name not in self.owner.app.dependencies[self.owner.name]

    @property
    def column(self) -> str:
        """What is written: ``project_id`` or ``label_ids``."""
        return f"{self.spec.name}_id" if self.spec.kind == "one" else f"{self.spec.item}_ids"

    @property
    def param(self) -> str:
        """What a list is filtered by: ``project_id`` or ``label_id``."""
        return f"{self.spec.name}_id" if self.spec.kind == "one" else f"{self.spec.item}_id"

    @property
    def link_table(self) -> str:
        """Of a ``many`` relation: ``bug_report_labels``."""
        name = f"{self.owner.name}_{self.spec.name}"[:58]
        return f"{name}_link" if any(e.plural == name for e in self.owner.app.entities) else name


@dataclass(frozen=True)
class EntityView:
    """An entity with every name that follows from it. Attributes of the entity itself are passed through."""

    app: AppView
    spec: Entity

    def __hash__(self) -> int:
        return hash(self.spec.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EntityView) and self.spec.name == other.spec.name

    def __getattr__(self, name: str) -> object:
        return getattr(self.spec, name)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def plural(self) -> str:
        return self.spec.plural

    @property
    def cls(self) -> str:
        return pascal(self.spec.name)

    @property
    def cls_plural(self) -> str:
        return pascal(self.spec.plural)

    @property
    def var(self) -> str:
        return camel(self.spec.name)

    @property
    def var_plural(self) -> str:
        return camel(self.spec.plural)

    @property
    def slug(self) -> str:
        """Its part of a route or a folder: ``bug-reports``."""
        return kebab(self.spec.plural)

    @property
    def route(self) -> str:
        return f"/api/{self.slug}"

    @property
    def words(self) -> str:
        """Its name in plain letters, for code where a label could do harm: ``bug report``."""
        return self.spec.name.replace("_", " ").strip()

    @property
    def noun(self) -> str:
        """Its label within a sentence: ``bug report``, ``API key``."""
        return naming.noun(self.spec.label)

    @property
    def nouns(self) -> str:
        """Its plural within a sentence: ``bug reports``."""
        return naming.noun(self.spec.label_plural)

    @property
    def a_noun(self) -> str:
        """``a bug report``."""
        return naming.with_article(self.spec.label)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its fields as the backend keeps them."""
        return tuple(Column(spec=f, alias=self.app.type_names[self.spec.name, f.name]) for f in self.spec.fields)

    def column(self, name: str) -> Column:
        """The column of a field; ``StopIteration`` where there is none."""
        return next(c for c in self.columns if c.name == name)

    @property
    def referred(self) -> bool:
        """Whether any record refers to it, so that it has a short form."""
        return any(r.target == self for e in self.app.entities for r in e.relations)

    @cached_property
    def enums(self) -> tuple[EnumView, ...]:
        return tuple(
            EnumView(self.app.type_names[self.spec.name, f.name], f) for f in self.spec.fields if f.type == "enum"
        )

    def enum(self, name: str) -> EnumView:
        return next(e for e in self.enums if e.field.name == name)

    def field(self, name: str) -> FieldSpec | None:
        return next((f for f in self.spec.fields if f.name == name), None)

    @cached_property
    def relations(self) -> tuple[RelationView, ...]:
        return tuple(RelationView(self, self.app.entity(r.target), r) for r in self.spec.relations)

    def relation(self, name: str) -> RelationView | None:
        return next((r for r in self.relations if r.name == name), None)

    @cached_property
    def ones(self) -> tuple[RelationView, ...]:
        return tuple(r for r in self.relations if r.spec.kind == "one")

    @cached_property
    def manys(self) -> tuple[RelationView, ...]:
        return tuple(r for r in self.relations if r.spec.kind == "many")

    @cached_property
    def incoming(self) -> tuple[RelationView, ...]:
        """``one`` relations of any entity that point here."""
        return tuple(r for e in self.app.entities for r in e.ones if r.target == self)

    @cached_property
    def parts(self) -> tuple[EntityView, ...]:
        """Entities whose rows live inside this one's."""
        return tuple(r.owner for r in self.incoming if r.owner.spec.part_of == r.name)

    def _rules(self, kind: type[R]) -> tuple[R, ...]:
        return tuple(r for r in self.spec.rules if isinstance(r, kind))

    @property
    def sequence(self) -> Sequence | None:
        return next(iter(self._rules(Sequence)), None)

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        return self._rules(Workflow)

    @property
    def uniques(self) -> tuple[UniqueTogether, ...]:
        return self._rules(UniqueTogether)

    @property
    def overlaps(self) -> tuple[NoOverlap, ...]:
        return self._rules(NoOverlap)

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return self._rules(Aggregate)

    @cached_property
    def board(self) -> BoardPage | None:
        return next((p for p in self.app.spec.pages if isinstance(p, BoardPage) and p.entity == self.name), None)

    @property
    def calendar(self) -> CalendarPage | None:
        return next((p for p in self.app.spec.pages if isinstance(p, CalendarPage) and p.entity == self.name), None)

    @property
    def list_page(self) -> ListPage | None:
        return next((p for p in self.app.spec.pages if isinstance(p, ListPage) and p.entity == self.name), None)

    @property
    def detail_page(self) -> DetailPage | None:
        return next((p for p in self.app.spec.pages if isinstance(p, DetailPage) and p.entity == self.name), None)

    @cached_property
    def ref_fields(self) -> tuple[FieldSpec, ...]:
        """Fields of the short form, the title first."""
        names = dict.fromkeys([self.spec.title, *self.spec.ref])
        return tuple(f for name in names if (f := self.field(name)))

    @cached_property
    def sort_keys(self) -> tuple[str, ...]:
        """Columns that a list can be sorted by, ascending; ``-`` in front sorts descending."""
        scalars = [f.name for f in self.spec.fields if f.type not in ("text", "image")]
        extra = [*(["number"] if self.sequence else []), *(["position"] if self.board else [])]
        return ("created_at", "updated_at", *scalars, *extra)


@dataclass(frozen=True)
class AppView:
    """An AppSpec with its entities resolved."""

    spec: AppSpec

    def __getattr__(self, name: str) -> object:
        return getattr(self.spec, name)

    @cached_property
    def entities(self) -> tuple[EntityView, ...]:
        return tuple(EntityView(self, e) for e in self.spec.entities)

    def entity(self, name: str) -> EntityView:
        return next(e for e in self.entities if e.name == name)

    @cached_property
    def ordered(self) -> tuple[EntityView, ...]:
        """Parents before children, as far as relations make no circle; otherwise as given."""
        return tuple(self.entity(name) for name in naming.in_order(self.spec.entities))

    @cached_property
    def dependencies(self) -> dict[str, set[str]]:
        """Entity -> the tables that must be there before its own."""
        return naming.dependencies(self.spec.entities)

    @cached_property
    def type_names(self) -> dict[tuple[str, str], str]:
        """(entity, field) -> the name of the field's own type."""
        return naming.type_names(self.spec.entities)

    @property
    def user(self) -> EntityView | None:
        return self.entity(self.spec.user) if self.spec.user else None

    @property
    def dashboard(self) -> DashboardPage | None:
        return next((p for p in self.spec.pages if isinstance(p, DashboardPage)), None)

    def pages(self, kind: type[P]) -> tuple[P, ...]:
        return tuple(p for p in self.spec.pages if isinstance(p, kind))
