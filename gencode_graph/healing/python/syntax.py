"""Syntax slips: the cheapest small changes after which a module can be read again."""

from __future__ import annotations

import heapq
import keyword
from collections import Counter
from itertools import count

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.python.app import sources, words_in
from gencode_graph.healing.python.slips.brackets import brackets
from gencode_graph.healing.python.slips.layout import layout
from gencode_graph.healing.python.slips.slip import Changes, slip_in
from gencode_graph.healing.python.slips.words import words
from gencode_graph.types import Finding
from gencode_graph.validation.names import names

CHANGES: tuple[Changes, ...] = (layout, brackets, words)
READS = 1500
"""Texts that are tried at most."""
ALTERNATIVES = 120
"""Readable texts that are kept at most."""
COMPARED = 12
"""Those of them whose names are looked up."""
UNDEFINED = 2
"""Names that a repaired module may leave undefined: with more, it was no Python to begin with."""
AHEAD = 3.0
"""What it is worth to have read a text to its end: the way that leads furthest is followed first."""
SPREAD = 0.4
"""What costs more than that above the cheapest is not what was meant."""


def python_syntax(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file as it can be read with the least change; of several ways, the one that leaves no name undefined."""
    path = finding.path or ""
    text = patient.files.get(path)
    if text is None or not path.endswith(".py") or slip_in(text) is None or not patient.treatable(path):
        return {}
    ways = readable(text)
    rest = (words_in(other) for one, other in sources(patient.files).items() if one != path)
    others = frozenset(keyword.kwlist).union(*rest)
    lines = Counter(text.split("\n"))

    def strange(new: str) -> int:
        """How many words of the changed lines stand nowhere else in the app."""
        after = Counter(new.split("\n"))
        known = others | words_in("\n".join((after & lines).elements()))
        return len(words_in("\n".join((after - lines).elements())) - known)

    ranked = sorted((strange(new), cost, new) for cost, new in ways)
    best = [(len(names(path, new)), odd, cost, new) for odd, cost, new in ranked[:COMPARED]]
    return {path: min(best)[-1]} if best and min(best)[0] <= UNDEFINED else {}


def readable(text: str) -> list[tuple[float, str]]:
    """Texts near one that can be read, each with its cost; the cheapest few."""
    order, seen = count(), {text}
    found: list[tuple[float, str]] = []
    first = slip_in(text)
    waiting = [(0.0, next(order), 0.0, first)] if first is not None else []
    reads = 0
    while waiting and reads < READS and len(found) < ALTERNATIVES:
        _, _, cost, slip = heapq.heappop(waiting)
        if found and cost > found[0][0] + SPREAD:
            continue
        for changes in CHANGES:
            for extra, new in changes(slip):
                if new in seen or reads >= READS:
                    continue
                seen.add(new)
                reads += 1
                rest = slip_in(new)
                if rest is None:
                    found.append((cost + extra, new))
                elif rest.of_signs != slip.of_signs or (rest.line, rest.column) > (slip.line, slip.column):
                    ahead = AHEAD * rest.line / len(rest.lines)
                    heapq.heappush(waiting, (cost + extra - ahead, next(order), cost + extra, rest))
        found.sort()
    return [one for one in found if one[0] <= found[0][0] + SPREAD]
