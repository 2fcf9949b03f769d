"""What the generated test of the dashboard makes, and what each widget then has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gencode_graph.blueprint import samples
from gencode_graph.blueprint.samples import Code, Row
from gencode_graph.blueprint.view import AppView, EntityView
from gencode_graph.spec import Widget


@dataclass(frozen=True, kw_only=True)
class Case:
    """One widget: rows to make, and what is then expected."""

    path: str
    rows: tuple[Row, ...]
    expected: Any
    target: str = ""
    """Of a ranking: what is ranked. Rows then name it by ``{by}_id``, as ``one`` or ``other``."""


def case(app: AppView, widget: Widget) -> Case:
    """The test of a widget."""
    entity = app.entity(widget.entity)
    make = {"stat": _stat, "timeseries": _timeseries, "breakdown": _breakdown, "ranking": _ranking, "recent": _recent}
    return make[widget.kind](entity, widget)


def _stat(entity: EntityView, widget: Widget) -> Case:
    counted = samples.figure_rows(entity, widget.of, widget.where)
    outside = samples.outside_row(entity, widget.where)
    rows = [row | _due(entity, widget, -2 - n) for n, row in enumerate(counted)]
    if outside is not None:
        rows.append(outside | _due(entity, widget, -5))
    if widget.overdue:
        rows.append(samples.where_row(widget.where) | _due(entity, widget, 2))
    value = samples.figure(counted, widget.op, widget.of)
    current, previous = (2, 0) if widget.compare else (None, None)
    expected = {"value": value, "current": current, "previous": previous}
    return Case(path=entity.slug, rows=tuple(rows), expected=expected)


def _due(entity: EntityView, widget: Widget, offset: int) -> Row:
    return at(entity, widget.overdue, offset) if widget.overdue else {}


def at(entity: EntityView, name: str, offset: int) -> Row:
    """A row whose date field lies so many days from now; with both ends where it is one of a span."""
    for rule in entity.overlaps:
        if name in (rule.start, rule.end):
            return {rule.start: Code(f"moment({offset}, 9)"), rule.end: Code(f"moment({offset}, 10)")}
    return {name: Code(f"{'day' if entity.column(name).type == 'date' else 'moment'}({offset})")}


def _timeseries(entity: EntityView, widget: Widget) -> Case:
    row = samples.where_row(widget.where)
    expected = dict.fromkeys(widget.series, 1)
    for series in widget.series:
        workflow = next((w for w in entity.workflows if w.stamp == series), None)
        if workflow:
            final = [v for v in widget.where.get(workflow.field, workflow.final) if v in workflow.final]
            row |= {workflow.field: final[0]} if final else {}
            expected[series] = int(bool(final))
        elif series != "created_at":
            row |= at(entity, series, 0)
    return Case(path=entity.slug, rows=(row,), expected=expected)


def _breakdown(entity: EntityView, widget: Widget) -> Case:
    by = str(widget.by)
    counted = samples.figure_rows(entity, widget.of, widget.where)[-1]
    options = [option.value for option in entity.enum(by).options]
    shown = widget.where.get(by, tuple(options))
    value = samples.figure([counted], widget.op, widget.of)
    expected = [{"key": option, "value": value if option in shown else 0} for option in options]
    return Case(path=entity.slug, rows=tuple(counted | {by: option} for option in options), expected=expected)


def _ranking(entity: EntityView, widget: Widget) -> Case:
    relation = entity.relation(str(widget.by))
    assert relation is not None
    some = samples.figure_rows(entity, widget.of, widget.where, relation.name)
    less, more = some[0], some[-1]
    first, second = (some, [less]) if widget.op == "count" else ([more], [less])
    values = [samples.figure(rows, widget.op, widget.of) for rows in (first, second)]
    named = [row | {relation.column: Code('one["id"]')} for row in first]
    named += [row | {relation.column: Code('other["id"]')} for row in second]
    return Case(path=entity.slug, rows=tuple(named), expected=values, target=relation.target.slug)


def _recent(entity: EntityView, widget: Widget) -> Case:
    row = samples.where_row(widget.where)
    outside = samples.outside_row(entity, widget.where)
    return Case(path=entity.slug, rows=(row, row, *([outside] if outside is not None else [])), expected=None)


def needs(app: AppView) -> frozenset[str]:
    """Which of ``day`` and ``moment`` the test uses."""
    widgets = app.dashboard.widgets if app.dashboard else ()
    text = " ".join(repr(row) for widget in widgets for row in case(app, widget).rows)
    return frozenset(name for name in ("day", "moment") if f"{name}(" in text)
