"""Pairs of times in demo rows: ends after starts, and nothing overlapping where a rule forbids it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gencode_graph.blueprint.analysis.values import days, when
from gencode_graph.spec import Entity

Row = dict[str, Any]
_HOURS = (1 / 24, 1.5 / 24, 2 / 24)
_DAYS = (2.0, 4.0, 7.0)
PAIRS: dict[str, tuple[str, tuple[float, ...]]] = {
    "ends_at": ("starts_at", _HOURS),
    "end_at": ("start_at", _HOURS),
    "end_time": ("start_time", _HOURS),
    "finished_at": ("started_at", _HOURS),
    "ends_on": ("starts_on", _DAYS),
    "end_date": ("start_date", _DAYS),
    "check_out": ("check_in", _DAYS),
    "check_out_date": ("check_in_date", _DAYS),
    "returned_on": ("borrowed_on", _DAYS),
    "due_on": ("borrowed_on", (14.0, 21.0)),
}
"""End -> its start and how long it may take, in days."""


def apart(rows: list[Row], entity: Entity) -> list[Row]:
    """The rows with their spans moved apart wherever a ``no_overlap`` rule asks for it."""
    for _ in range(3):
        for rule in entity.rules:
            if rule.kind == "no_overlap":
                _spread(rows, rule.start, rule.end, rule.scope)
    return rows


def _spread(rows: list[Row], start: str, end: str, scope: tuple[str, ...]) -> None:
    groups: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row.get(name) for name in scope)].append(row)
    for group in groups.values():
        free = float("-inf")
        for row in sorted(group, key=lambda r: days(r[start])):
            first, length = days(row[start]), max(0.04, days(row[end]) - days(row[start]))
            if first < free:
                first = free + 0.02
            row[start], row[end] = when(first), when(first + length)
            free = days(row[end])
