"""The cast: Marcus, Victoria, Derek and Luna, who improve on green drafts where there is a model to ask."""

from __future__ import annotations

from dataclasses import replace

from gencode_graph.agents.agent import Agent
from gencode_graph.agents.review import approval, review
from gencode_graph.agents.transformed import Transformed
from gencode_graph.healing.recall import Recall
from gencode_graph.protocols import Producer
from gencode_graph.step import Team
from gencode_graph.types import Tier
from gencode_graph.validation.files_kept import files_kept
from gencode_graph.validation.integrity import integrity
from gencode_graph.validation.preflight import preflight
from gencode_graph.validation.tests_kept import tests_kept
from gencode_graph.validation.tests_locked import tests_locked

CAST = ("marcus", "victoria", "derek", "luna")
"""Each has its ``prompts/<name>.md``."""

GATES = (integrity, preflight, files_kept, tests_kept, tests_locked)
"""What everything that a model wrote must pass first."""


def team(
    name: str, brief: str, *, tier: Tier = "simple", reviewed: bool = True, fixers: tuple[Producer, ...] = ()
) -> Team:
    """One of the cast with its brief: it edits the draft at hand first, then starts afresh with less.

    Where you allow it, a person is asked to change a constraint before that, once the step has failed a few times.

    What it wrote is reviewed by Marcus, if ``reviewed``, once all tools let it pass.
    """
    agent = Agent(persona=name, brief=brief, tier=tier)
    ways = (Transformed(agent=agent), agent, replace(agent, afresh=True))
    return Team(agents=ways, gates=GATES, reviewers=(review,) if reviewed else (), fixers=fixers)


def repair_team(name: str, brief: str) -> Team:
    """Nobody who adds to a green draft; one of the cast where it fails."""
    return Team(agents=(), gates=GATES, fixers=fixers(name, brief))


def fixers(name: str, brief: str, *, tier: Tier = "medium") -> tuple[Producer, ...]:
    """One of the cast who works only on findings; then what worked in other places."""
    agent = Agent(persona=name, brief=brief, tier=tier, heals=True)
    return Transformed(agent=agent), agent, Recall(foreign=True)


__all__ = ["CAST", "GATES", "Agent", "approval", "fixers", "repair_team", "review", "team"]
