"""What became of faults, and the figures about it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

ATTEMPTS = 5
CERTAIN = ("import", "path", "name")
"""Classes of which all have to be healed."""
SHARE = 0.9
"""Of all that was seen, which has to be healed."""
SECONDS = 3.0
"""The median of a healing, without its tests, stays below."""


@dataclass
class Case:
    """What became of one fault."""

    kind: str
    language: str
    app: str
    way: str
    path: str
    rules: list[str] = field(default_factory=list)
    """Of what the checks found."""
    seen: bool = False
    green: bool = False
    """The checks pass again."""
    attempts: int = 0
    crash: str = ""
    """What a healer raised at last."""
    by: str = ""
    """What turned it green: ``heal`` or ``memory``."""
    seconds: float = 0.0
    """Healing alone."""
    checked: float = 0.0
    """Healing, and the checks after it."""
    weakened: bool = False
    """A test was changed."""
    tests: bool | None = None
    """Whether the app's own tests pass; None where they did not run."""
    same: bool = False
    """The app is what it was before the fault, to the letter."""

    @property
    def healed(self) -> bool:
        """Whether all is as good as before, as far as it was looked at."""
        return self.green and not self.weakened and self.tests is not False

    @property
    def needed(self) -> int:
        """Attempts that it took; all of them where it was not healed."""
        return self.attempts if self.healed else ATTEMPTS


def rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The figures of each class and language, and of all."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.kind, case.language), []).append(case)
    return [_row(*key, group) for key, group in groups.items()] + [_row("all", "", cases)]


def _row(kind: str, language: str, cases: Sequence[Case]) -> dict[str, Any]:
    seen = [case for case in cases if case.seen]
    healed = [case for case in seen if case.healed]
    return {
        "class": kind,
        "language": language,
        "faults": len(cases),
        "seen": len(seen),
        "healed": len(healed),
        "weakened": sum(case.weakened for case in cases),
        "tests": f"{sum(c.tests is True for c in cases)}/{sum(c.tests is not None for c in cases)}",
        "same": sum(case.same for case in healed),
        "attempts": _rounded([case.attempts for case in healed], statistics.mean),
        "seconds": _rounded([case.seconds for case in seen], statistics.median),
        "checked": _rounded([case.checked for case in seen], statistics.median),
    }


def _rounded(values: Sequence[float], middle: Any) -> float | None:
    return round(middle(values), 2) if values else None


def misses(cases: Sequence[Case]) -> list[str]:
    """The thresholds that are not met."""
    seen = [case for case in cases if case.seen]
    healed = sum(case.healed for case in seen)
    lost = [case for case in seen if case.kind in CERTAIN and not case.healed]
    weakened = sum(case.weakened for case in cases)
    middle = statistics.median(case.checked for case in seen) if seen else 0.0
    found = {
        f"{healed} of {len(seen)} healed, less than {SHARE:.0%}": healed < SHARE * len(seen),
        f"{len(lost)} faults of {', '.join(CERTAIN)} not healed": bool(lost),
        f"{weakened} tests changed": weakened > 0,
        f"the median takes {middle:.1f} s, more than {SECONDS} s": middle >= SECONDS,
    }
    return [text for text, missed in found.items() if missed]


def table(cases: Sequence[Case], title: str, *, green: bool) -> Table:
    """The figures for people."""
    same = "reverted" if green else "as before"
    heads = ("class", "language", "faults", "seen", "healed", "tests changed", "tests pass", same, "attempts", "heal s",
             "with checks s")  # fmt: skip
    shown = Table(*heads, title=title)
    for row in rows(cases):
        shown.add_row(*("" if value is None else str(value) for value in row.values()))
    return shown


def compared(first: Sequence[Case], second: Sequence[Case]) -> dict[str, Any]:
    """Attempts of two passes over the same faults; what is not healed took all of them."""
    one, two = [case for case in first if case.seen], list(second)
    return {
        "faults": len(one),
        "healed": [sum(case.healed for case in some) for some in (one, two)],
        "attempts": [_rounded([case.needed for case in some], statistics.mean) for some in (one, two)],
        "fewer": sum(b.needed < a.needed for a, b in zip(one, two, strict=True)),
        "more": sum(b.needed > a.needed for a, b in zip(one, two, strict=True)),
        "by_memory": sum(case.by == "memory" for case in two),
    }
