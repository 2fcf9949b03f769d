"""Contexts from wide to narrow, and the options that keep failing in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gencode_graph.decisions import Context

Group = tuple[str | None, str | None, str | None]
"""Archetype, step and language that some events have in common."""
WHOLE: Group = (None, None, None)
TRIES, HOPE, FADE = 4.0, 0.2, 0.98
"""An option fails here when so many tries leave less hope than that; tallies fade at each outcome, so it may return."""
TRIES_AT_LARGE = 12.0
"""The same where nothing is known of the context."""


@dataclass(frozen=True, kw_only=True)
class AntiPattern:
    """An option that keeps failing in a context."""

    option: str
    tries: float
    """Later ones count more."""
    successes: float
    context: Context
    """Where it fails: the context asked for, or a wider one."""


def groups(context: Context) -> list[Group]:
    """The contexts that an event belongs to, the widest first."""
    archetype, step, language = context.archetype, context.step, context.language
    found = [WHOLE, (None, None, language), (archetype, None, None), (None, step, None), (archetype, step, None)]
    return list(dict.fromkeys(found))


def group(names: Sequence[str | None]) -> Group:
    """A group as JSON has it."""
    archetype, step, language = names
    return archetype, step, language


@dataclass
class Tallies:
    """How often each option was tried in each group, and with success."""

    counts: dict[Group, dict[str, list[float]]] = field(default_factory=dict)

    def note(self, where: Iterable[Group], option: str, success: bool) -> None:
        """Take in an outcome."""
        for one in where:
            names = self.counts.setdefault(one, {})
            for tally in names.values():
                tally[:] = [tally[0] * FADE, tally[1] * FADE]
            used, worked = names.get(option, [0.0, 0.0])
            names[option] = [used + 1, worked + success]

    def forget(self, option: str) -> None:
        """Drop an option."""
        for names in self.counts.values():
            names.pop(option, None)

    def failing(self, context: Context) -> list[AntiPattern]:
        """Options that keep failing in a context or one around it, the worst first."""
        found: dict[str, AntiPattern] = {}
        for one in groups(context):
            least = TRIES_AT_LARGE if one == WHOLE else TRIES
            for name, (used, worked) in self.counts.get(one, {}).items():
                if used >= least * 0.9 and (worked + 1) / (used + 2) < HOPE:
                    where = Context(archetype=one[0], step=one[1], language=one[2])
                    found[name] = AntiPattern(option=name, tries=used, successes=worked, context=where)
        return sorted(found.values(), key=lambda bad: (bad.successes - bad.tries, bad.option))
