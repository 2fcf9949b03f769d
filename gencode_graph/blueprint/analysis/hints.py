"""The figures that the knowledge itself asks for, where the app has what they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.naming import noun
from gencode_graph.spec import Entity, Widget

_KINDS = ("stat", "breakdown", "ranking")


def with_hints(derived: Sequence[Widget], entity: Entity, concept: Concept) -> list[Widget]:
    """The told figures of an entity before the derived ones, less those that would say the same again."""
    told = list(_told(entity, concept))
    sums = {w.of for w in told if w.kind == "stat"} - {None}
    groups = {(w.kind, w.by) for w in told if w.by}
    kept = [w for w in derived if (w.kind, w.by) not in groups and (w.kind != "stat" or w.of not in sums)]
    flow = [w for w in kept if w.kind == "timeseries"]
    return [*flow, *told, *(w for w in kept if w not in flow)]


def _told(entity: Entity, concept: Concept) -> Iterator[Widget]:
    fields = {f.name for f in entity.fields}
    ones = {r.name for r in entity.relations if r.kind == "one"}
    for hint in concept.dashboard:
        kind = next((k for k in _KINDS if k in hint), None)
        used = {str(hint.get("of", entity.title)), *hint.get("where", {})}
        by = None if kind in (None, "stat") else str(hint[kind])
        if kind is None or used - fields or (by and by not in (ones if kind == "ranking" else fields)):
            continue
        yield _widget(kind, by, hint, entity)


def _widget(kind: Any, by: str | None, hint: Mapping[str, Any], entity: Entity) -> Widget:
    title = str(hint.get("title") or f"{entity.label_plural} by {noun(by or 'count')}")
    return Widget(
        key="_".join(title.lower().replace("-", " ").split())[:36], kind=kind, title=title, entity=entity.name, by=by,
        op=hint[kind] if kind == "stat" else hint.get("op", "count"), of=hint.get("of"),
        where={name: tuple(values) for name, values in hint.get("where", {}).items()}, icon=hint.get("icon"),
        note=str(hint.get("note") or f"over all {noun(entity.label_plural)}")[:80] if not hint.get("where") else "",
    )  # fmt: skip
