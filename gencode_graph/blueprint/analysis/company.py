"""Which kinds of records an app has: what the request names, what those need, and the people."""

from __future__ import annotations

from collections.abc import Mapping

from gencode_graph.blueprint.analysis.knowledge import Concept, concepts
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.reading import Reading

MOST = 12
_SORTING = frozenset(["tag", "label", "category", "folder", "collection", "genre"])


def gather(reading: Reading) -> dict[str, Concept]:
    """Name -> concept, the main one first among the named; what is only needed comes after."""
    known = concepts()
    chosen: dict[str, Concept] = dict(reading.concepts)
    if not chosen:
        return {}
    things = [c for c in chosen.values() if not c.person and c.name not in _SORTING]
    if len(things) <= 1 and len(chosen) <= 2:
        lead = things[0] if things else next(iter(chosen.values()))
        for name in lead.brings:
            if name in known:
                chosen.setdefault(name, known[name])
    waiting = list(chosen.values())
    while waiting:
        for name in waiting.pop(0).needs:
            if name in known and name not in chosen:
                chosen[name] = known[name]
                waiting.append(known[name])
    if people(chosen) is None and _people_matter(chosen, reading) and "user" in known:
        chosen["user"] = known["user"]
    return dict(list(chosen.items())[:MOST])


def _people_matter(chosen: Mapping[str, Concept], reading: Reading) -> bool:
    if any(c.author and c.part_of for c in chosen.values()):
        return True
    links = any(r.target == "user" for c in chosen.values() for r in c.relations)
    return links and bool(words("together") & reading.norms)


def people(chosen: Mapping[str, Concept]) -> str | None:
    """The kind of record that stands for whoever uses the app."""
    if "user" in chosen:
        return "user"
    return next((c.name for c in chosen.values() if c.person), None)


def leading(chosen: Mapping[str, Concept], reading: Reading) -> str:
    """The kind of record the app is about: the first named that is neither people nor mere order."""
    parts = {c.name for c in chosen.values() if any(p in chosen for p in c.part_of)}
    for concept in reading.concepts.values():
        if concept.name in chosen and not concept.person and concept.name not in _SORTING and concept.name not in parts:
            return concept.name
    return next(iter(chosen))
