"""The demo data of an app as rows: fixed ids, links by id, numbers, positions and stamps filled in, times relative."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from gencode_graph.blueprint.view import AppView, EntityView

Row = dict[str, Any]
_SPAN = 30.0  # days over which rows without a time of their own are spread


def seed_rows(app: AppView) -> dict[str, list[Row]]:
    """Plural -> rows, parents before children. Times are ``@-3.2d``, days from the start of the app."""
    ids = {
        entity.name: [_id(app, entity, row, index) for index, row in enumerate(app.spec.seeds.get(entity.name, ()))]
        for entity in app.ordered
    }
    keys = {
        entity.name: {
            str(row["$key"]): row_id
            for row, row_id in zip(app.spec.seeds.get(entity.name, ()), ids[entity.name], strict=True)
            if "$key" in row
        }
        for entity in app.ordered
    }
    return {entity.plural: _rows(app, entity, ids[entity.name], keys) for entity in app.ordered}


def _id(app: AppView, entity: EntityView, row: Row, index: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{app.spec.name}/{entity.name}/{row.get('$key', index)}"))


def _rows(app: AppView, entity: EntityView, ids: list[str], keys: dict[str, dict[str, str]]) -> list[Row]:
    given = app.spec.seeds.get(entity.name, ())
    rows = [
        _row(entity, row, row_id, keys, len(given) - index, len(given))
        for index, (row, row_id) in enumerate(zip(given, ids, strict=True))
    ]
    rows = _parents_first(entity, sorted(rows, key=lambda row: _days(row["created_at"])))
    numbers: Counter[str | None] = Counter()
    positions: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if sequence := entity.sequence:
            scope = row[f"{sequence.per}_id"] if sequence.per else None
            numbers[scope] += 1
            row["number"] = numbers[scope]
        if board := entity.board:
            positions[row[board.by]] += 1
            row["position"] = positions[row[board.by]]
    return rows


def _row(entity: EntityView, given: Row, row_id: str, keys: dict[str, dict[str, str]], left: int, count: int) -> Row:
    row: Row = {"id": row_id}
    for column in entity.columns:
        row[column.name] = given.get(column.name, column.default)
    for relation in entity.ones:
        key = given.get(relation.name)
        row[relation.column] = keys[relation.target.name][key] if key else None
    for relation in entity.manys:
        row[relation.column] = [keys[relation.target.name][key] for key in given.get(relation.name, ())]
    created = _days(given["created_at"]) if "created_at" in given else -_SPAN * left / (count + 1)
    touched = created
    for rule in entity.workflows:
        stamp = given.get(rule.stamp)
        if row[rule.field] in rule.final and stamp is None:
            stamp = _when(created * 0.4)
        row[rule.stamp] = stamp if row[rule.field] in rule.final else None
        touched = max(touched, _days(stamp)) if stamp else touched
    row["created_at"] = _when(created)
    row["updated_at"] = given.get("updated_at", _when(touched))
    return row


def _parents_first(entity: EntityView, rows: list[Row]) -> list[Row]:
    """The same rows, those that others of the same table refer to before these."""
    own = [r.column for r in entity.ones if r.target == entity]
    done: dict[str, Row] = {}
    waiting = rows
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or row[name] in done for name in own)]
        done |= {row["id"]: row for row in ready or waiting[:1]}
        waiting = [row for row in waiting if row["id"] not in done]
    return list(done.values())


def _days(when: str) -> float:
    return float(when[1:-1])


def _when(days: float) -> str:
    return f"@{round(days, 3):+}d".replace("@+", "@")
