"""What the backend's templates ask about an app: which building blocks it needs, and how its tables hang together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gencode_graph.blueprint import naming
from gencode_graph.blueprint.columns import FORMATS, member
from gencode_graph.blueprint.view import AppView, EntityView, RelationView
from gencode_graph.spec import Aggregate, Widget

_PREPOSITIONS = frozenset({"of", "by", "to", "for", "in", "at", "on", "from", "with", "under"})


def raw(pattern: str) -> str:
    """A regular expression as a Python literal, raw where possible."""
    return repr(pattern) if '"' in pattern or "\n" in pattern else f'r"{pattern}"'


def number(value: float) -> str:
    """A number as a Python literal, without a useless ``.0``."""
    return str(int(value)) if value == int(value) else repr(value)


def capital(text: str) -> str:
    """With a capital at the beginning, and nowhere else."""
    return text[:1].upper() + text[1:]


def package(app: AppView) -> str:
    """The app's name for package files: ``trackline``."""
    return re.sub(r"[^a-z0-9]+", "-", app.spec.name.lower()).strip("-") or "app"


def uses(app: AppView) -> frozenset[str]:
    """Field types of an app, and the building blocks that follow from them."""
    columns = [c for e in app.entities for c in e.columns]
    found: set[str] = {c.type for c in columns}
    found |= {c.pattern_name for c in columns if c.is_text and c.pattern_name}
    found |= {c.python for c in columns if c.is_number and max(map(abs, c.bounds)) in c.limits}
    found |= {"trimmed"} if any(c.trimmed for c in columns) else set()
    found |= {"search", "NO_NUL"} if any(e.spec.search for e in app.entities) else set()
    found |= {"aggregate"} if any(e.aggregates for e in app.entities) else set()
    figures = [r.op for e in app.entities for r in e.aggregates]
    figures += [w.op for w in app.dashboard.widgets] if app.dashboard else []
    found |= {"rounded"} if {"sum", "avg"} & set(figures) else set()
    found |= {"sequence"} if any(e.sequence for e in app.entities) else set()
    found |= {"board"} if any(e.board for e in app.entities) else set()
    found |= {"one"} if any(e.ones for e in app.entities) else set()
    found |= {"many"} if any(e.manys for e in app.entities) else set()
    found |= {"rules"} if any(rules(e) for e in app.entities) else set()
    found |= {"lock"} if any(locks(e) for e in app.entities) else set()
    found |= {"late"} if any(r.late for e in app.entities for r in e.ones) else set()
    found |= {"filters"} if any(filters(e) for e in app.entities) else set()
    return frozenset(found)


def formats(app: AppView) -> list[tuple[str, str]]:
    """(name, pattern) of the formats in use: ``EMAIL``, ``URL_OR_BLANK``."""
    used = uses(app)
    both = [(kind.upper(), f"^{core}$", f"^({core})?$") for kind, core in FORMATS.items()]
    names = [pair for name, full, blank in both for pair in ((name, full), (f"{name}_OR_BLANK", blank))]
    return [(name, pattern) for name, pattern in names if name in used]


def enum_names(app: AppView) -> list[str]:
    """Every enum class."""
    return [enum.cls for entity in app.entities for enum in entity.enums]


def referred(app: AppView) -> list[EntityView]:
    """Entities that have a short form."""
    return [entity for entity in app.entities if entity.referred]


def tables(app: AppView) -> list[str]:
    """Classes and link tables, sorted as isort does: constants and classes before variables."""
    links = [r.link_table for e in app.entities for r in e.manys]
    return [*sorted(e.cls for e in app.entities), *sorted(links)]


def targets(entity: EntityView) -> list[EntityView]:
    """The entities that it refers to, each once."""
    return list({r.target.name: r.target for r in entity.relations}.values())


def constraints(entity: EntityView) -> list[list[str]]:
    """Columns that are unique together."""
    found = [[_column(entity, name) for name in rule.fields] for rule in entity.uniques]
    if entity.sequence and entity.sequence.per:
        found.append([f"{entity.sequence.per}_id", "number"])
    return found


def _column(entity: EntityView, name: str) -> str:
    relation = entity.relation(name)
    return relation.column if relation else name


