"""The cast: Marcus, Victoria, Derek and Luna, who improve on green drafts where there is a model to ask."""

from __future__ import annotations

from gencode_graph.agents.agent import Agent
from gencode_graph.agents.review import approval, review
from gencode_graph.healing.recall import Recall
from gencode_graph.protocols import Producer
from gencode_graph.step import Team
from gencode_graph.types import Tier
from gencode_graph.validation.files_kept import files_kept
from gencode_graph.validation.integrity import integrity
from gencode_graph.validation.preflight import preflight
from gencode_graph.validation.tests_kept import tests_kept

CAST = ("marcus", "victoria", "derek", "luna")
"""Each has its ``prompts/<name>.md``."""

GATES = (integrity, preflight, files_kept, tests_kept)
"""What everything that a model wrote must pass first."""


def team(
    name: str, brief: str, *, tier: Tier = "simple", reviewed: bool = True, fixers: tuple[Producer, ...] = ()
) -> Team:
    """One of the cast with its brief: it edits the draft at hand first, then starts afresh with less.

    What it wrote is reviewed by Marcus, if ``reviewed``, once all tools let it pass.
    """
    ways = (Agent(persona=name, brief=brief, tier=tier), Agent(persona=name, brief=brief, tier=tier, afresh=True))
    return Team(agents=ways, gates=GATES, reviewers=(review,) if reviewed else (), fixers=fixers)


def repair_team(name: str, brief: str) -> Team:
    """Nobody who adds to a green draft; one of the cast where it fails."""
    return Team(agents=(), gates=GATES, fixers=fixers(name, brief))


def fixers(name: str, brief: str, *, tier: Tier = "medium") -> tuple[Producer, ...]:
    """One of the cast who works only on findings; then what worked in other places."""
    return Agent(persona=name, brief=brief, tier=tier, heals=True), Recall(foreign=True)


__all__ = ["CAST", "GATES", "Agent", "approval", "fixers", "repair_team", "review", "team"]
