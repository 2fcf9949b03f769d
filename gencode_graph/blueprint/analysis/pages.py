"""The pages and the navigation of an app, from its entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gencode_graph.blueprint.analysis.figures import widgets
from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.naming import kebab, noun
from gencode_graph.spec import (
    Aggregate,
    BoardPage,
    CalendarPage,
    DashboardPage,
    DetailPage,
    Entity,
    ListPage,
    NavGroup,
    Page,
    Relation,
)
from gencode_graph.spec_pages import TAKEN

_ORDER = (
    "enum",
    "rating",
    "boolean",
    "money",
    "integer",
    "decimal",
    "date",
    "datetime",
    "string",
    "email",
    "phone",
    "url",
)
COLUMNS, FILTERS = 6, 5


def pages(entities: Sequence[Entity], concepts: Mapping[str, Concept], main: str, user: str | None) -> tuple[Page, ...]:
    """All pages: the dashboard, then for every entity what suits it."""
    made: list[Page] = []
    taken: set[str] = {"/", *TAKEN}
    for entity in entities:
        if entity.part_of is not None:
            continue
        concept = concepts[entity.name]
        path = _free(f"/{kebab(entity.plural)}", taken)
        made.append(_listed(entity, concept, path))
        if _has_detail(entity, entities, user):
            made.append(DetailPage(entity=entity.name, path=f"{path}/$id", children=_children(entity, entities)))
    boards = [e for e in entities if e.part_of is None and concepts[e.name].board]
    for entity in sorted(boards, key=lambda e: e.name != main)[:2]:
        made.append(_board(entity, concepts[entity.name], taken, alone=len(boards) == 1 or entity is boards[0]))
    dated = [e for e in entities if e.part_of is None and concepts[e.name].calendar]
    for index, entity in enumerate(sorted(dated, key=lambda e: e.name != main)[:2]):
        made.append(_calendar(entity, concepts[entity.name], taken, alone=index == 0))
    figures = widgets(entities, concepts, main, user)
    return (DashboardPage(description=_overview(entities, main), widgets=figures), *made)


def _free(path: str, taken: set[str]) -> str:
    while path in taken:
        path += "-list"
    taken.add(path)
    return path


def _overview(entities: Sequence[Entity], main: str) -> str:
    head = next(e for e in entities if e.name == main)
    return f"{head.label_plural} at a glance: how many there are, how they stand and what changed."


def many_filters(entity: Entity) -> tuple[str, ...]:
    """What its rows can be narrowed down by."""
    fields = [f.name for f in entity.fields if f.type == "enum"]
    relations = [r.name for r in entity.relations if r.name != entity.author]
    switches = [f.name for f in entity.fields if f.type == "boolean"]
    return (*fields, *relations, *switches)[:FILTERS]


def _listed(entity: Entity, concept: Concept, path: str) -> ListPage:
    style = concept.look
    if (
        style == "table"
        and any(f.type == "image" for f in entity.fields)
        and not concept.person
        and len(entity.fields) > 3
    ):
        style = "gallery"
    return ListPage(
        entity=entity.name,
        path=path,
        title=entity.label_plural,
        description=entity.description,
        icon=entity.icon,
        style=style,
        columns=columns(entity),
        filters=many_filters(entity),
    )


def columns(entity: Entity) -> tuple[str, ...]:
    """What its list shows after the title: states and links first, then figures, dates, the rest."""
    fields = [f for f in entity.fields if f.type in _ORDER and f.name != entity.title]
    fields.sort(key=lambda f: _ORDER.index(f.type))
    states = [f.name for f in fields if f.type in ("enum", "rating")][:2]
    ones = [r.name for r in entity.relations if r.kind == "one"][:2]
    sums = [r.field for r in entity.rules if isinstance(r, Aggregate)][:2]
    rest = [f.name for f in fields if f.name not in states]
    manys = [r.name for r in entity.relations if r.kind == "many"][:1]
    room = COLUMNS - len(states) - len(ones) - len(manys) - len(sums)
    chosen = [*states, *ones, *manys, *rest[: max(2, room)], *sums][: COLUMNS + 1]
    return (*chosen, "updated_at") if len(chosen) < COLUMNS else tuple(chosen)


def _has_detail(entity: Entity, entities: Sequence[Entity], user: str | None) -> bool:
    if entity.name == user and len(entity.fields) < 6:
        return False
    return bool(_children(entity, entities)) or len(entity.fields) + len(entity.relations) >= 4


def _children(entity: Entity, entities: Sequence[Entity]) -> tuple[str, ...]:
    parts = [e.name for e in entities if any(r.name == e.part_of and r.target == entity.name for r in e.relations)]
    others = [e.name for e in entities if e.part_of is None and any(_belongs(r, e, entity) for r in e.relations)]
    return tuple(dict.fromkeys([*parts, *others]))[:5]


def _belongs(relation: Relation, owner: Entity, target: Entity) -> bool:
    return relation.kind == "one" and relation.target == target.name and owner is not target


def _board(entity: Entity, concept: Concept, taken: set[str], *, alone: bool) -> BoardPage:
    by = concept.board or ""
    return BoardPage(
        entity=entity.name,
        path=_free("/board" if alone else f"/{kebab(entity.name)}-board", taken),
        title="Board" if alone else f"{entity.label} board",
        description=f"Drag a card to change the {noun(next(f.label for f in entity.fields if f.name == by))}.",
        by=by,
        filters=tuple(name for name in many_filters(entity) if name != by)[:3],
    )


def _calendar(entity: Entity, concept: Concept, taken: set[str], *, alone: bool) -> CalendarPage:
    return CalendarPage(
        entity=entity.name,
        path=_free("/calendar" if alone else f"/{kebab(entity.name)}-calendar", taken),
        title="Calendar" if alone else f"{entity.label} calendar",
        description=f"{entity.label_plural} by day; pick a day to add one.",
        date=concept.calendar or "",
        filters=many_filters(entity)[:3],
    )


def navigation(made: Sequence[Page], entities: Sequence[Entity], main: str, user: str | None) -> tuple[NavGroup, ...]:
    """The sidebar: what is used every day first, what keeps it in order below."""
    minor = {e.name for e in entities if e.name != main and (len(e.fields) <= 3 or e.name == user)}
    first: list[str] = ["/"]
    second: list[str] = []
    views = [p for p in made if not isinstance(p, DashboardPage | DetailPage)]
    views.sort(key=lambda p: (p.entity != main, p.kind == "list" and p.entity != main))
    for page in views:
        (second if (page.kind == "list" and page.entity in minor) or len(first) >= 7 else first).append(page.path)
    groups = [NavGroup(paths=tuple(first))]
    if second:
        groups.append(NavGroup(label="Organise", paths=tuple(second)))
    return tuple(groups)
