"""The figures of a dashboard: five to eight that say something about the main records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gencode_graph.blueprint.analysis.hints import with_hints
from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.analysis.values import FUTURE
from gencode_graph.blueprint.naming import noun
from gencode_graph.spec import Entity, FieldSpec, Widget, Workflow
from gencode_graph.spec_names import FIELD_WORDS

Where = dict[str, tuple[str, ...]]
MOST = 9


def widgets(
    entities: Sequence[Entity], concepts: Mapping[str, Concept], main: str, user: str | None
) -> tuple[Widget, ...]:
    """The figures of an app, the most telling first."""
    leading = _leading(entities, main, user)
    stats: list[Widget] = []
    charts: list[Widget] = []
    for rank, entity in enumerate(leading):
        derived = [*_stats(entity, rank), *_charts(entity, rank, user)]
        found = with_hints(derived, entity, concepts[entity.name])
        stats += [widget for widget in found if widget.kind == "stat"]
        charts += [widget for widget in found if widget.kind != "stat"]
    chosen = [*_first(stats, 4), *_first(charts, 5)]
    taken: set[str] = set()
    return tuple(_keyed(widget, taken) for widget in chosen[:MOST])


def _leading(entities: Sequence[Entity], main: str, user: str | None) -> list[Entity]:
    def weight(entity: Entity) -> tuple[bool, bool, bool]:
        return (entity.name != main, entity.part_of is not None or entity.name == user, len(entity.fields) <= 3)

    return sorted(entities, key=weight)


def _first(found: Sequence[Widget], count: int) -> list[Widget]:
    """The first ones, a figure never twice."""
    seen: dict[tuple[Any, ...], Widget] = {}
    for widget in found:
        seen.setdefault(
            (widget.kind, widget.entity, widget.op, widget.of, widget.by, str(widget.where), widget.overdue), widget
        )
    return list(seen.values())[:count]


def _keyed(widget: Widget, taken: set[str]) -> Widget:
    key = widget.key[:36]
    while key in taken or key in FIELD_WORDS:
        key = f"{key[:36]}_{len(taken)}"
    taken.add(key)
    return widget.model_copy(update={"key": key})


def _flow(entity: Entity) -> Workflow | None:
    return next((r for r in entity.rules if isinstance(r, Workflow)), None)


def unfinished(entity: Entity) -> Where:
    """The condition under which a row still needs something; empty where nothing is ever finished."""
    flow = _flow(entity)
    if flow is None:
        return {}
    field = next(f for f in entity.fields if f.name == flow.field)
    return {flow.field: tuple(o.value for o in field.options if o.value not in flow.final)}


def _stats(entity: Entity, rank: int) -> Iterator[Widget]:
    names, flow, where = noun(entity.label_plural), _flow(entity), unfinished(entity)
    yield Widget(
        key=f"{'open' if flow else 'all'}_{entity.plural}",
        kind="stat",
        title=_cut(f"Open {names}") if flow else entity.label_plural,
        note="new this week against the week before",
        entity=entity.name,
        where=where,
        compare=True,
        icon=entity.icon,
    )
    if entity.part_of is not None:
        return
    if flow:
        yield from _overdue(entity, names, where, rank)
    if number := _number(entity):
        yield _sum(entity, number)
    if flow:
        yield _finished(entity, flow, names, rank)


def _overdue(entity: Entity, names: str, where: Where, rank: int) -> Iterator[Widget]:
    due = next((f for f in entity.fields if f.type in ("date", "datetime") and FUTURE.search(f.name)), None)
    if due:
        yield Widget(
            key=f"overdue_{entity.plural}",
            kind="stat",
            title="Overdue" if rank == 0 else _cut(f"Overdue {names}"),
            note=f"{noun(due.label)} has passed"[:80],
            entity=entity.name,
            where=where,
            overdue=due.name,
            icon="clock",
        )


def _finished(entity: Entity, flow: Workflow, names: str, rank: int) -> Widget:
    field = next(f for f in entity.fields if f.name == flow.field)
    last = next(o for o in field.options if o.value == flow.final[0])
    return Widget(
        key=f"{last.value}_{entity.plural}",
        kind="stat",
        title=_cut(last.label if rank == 0 else f"{last.label} {names}"),
        note=f"{names} that are {noun(last.label)}"[:80],
        entity=entity.name,
        where={flow.field: (last.value,)},
        icon="circle-check",
    )


def _cut(title: str) -> str:
    return (title[:1].upper() + title[1:])[:60]


_SUMMED = (
    "amount",
    "total",
    "cost",
    "value",
    "spent",
    "minutes",
    "hours",
    "distance",
    "calories",
    "quantity",
    "steps",
    "points",
    "revenue",
    "pages_read",
    "duration",
)


def _number(entity: Entity) -> FieldSpec | None:
    fields = [f for f in entity.fields if f.type in ("money", "decimal", "integer", "rating")]
    fields = [f for f in fields if not any(part in f.name for part in ("year", "position", "floor", "number", "order"))]
    telling = [f for f in fields if f.type in ("money", "rating") or any(part in f.name for part in _SUMMED)]
    fields = [f for f in telling if not f.name.startswith(("unit_", "hourly_", "night_", "day_"))]
    rank = {"money": 0, "rating": 1, "decimal": 2, "integer": 3}
    return min(fields, key=lambda f: (rank[f.type], not any(n in f.name for n in _SUMMED)), default=None)


def _sum(entity: Entity, field: FieldSpec) -> Widget:
    adds = any(part in field.name for part in _SUMMED) and field.type != "rating"
    title = (
        f"Total {noun(field.label)}"
        if adds and "total" not in field.name
        else field.label
        if adds
        else f"Average {noun(field.label)}"
    )
    return Widget(
        key=f"{entity.name}_{field.name}",
        kind="stat",
        title=_cut(title),
        note=f"over all {noun(entity.label_plural)}"[:80],
        entity=entity.name,
        op="sum" if adds else "avg",
        of=field.name,
        icon="star" if field.type == "rating" else "coins" if field.type == "money" else "sigma",
    )


def _charts(entity: Entity, rank: int, user: str | None) -> Iterator[Widget]:
    if entity.part_of is not None or entity.name == user:
        return
    if rank == 0:
        yield _activity(entity)
    yield from _shares(entity, rank)
    yield from _rankings(entity, rank)
    if rank == 0:
        yield Widget(
            key="recent",
            kind="recent",
            title="Recently updated",
            note=f"Latest changes of {noun(entity.label_plural)}"[:80],
            entity=entity.name,
        )


def _activity(entity: Entity) -> Widget:
    flow = _flow(entity)
    free = [f for f in entity.fields if f.name != "day"]  # each point of the chart has a day already
    dates = [f.name for f in free if f.type in ("date", "datetime") and f.required and not FUTURE.search(f.name)]
    days = 30 if dates and not flow else 14
    return Widget(
        key="activity",
        kind="timeseries",
        title="Activity",
        note=f"{entity.label_plural} in the last {days} days"[:80],
        entity=entity.name,
        series=("created_at", flow.stamp) if flow else (dates[0],) if dates else ("created_at",),
        days=days,
    )


def _shares(entity: Entity, rank: int) -> Iterator[Widget]:
    names, where, flow = entity.label_plural, unfinished(entity), _flow(entity)
    enums = [f for f in entity.fields if f.type == "enum" and len(f.options) > 1]
    money = next(
        (f for f in entity.fields if f.type == "money" and any(n in f.name for n in _SUMMED) and "unit" not in f.name),
        None,
    )
    summed = money if not flow else None
    for index, field in enumerate(enums[: 2 if rank == 0 else 1]):
        waiting = bool(where) and field.name not in where and index > 0
        yield Widget(
            key=f"{entity.plural}_by_{field.name}",
            kind="breakdown",
            title=_cut(f"{summed.label if summed else names} by {noun(field.label)}"),
            note="What is open" if waiting else f"All {noun(names)}"[:80],
            entity=entity.name,
            by=field.name,
            where=where if waiting else {},
            op="sum" if summed else "count",
            of=summed.name if summed else None,
        )


def _rankings(entity: Entity, rank: int) -> Iterator[Widget]:
    names, where = entity.label_plural, unfinished(entity)
    ones = [r for r in entity.relations if r.kind == "one" and r.name != entity.author]
    for relation in ones[: 1 if rank else 2]:
        yield Widget(
            key=f"{entity.plural}_per_{relation.name}",
            kind="ranking",
            title=_cut(f"{names} by {noun(relation.label)}"),
            note=f"Open {noun(names)}"[:80] if where else "Most first",
            entity=entity.name,
            by=relation.name,
            where=where,
        )
