"""The dashboard: which widget stands where, and how its figures are written."""

from __future__ import annotations

from dataclasses import dataclass

from gencode_graph.blueprint import icons
from gencode_graph.blueprint.shown import items
from gencode_graph.blueprint.view import AppView, EntityView
from gencode_graph.spec import DashboardPage, Widget


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A widget and the columns of three that it takes."""

    widget: Widget
    span: int


def dashboard_rows(page: DashboardPage) -> list[list[Placed]]:
    """Widgets other than figures, in rows of three columns without gaps."""
    rows: list[list[Placed]] = []
    room = 0
    for widget in (w for w in page.widgets if w.kind != "stat"):
        span = 2 if widget.kind == "timeseries" else 1
        if span > room:
            rows.append([])
            room = 3
        rows[-1].append(Placed(widget=widget, span=span))
        room -= span
    return [_fill(row) for row in rows]


def _fill(row: list[Placed]) -> list[Placed]:
    spare = 3 - sum(p.span for p in row)
    if spare == 1 and len(row) == 2:  # two halves
        return [Placed(widget=p.widget, span=0) for p in row]
    first = row[0]
    return [Placed(widget=first.widget, span=first.span + spare), *row[1:]]


def row_columns(row: list[Placed]) -> str:
    """The grid of a row."""
    if len(row) == 1:
        return ""
    return "lg:grid-cols-2" if all(p.span == 0 for p in row) else "lg:grid-cols-3"


def stat_columns(count: int) -> str:
    """The grid of the figures on wide screens."""
    return {1: "", 2: "", 3: "sm:grid-cols-3", 5: "lg:grid-cols-5", 6: "lg:grid-cols-3"}.get(count, "xl:grid-cols-4")


def series_label(entity: EntityView, name: str) -> str:
    """What a series counts: ``Created``, ``Completed``."""
    return "Created" if name == "created_at" else items(entity)[name].label


def is_money(app: AppView, widget: Widget) -> bool:
    """Whether its figures are amounts."""
    field = app.entity(widget.entity).field(widget.of) if widget.of else None
    return bool(field and field.type == "money")


def dashboard_entities(app: AppView) -> list[EntityView]:
    """Entities whose words the dashboard needs."""
    page = app.dashboard
    return (
        list(dict.fromkeys(app.entity(w.entity) for w in page.widgets if w.kind in ("breakdown", "recent")))
        if page
        else []
    )


def widget_icon(widget: Widget, app: AppView) -> str:
    """The icon of a figure."""
    return icons.component(widget.icon or app.entity(widget.entity).spec.icon)
