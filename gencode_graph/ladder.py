"""The ladder: which way a step takes next. By attempts, findings and what was tried; by the memory, once it knows.

::

    built-in draft ─ certain fixes ─ a repair that worked before ─ a model with the findings, then a higher tier
                   ─ a repair from elsewhere ─ back to what was green: by file, by step ─ a person

A way is never taken twice on the same findings, and the last attempts are kept for the ways back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from gencode_graph.decisions import Option
from gencode_graph.lessons import choose
from gencode_graph.protocols import Producer
from gencode_graph.services import Services
from gencode_graph.state import StepState
from gencode_graph.step import Step, Team
from gencode_graph.types import Task


def ways(step: Step, task: Task, state: StepState) -> list[Producer]:
    """Those that may come next, in the order in which they are tried unless the memory knows better."""
    failed, green = bool(task.errors), state["kept"] is not None
    resorts = [] if green or not failed else list(_untried(step.resorts, task, state))
    room = task.attempts - state["attempt"]
    if room <= len(resorts):
        return resorts[:room]
    team = step.team or Team(agents=())
    repairs = (*step.healers, *(() if green else team.fixers)) if failed else ()
    some = (*repairs, *(() if green else step.producers), *team.agents)
    return [*_untried(some, task, state), *resorts]


async def pick(step: Step, task: Task, state: StepState, services: Services) -> Producer | None:
    """The way to take: the first, or what outcomes so far speak for."""
    open_to: dict[str, Producer] = {}
    for way in ways(step, task, state):
        open_to.setdefault(way.name, way)
    names = list(open_to)
    if not task.errors or len(names) < 2:
        return open_to[names[0]] if names else None
    text = "\n".join(f"{error.rule} {error.message}" for error in task.errors[:5])
    options = [Option(name=name, description=name) for name in names]
    occasion = len(state["tried"])
    decision = await choose(services, task, "repair", text, options=options, default=names[0], occasion=occasion)
    return open_to[decision.selected if decision else names[0]]


def trial(way: Producer, task: Task) -> str:
    """A way on a set of findings, as a short name."""
    text = "\n".join(sorted({finding.signature for finding in task.findings}))
    return f"{way.name}|{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _untried(some: Iterable[Producer], task: Task, state: StepState) -> Iterator[Producer]:
    return (way for way in some if trial(way, task) not in state["tried"] and way.accepts(task))
