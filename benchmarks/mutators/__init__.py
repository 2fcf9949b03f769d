"""Faults as models and hurried people make them, put into generated apps by seed; written apart from the healers.

``CLASSES`` names twelve kinds of fault, each with its ways in Python and in TypeScript; ``draw`` takes one at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from benchmarks.mutators.apps import App, Fault, Language, Mutator
from benchmarks.mutators.circles import CIRCLES
from benchmarks.mutators.contracts import FIELDS, ROUTES
from benchmarks.mutators.dependencies import DEPENDENCIES
from benchmarks.mutators.fences import FENCES
from benchmarks.mutators.imports import MISSING, PATHS
from benchmarks.mutators.promises import PROMISES
from benchmarks.mutators.slips import SLIPS
from benchmarks.mutators.spelling import ATTRIBUTES, NAMES
from benchmarks.mutators.strictness import STRICTNESS

CLASSES: Mapping[str, Mapping[Language, Sequence[Mutator]]] = {
    "import": MISSING,
    "path": PATHS,
    "name": NAMES,
    "attribute": ATTRIBUTES,
    "dependency": DEPENDENCIES,
    "circle": CIRCLES,
    "syntax": SLIPS,
    "fence": FENCES,
    "route": ROUTES,
    "field": FIELDS,
    "await": PROMISES,
    "strict": STRICTNESS,
}
"""Class -> language -> ways to make such a fault."""
SHARES: Mapping[str, Mapping[Language, float]] = {"strict": {"typescript": 0.9, "python": 0.1}}
"""How the faults of a class are shared out, where not evenly."""
TRIES = 60


def languages(kind: str, count: int) -> list[Language]:
    """The languages of so many faults of a class, one after another."""
    known: list[Language] = list(CLASSES[kind])
    if kind not in SHARES:
        return [known[n % len(known)] for n in range(count)]
    rarer = min(SHARES[kind], key=lambda language: SHARES[kind][language])
    often = max(SHARES[kind], key=lambda language: SHARES[kind][language])
    every = round(1 / SHARES[kind][rarer])
    return [rarer if n % every == every - 1 else often for n in range(count)]


def draw(kind: str, language: Language, apps: Sequence[App], dice: Random) -> Fault:
    """One fault of a class in one of the apps; raises ``LookupError`` where no way of making it finds a place."""
    for _ in range(TRIES):
        app = dice.choice(apps)
        way = dice.choice(CLASSES[kind][language])
        changes = way(app, dice)
        if changes and any(app.files.get(path) != text for path, text in changes.items()):
            return Fault(kind=kind, language=language, way=way.__name__, app=app.name, changes=changes)
    raise LookupError(f"no place for a fault of class {kind} in {language}: give more apps")
