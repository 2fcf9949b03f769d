"""Hints: what the memory adds to a question: which files matter, what is worth knowing, how strong a model it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from gencode_graph.agents.complexity import TIERS, tier_for
from gencode_graph.decisions import Decision
from gencode_graph.lessons import choose, plan_signature, recalled
from gencode_graph.services import Services
from gencode_graph.types import Task, Tier

SKILLS, WORTH = 2, 0.15
"""Paragraphs of guidance that an agent gets at most, and the weight that each needs."""
ROLES: tuple[tuple[str, str], ...] = (
    ("tests", r"/tests/|/e2e/|\.test\.|\.spec\."),
    ("contract", r"^openapi\.json$|^appspec\.json$|contracts\.md$"),
    ("docs", r"\.md$"),
    ("client", r"^frontend/src/api/"),
    ("pages", r"^frontend/src/(pages|routes)/|router\.tsx$"),
    ("components", r"^frontend/src/components/"),
    ("styles", r"\.css$"),
    ("models", r"^backend/app/models/|schemas\.py$|db\.py$"),
    ("routers", r"^backend/app/"),
)
"""Which paths have which role; the first that fits."""


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What to put into a question."""

    tier: Tier
    attention: Mapping[str, float] = field(default_factory=dict)
    """Weight of a role of files, from 0 to 1; empty where all count the same."""
    guidance: tuple[str, ...] = ()
    """Paragraphs for the agent."""

    def weight(self, path: str) -> float:
        """How much the files of that kind matter."""
        role = next((name for name, pattern in ROLES if re.search(pattern, path)), "")
        return float(self.attention.get(role, 0.5)) if self.attention else 0.5


async def hints(task: Task, files: Mapping[str, str], least: Tier, brief: str, services: Services) -> Hints:
    """What the memory says to a task; rules and nothing more where it is not sure, or not there."""
    ruled = tier_for(task, files, at_least=least)
    said = "\n".join([task.request, *(f"{error.rule} {error.message}" for error in task.errors[:3])])
    weaker = TIERS[: TIERS.index(least)]
    tier = await choose(services, task, "model_tier", f"{task.step}: {brief}\n{said}", default=ruled, exclude=weaker)
    attention = await choose(services, task, "context_files", f"{task.step}: {brief}\n{said}")
    skills = await choose(services, task, "skills", said)
    return Hints(
        tier=cast("Tier", tier.selected) if tier else ruled,
        attention=attention.value if attention and not attention.abstained else {},
        guidance=(*_guidance(skills, services), *await _plans(task, services)),
    )


def _guidance(decision: Decision | None, services: Services) -> list[str]:
    """The texts of the options that carry weight."""
    if decision is None or decision.abstained or services.memory is None:
        return []
    options = services.memory.options("skills")
    return [options[name].value["text"] for name, weight in decision.ranking[:SKILLS] if weight >= WORTH]


async def _plans(task: Task, services: Services) -> list[str]:
    """What like requests became, for who writes the specification."""
    if task.step != "analysis" or task.spec is None:
        return []
    plans = await recalled(services, task, "plan", plan_signature(task.spec), task.request, limit=2)
    return [f"An app of a like kind that worked had {', '.join(plan.body['entities'])}." for plan in plans]
