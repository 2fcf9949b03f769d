"""What requests ask for beyond records: what the apps have, where it is to be seen, and what they do not do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.spec import AppSpec, ListPage

_FILE = Path(__file__).with_name("features.yaml")


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A feature as a clause has it."""

    said: str
    """The words of the clause."""
    has: str = ""
    """Which kind of evidence it needs."""
    unmet: str = ""
    """Why the app does not do it."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    table = read(_FILE)
    rows = [(entry["says"], "", entry["why"]) for entry in table["unmet"]]
    rows += [(says, has, "") for has, says in table["met"].items()]
    return tuple((re.compile(rf"\b(?:{says})\b", re.IGNORECASE), has, why) for says, has, why in rows)


def features(text: str) -> Iterator[Feature]:
    """Every feature that a clause speaks of."""
    for pattern, has, why in _patterns():
        if found := pattern.search(text):
            yield Feature(said=found[0], has=has, unmet=why)


def evidence(feature: Feature, app: AppSpec, near: Sequence[str]) -> list[str]:
    """Where a feature is to be seen, best for the entities that the clause speaks of; empty where it is not there."""
    lists = [p for p in app.pages if p.kind == "list"]
    close = [p for p in lists if p.entity in near] or lists[:1]
    by_kind = {
        kind: [f"page {p.path}" for p in app.pages if p.kind == kind]
        for kind in ("dashboard", "board", "calendar", "detail")
    }
    match feature.has:
        case "write":
            return [f"page {p.path}" for p in close]
        case "search":
            return [f"search {p.entity}" for p in close if app.entity(p.entity).search] and [
                f"page {p.path}" for p in close
            ]
        case "filter":
            return [f"page {p.path}" for p in _filtered(close)]
        case "chart":
            return by_kind["dashboard"]
        case "look":
            return [f"look {app.vibe}", f"look hue {app.hue}"]
        case "app":
            return by_kind["dashboard"]
        case "flow":
            rules = [f"rule workflow of {e.name}" for e in app.entities if any(r.kind == "workflow" for r in e.rules)]
            return rules or [f"field {e.name}.{f.name}" for e in app.entities for f in e.fields if f.type == "enum"][:2]
        case "people":
            return [f"entity {app.user}"] if app.user else []
        case _:
            return by_kind.get(feature.has, [])


def _filtered(pages: Sequence[ListPage]) -> list[ListPage]:
    return [p for p in pages if p.filters]
