"""What must hold for the pages, widgets and links of an AppSpec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gencode_graph.spec_fields import NUMBERS, where_problems
from gencode_graph.spec_names import FIELD_WORDS, added, twice

if TYPE_CHECKING:
    from gencode_graph.spec import AppSpec, BoardPage, CalendarPage, DashboardPage, DetailPage, Entity, ListPage, Widget

_PATH = re.compile(r"/[a-z][a-z0-9]*(-[a-z0-9]+)*(/[a-z][a-z0-9]*(-[a-z0-9]+)*)?")
TAKEN = frozenset({"/api", "/docs", "/redoc", "/assets", "/openapi.json", "/health"})
"""Paths that the server keeps for itself."""


def page_problems(spec: AppSpec) -> Iterator[str]:
    """Every broken rule of pages and navigation, as sentences."""
    for path in twice(page.path for page in spec.pages):
        yield f"two pages have the path {path}"
    for kind in ("list", "board", "calendar", "detail"):
        for name in twice(p.entity for p in spec.pages if p.kind != "dashboard" and p.kind == kind):
            yield f"{name} has two {kind} pages; one is enough"
    if sum(page.kind == "dashboard" for page in spec.pages) > 1:
        yield "there can be only one dashboard"
    entities = {e.name: e for e in spec.entities}
    for page in spec.pages:
        if page.kind == "dashboard":
            yield from _dashboard(page, entities)
        elif page.entity not in entities:
            yield f"page {page.path}: there is no entity {page.entity}"
        elif page.kind == "detail":
            yield from (f"page {page.path}: {text}" for text in _detail(page, spec))
        else:
            if not _PATH.fullmatch(page.path) or "/" + page.path.split("/")[1] in TAKEN:
                yield f"page {page.path}: the path has to be like /bug-reports; {', '.join(sorted(TAKEN))} are taken"
            yield from (f"page {page.path}: {text}" for text in _view(page, entities[page.entity], spec))
    yield from _reach(spec)


def _dashboard(page: DashboardPage, entities: dict[str, Entity]) -> Iterator[str]:
    if page.path != "/":
        yield f"page {page.path}: the dashboard is always at /"
    for key in twice(w.key for w in page.widgets):
        yield f"widget {key}: the key occurs twice"
    for widget in page.widgets:
        if widget.key in FIELD_WORDS:
            yield f"widget {widget.key}: the key is reserved; choose another"
        if widget.entity not in entities:
            yield f"widget {widget.key}: there is no entity {widget.entity}"
        else:
            yield from (f"widget {widget.key}: {text}" for text in _widget(widget, entities[widget.entity]))


def _widget(widget: Widget, entity: Entity) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    if widget.kind not in ("stat", "breakdown", "ranking") and widget.op != "count":
        yield f"{widget.op} belongs to stat, breakdown and ranking, not to {widget.kind}"
    if widget.op == "count" and widget.of is not None:
        yield "count takes no field"
    if widget.op != "count" and (widget.of not in fields or fields[widget.of].type not in NUMBERS):
        yield f"{widget.op} needs a number field of {entity.name}"
    if widget.kind == "breakdown":
        if widget.by not in fields or fields[widget.by].type != "enum":
            yield f"a breakdown is by an enum field of {entity.name}, not by {widget.by}"
    elif widget.kind == "ranking":
        if not any(r.name == widget.by and r.kind == "one" for r in entity.relations):
            yield f"a ranking is by a one relation of {entity.name}, not by {widget.by}"
    elif widget.by is not None:
        yield f"by belongs to breakdown and ranking, not to {widget.kind}"
    yield from _series(widget, entity)
    if widget.overdue is not None and (
        widget.kind != "stat" or widget.overdue not in fields or fields[widget.overdue].type not in ("date", "datetime")
    ):
        yield f"overdue needs a stat and a date field, not {widget.overdue}"
    if widget.compare and (widget.kind != "stat" or widget.op != "count"):
        yield "compare belongs to a stat that counts"
    yield from where_problems(widget.where, entity)


def _series(widget: Widget, entity: Entity) -> Iterator[str]:
    dates = {f.name for f in entity.fields if f.type in ("date", "datetime")}
    dates |= {"created_at"} | {r.stamp for r in entity.rules if r.kind == "workflow"}
    if (widget.kind == "timeseries") != bool(widget.series):
        yield "series belong to a timeseries, and a timeseries needs them"
    for name in widget.series:
        if name not in dates:
            yield f"series {name} is no date of {entity.name}"
        if name == "day":
            yield "series day would meet the day of each point: rename the field"
    for name in twice(widget.series):
        yield f"series {name} occurs twice"


def _view(page: ListPage | BoardPage | CalendarPage, entity: Entity, spec: AppSpec) -> Iterator[str]:
    fields = {f.name: f for f in entity.fields}
    relations = {r.name for r in entity.relations}
    choices = {name for name, f in fields.items() if f.type in ("enum", "boolean")} | relations
    yield from _names("filter", page.filters, choices, "an enum, a boolean or a relation")
    if entity.part_of is not None:
        yield f"{entity.name} is shown inside its {entity.part_of}, so it has no page of its own"
    if page.kind == "list":
        shown = ({*fields, *relations, *added(entity, spec), "created_at", "updated_at"}) - {"position"}
        yield from _names("column", page.columns, shown - {entity.title}, "a column (the title is always first)")
        if page.style == "gallery" and not any(f.type == "image" for f in entity.fields):
            yield "a gallery needs an image field"
    elif page.kind == "board":
        if page.by not in fields or fields[page.by].type != "enum":
            yield f"a board is by an enum field of {entity.name}, not by {page.by}"
    elif page.date not in fields or fields[page.date].type not in ("date", "datetime"):
        yield f"a calendar is by a date field of {entity.name}, not by {page.date}"


def _names(what: str, names: tuple[str, ...], known: Iterable[str], meaning: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{what} {name} is not {meaning}"
    for name in twice(names):
        yield f"{what} {name} occurs twice"


def _detail(page: DetailPage, spec: AppSpec) -> Iterator[str]:
    listed = next((p.path for p in spec.pages if p.kind == "list" and p.entity == page.entity), None)
    if listed is None:
        yield f"a detail page needs a list page of {page.entity}"
    elif page.path != f"{listed}/$id":
        yield f"the path has to be {listed}/$id"
    for name in twice(page.children):
        yield f"child {name} occurs twice"
    for name in page.children:
        child = next((e for e in spec.entities if e.name == name), None)
        if child is None or not any(r.kind == "one" and r.target == page.entity for r in child.relations):
            yield f"child {name} has no one relation to {page.entity}"


def _reach(spec: AppSpec) -> Iterator[str]:
    pages = {page.path: page for page in spec.pages}
    links = [path for group in spec.nav for path in group.paths]
    for path in twice(links):
        yield f"the navigation leads to {path} twice"
    for path in dict.fromkeys(links):
        if path not in pages:
            yield f"the navigation leads to {path}, which is no page"
        elif pages[path].kind == "detail":
            yield f"the navigation cannot lead to {path}: it needs a record"
    for page in spec.pages:
        if page.kind != "detail" and page.path not in links:
            yield f"nothing in the navigation leads to {page.path}"
    for entity in spec.entities:
        parent = next((r.target for r in entity.relations if r.name == entity.part_of), None)
        if entity.part_of is None:
            if not any(p.kind == "list" and p.entity == entity.name for p in spec.pages):
                yield f"{entity.name} needs a list page (or to be part of another entity)"
        elif parent and not any(
            p.kind == "detail" and p.entity == parent and entity.name in p.children for p in spec.pages
        ):
            yield f"{entity.name} is part of {parent}, so the detail page of {parent} has to have it among its children"
