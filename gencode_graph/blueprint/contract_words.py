"""The contract in words: what ``docs/contracts.md`` says of fields, lists and rules."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gencode_graph.blueprint.columns import Column
from gencode_graph.blueprint.naming import noun
from gencode_graph.blueprint.seeds import seed_rows
from gencode_graph.blueprint.view import EntityView
from gencode_graph.spec import Widget

_TIMES = {"date": "date, `2026-01-31`", "datetime": "time, `2026-01-31T09:00:00Z`", "boolean": "`true` or `false`"}
_DELETED = {"cascade": "goes with it", "set_null": "stays, without it", "restrict": "keeps it from being deleted"}


def value(column: Column) -> str:
    """``text, up to 140 characters``, ``number, 0 to 5``."""
    if column.type == "enum":
        return quoted(option.value for option in column.spec.options)
    if column.is_text:
        kind = {"string": "text", "image": "address of a picture"}.get(column.type, column.type)
        form = f", matching `{column.spec.pattern}`" if column.spec.pattern else ""
        return f"{kind}, up to {column.max_length} characters{form}".replace("|", "\\|")
    if column.is_number:
        kind = "whole number" if column.python == "int" else "number"
        low, high = column.bounds
        given = [b for b in (low, high) if abs(b) not in column.limits]
        return f"{kind}, {low:g} to {high:g}" if len(given) == 2 else kind
    return _TIMES[column.type]


def duty(column: Column) -> str:
    """``required``, ``may be null``, or what it is when left out."""
    if column.must:
        return "required" + (", unique" if column.spec.unique else "")
    return "may be null" if column.nullable else f"`{json.dumps(column.default, ensure_ascii=False)}` if left out"


def quoted(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def filters(entity: EntityView) -> list[str]:
    """The query parameters that a list is filtered by."""
    found: list[str] = []
    for column in entity.columns:
        if column.type in ("enum", "boolean"):
            found.append(column.name)
        elif column.is_time:
            found += [f"{column.name}_from", f"{column.name}_to"]
    return found + [relation.param for relation in entity.relations]


def read_only(entity: EntityView) -> list[tuple[str, str]]:
    """(name, where it comes from) of what the backend adds to a record."""
    found = [("number", "counts up")] if entity.sequence else []
    found += [(w.stamp, f"when `{w.field}` became final") for w in entity.workflows]
    names = {"count": "how many", "sum": "sum of", "avg": "average of"}
    for rule in entity.aggregates:
        source = entity.app.entity(rule.source)
        what = f"`{rule.of}` of its {source.nouns}" if rule.of else source.nouns
        found.append((rule.field, f"{names[rule.op]} {what}"))
    return found


def promises(entity: EntityView) -> list[str]:
    """What holds between records, as sentences."""
    found = [f"`{f.name}` is unique." for f in entity.spec.fields if f.unique]
    found += [f"{quoted(rule.fields)} together are unique." for rule in entity.uniques]
    for span in entity.overlaps:
        scope = f" with the same {quoted(span.scope)}" if span.scope else ""
        found.append(f"`{span.end}` is after `{span.start}`, and two {entity.nouns}{scope} never overlap.")
    if entity.sequence:
        scope = f" in each `{entity.sequence.per}`" if entity.sequence.per else ""
        found.append(f"`number` counts up from 1{scope}.")
    for rule in entity.workflows:
        found.append(
            f"`{rule.stamp}` is the time when `{rule.field}` became {' or '.join(f'`{v}`' for v in rule.final)}."
        )
    for relation in entity.ones:
        found.append(f"When its {noun(relation.spec.label)} is deleted, it {_DELETED[relation.spec.on_delete]}.")
    return found


def example(entity: EntityView) -> str:
    """A body for ``POST``, from the demo data."""
    rows = seed_rows(entity.app)[entity.plural]
    names = [c.name for c in entity.columns] + [r.column for r in entity.relations]
    row = rows[0] if rows else {}
    body = {name: row[name] for name in names if row.get(name) not in (None, "", [])}
    for column in entity.columns:
        if column.is_time and str(body.get(column.name, "")).startswith("@"):
            body[column.name] = "2026-01-31" if column.type == "date" else "2026-01-31T09:00:00Z"
        elif isinstance(text := body.get(column.name), str) and len(text) > 80:
            body[column.name] = text[:60].rstrip() + "…"
    return json.dumps(body, ensure_ascii=False, indent=2)


def widget(spec: Widget) -> str:
    """The shape of a widget's figures."""
    days = ", ".join(f'"{series}": 0' for series in spec.series)
    return {
        "stat": '`{"value": 0, "current": null, "previous": null}`',
        "timeseries": f'`[{{"day": "2026-01-31", {days}}}]`, {spec.days} days',
        "breakdown": f'`[{{"key": "...", "value": 0}}]`, one for each `{spec.by}`',
        "ranking": '`[{"id": "...", "name": "...", "value": 0}]`, 6 at most',
        "recent": "the 6 records that changed last",
    }[spec.kind]
