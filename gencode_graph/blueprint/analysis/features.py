"""What requests ask for beyond records: what the apps have, where it is to be seen, and what they do not do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.spec import AppSpec, ListPage

_FILE = Path(__file__).with_name("features.yaml")


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A feature as a clause has it: ``first`` to before ``end``, in characters."""

    said: str
    first: int
    end: int
    has: str = ""
    """Which kind of evidence it needs."""
    told: str = ""
    """Evidence that every app has."""
    unmet: str = ""
    """Why the app does not do it."""
    thing: bool = False
    """The same words may name records that the app does keep: ``reminders``, ``game collection``."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    table = read(_FILE)
    rows: list[tuple[str, dict[str, Any]]] = [
        (entry["says"], {"unmet": entry["why"], "thing": bool(entry.get("thing"))}) for entry in table["unmet"]
    ]
    rows += [(entry["says"], {"told": entry["what"]}) for entry in table["told"]]
    rows += [(says, {"has": has}) for has, says in table["met"].items()]
    return tuple((re.compile(rf"(?<![\w-])(?:{says})(?!\w)", re.IGNORECASE), rest) for says, rest in rows)


def features(text: str) -> Iterator[Feature]:
    """Every feature that a clause speaks of; words of one that every app has count for nothing else."""
    taken: list[tuple[int, int]] = []
    for pattern, rest in _patterns():
        for found in pattern.finditer(text):
            if any(first < found.end() and found.start() < end for first, end in taken):
                continue
            if "has" not in rest:
                taken.append(found.span())
            yield Feature(said=found[0].strip(), first=found.start(), end=found.end(), **rest)


def evidence(feature: Feature, app: AppSpec, near: Sequence[str]) -> list[str]:
    """Where a feature is to be seen, best for the entities that the clause speaks of; empty where it is not there."""
    if feature.told:
        return [feature.told]
    lists = [p for p in app.pages if p.kind == "list"]
    close = [p for p in lists if p.entity in near] or lists[:1]
    spots = {e.name for e in app.entities if e.name in near} or {p.entity for p in close}
    match feature.has:
        case "write":
            return [f"page {p.path}" for p in close]
        case "search":
            return [f"page {p.path}" for p in close if app.entity(p.entity).search]
        case "filter":
            return [f"page {p.path}" for p in _filtered(close)]
        case "chart" | "app":
            return [f"page {p.path}" for p in app.pages if p.kind == "dashboard"]
        case "look":
            return [f"look {app.vibe}", f"look hue {app.hue}"]
        case "flow":
            return _flows(app, spots)
        case "assign":
            return [f"relation {e.name}.{r.name}" for e in app.entities if e.name in spots for r in e.relations][:3]
        case "rate":
            return [f"field {e.name}.{f.name}" for e in app.entities for f in e.fields if f.type == "rating"][:3]
        case "people":
            return [f"entity {app.user}"] if app.user else []
        case "detail":
            return [f"page {p.path}" for p in app.pages if p.kind == "detail" and p.entity in spots]
        case _:
            return [f"page {p.path}" for p in app.pages if p.kind == feature.has]


def _filtered(pages: Sequence[ListPage]) -> list[ListPage]:
    return [p for p in pages if p.filters]


def _flows(app: AppSpec, spots: set[str]) -> list[str]:
    rules = [f"rule workflow of {e.name}" for e in app.entities if any(r.kind == "workflow" for r in e.rules)]
    states = [
        f"field {e.name}.{f.name}" for e in app.entities for f in e.fields if f.type == "enum" and e.name in spots
    ]
    return rules[:3] or states[:2]