def columns_of(entity: EntityView, names: Iterable[str]) -> list[str]:
    """Fields and relations as columns: ``project`` -> ``project_id``."""
    return [_column(entity, name) for name in names]


def rules(entity: EntityView) -> bool:
    """Whether saving a row has to look at other rows."""
    return bool(entity.uniques or entity.overlaps or any(f.unique for f in entity.spec.fields))


def locks(entity: EntityView) -> bool:
    """Whether rows written at once could get in the way of each other where no constraint of a table helps."""
    return bool(entity.overlaps or entity.sequence)


def filters(entity: EntityView) -> bool:
    """Whether its list can be filtered."""
    return bool(entity.relations) or any(c.is_time or c.type in ("enum", "boolean") for c in entity.columns)


def own_key(relation: RelationView) -> str:
    """Of a ``many`` relation: the column of its link table that names the owner."""
    return f"{relation.owner.name}_id"


def other_key(relation: RelationView) -> str:
    """Of a ``many`` relation: the column of its link table that names the target."""
    return f"other_{relation.param}" if relation.param == own_key(relation) else relation.param


def ambiguous(relation: RelationView) -> bool:
    """Whether two tables are joined by more than one foreign key, so that each relation has to name its own."""
    pair = {relation.owner.name, relation.target.name}
    between = [r for e in relation.owner.app.entities for r in e.ones if {e.name, r.target.name} == pair]
    return len(between) > 1 or len(pair) == 1


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Aggregates of an entity that come from the same rows."""

    name: str
    source: EntityView
    column: str
    rules: tuple[Aggregate, ...]


def figure_groups(entity: EntityView) -> list[Figures]:
    """The aggregates of an entity, grouped so that each group is one query."""
    groups: dict[tuple[str, str], list[Aggregate]] = {}
    for rule in entity.aggregates:
        groups.setdefault((rule.source, rule.via), []).append(rule)
    several = {source for source, _ in groups if sum(s == source for s, _ in groups) > 1}
    return [
        Figures(
            name=f"{source.name}_figures_by_{via}" if source.name in several else f"{source.name}_figures",
            source=source,
            column=f"{via}_id",
            rules=tuple(rules),
        )
        for (name, via), rules in groups.items()
        for source in [entity.app.entity(name)]
    ]


def figure(source: EntityView, op: str, of: str | None, where: dict[str, tuple[str, ...]]) -> str:
    """A count, sum or average as SQLAlchemy: ``func.count().filter(Issue.status.in_([IssueStatus.DONE]))``."""
    base = "func.count()" if op == "count" else f"func.{op}({source.cls}.{of})"
    return f"{base}.filter({', '.join(conditions(source, where))})" if where else base


def conditions(source: EntityView, where: dict[str, tuple[str, ...]]) -> list[str]:
    """Enum conditions as SQLAlchemy, one a field."""
    found = []
    for name, values in where.items():
        enum = source.enum(name).cls
        members = [f"{enum}.{member(value)}" for value in values]
        one = f"{source.cls}.{name} == {members[0]}"
        found.append(one if len(members) == 1 else f"{source.cls}.{name}.in_([{', '.join(members)}])")
    return found


def neighbours(entity: EntityView) -> list[EntityView]:
    """The other entities whose tables its router may need."""
    found = [*targets(entity), *(group.source for group in figure_groups(entity))]
    return list({e.name: e for e in found if e != entity}.values())


def moved(entity: EntityView) -> list[str]:
    """Enum fields whose change brings another with it: a stamp, or a place on the board."""
    names = [w.field for w in entity.workflows] + ([entity.board.by] if entity.board else [])
    return list(dict.fromkeys(names))


def spans(entity: EntityView) -> list[tuple[str, str]]:
    """(start, end) of its no_overlap rules, each once."""
    return list(dict.fromkeys((rule.start, rule.end) for rule in entity.overlaps))


@dataclass(frozen=True, kw_only=True)
class FreeRule:
    """What no other row may meet."""

    given: str
    """When it matters: a condition in Python; always, where empty."""
    message: str
    conditions: tuple[str, ...]


def free_rules(entity: EntityView) -> list[FreeRule]:
    """Unique fields, unique_together and no_overlap of an entity."""
    a_noun = capital(entity.a_noun)
    found = [
        _free(entity, f"{a_noun} with this {naming.noun(f.label)} already exists", [f.name])
        for f in entity.spec.fields
        if f.unique
    ]
    for rule in entity.uniques:
        labels = " and ".join(naming.noun(_label(entity, name)) for name in rule.fields)
        found.append(_free(entity, f"{a_noun} with this {labels} already exists", list(rule.fields)))
    for span in entity.overlaps:
        labels = " and ".join(naming.noun(_label(entity, name)) for name in span.scope)
        message = f"It overlaps with another {entity.noun}" + (f" of the same {labels}" if labels else "")
        start, end = f"{entity.cls}.{span.start} < obj.{span.end}", f"{entity.cls}.{span.end} > obj.{span.start}"
        found.append(_free(entity, message, list(span.scope), start, end))
    return found


def _free(entity: EntityView, message: str, names: list[str], *extra: str) -> FreeRule:
    wanted = columns_of(entity, names)
    given = [f"obj.{column} is not None" for column, name in zip(wanted, names, strict=True) if _nullable(entity, name)]
    same = [f"{entity.cls}.{column} == obj.{column}" for column in wanted]
    return FreeRule(given=" and ".join(given), message=message, conditions=(*same, *extra))


def _nullable(entity: EntityView, name: str) -> bool:
    relation = entity.relation(name)
    return not relation.spec.required if relation else entity.column(name).nullable


def _label(entity: EntityView, name: str) -> str:
    relation = entity.relation(name)
    return relation.spec.label if relation else entity.column(name).spec.label


def schema_names(entity: EntityView) -> list[str]:
    """Names of ``app.core.schemas`` that its models may need; the formatter drops what is not used."""
    used = uses(entity.app)
    formats_used = {c.pattern_name for c in entity.columns if c.is_text and c.pattern_name}
    always = ["UNSET", "PageParams", "PatchModel", "ReadModel"]
    some = {
        "MAX_INT": "int", "MAX_FLOAT": "float", "Cents": "money", "Trimmed": "trimmed", "IsoDate": "date",
        "IsoDateTime": "datetime", "SearchText": "search",
    }  # fmt: skip
    if {"integer", "rating"} & used:
        always.append("Whole")
    return [*always, *sorted(formats_used), *(name for name, need in some.items() if need in used)]


def links(app: AppView) -> bool:
    """Whether any relation is a link table."""
    return any(e.manys for e in app.entities)


def late_columns(entity: EntityView) -> list[str]:
    """Foreign keys that close a circle of tables."""
    return [r.column for r in entity.ones if r.late]


def late(app: AppView) -> bool:
    """Whether any foreign key closes a circle of tables."""
    return any(late_columns(e) for e in app.entities)


def recent(app: AppView) -> list[EntityView]:
    """Entities whose latest rows the dashboard shows."""
    widgets = app.dashboard.widgets if app.dashboard else ()
    return [e for e in app.entities if any(w.kind == "recent" and w.entity == e.name for w in widgets)]


def widget_conditions(entity: EntityView, widget: Widget) -> list[str]:
    """The rows of a widget, as SQLAlchemy."""
    found = conditions(entity, widget.where)
    if widget.overdue:
        now = "utcnow().date()" if entity.column(widget.overdue).type == "date" else "utcnow()"
        found.append(f"{entity.cls}.{widget.overdue} < {now}")
    return found


def loops(app: AppView) -> list[tuple[EntityView, RelationView]]:
    """Relations that keep rows of a circle of tables from being deleted, unless emptied first."""
    found = [(e, r) for e in app.entities for r in e.ones if r.late or r.target == e]
    return [(e, r) for e, r in found if r.spec.on_delete == "restrict"]


def named(relation: RelationView) -> str:
    """What a missing target is called: the relation's label, or the target's where that would not read: ``Part of``."""
    label = relation.spec.label
    return relation.target.spec.label if label.split()[-1:] and label.split()[-1] in _PREPOSITIONS else label
