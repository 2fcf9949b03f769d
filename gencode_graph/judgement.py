"""Judging a draft: the checks of a step, tier by tier for what a model wrote, side by side within a tier."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gencode_graph.events import Activity, emit
from gencode_graph.protocols import Check
from gencode_graph.services import Services
from gencode_graph.step import Step
from gencode_graph.types import Attempt, Draft, Finding, Task, Verdict

GATE = 5.0
"""A review's score, of 10, below which an agent's draft is refused."""
FEW, TOLD = 3, 160
"""Errors of an attempt that are remembered, and characters of each."""
REVIEW = "review/"
"""What the rules of a reviewer's findings begin with."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """All that was said of one draft."""

    findings: tuple[Finding, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether something has to change."""
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def score(self) -> float | None:
        """The reviewer's, from 1 to 10; None where nothing was reviewed."""
        review = self.figures.get("review")
        return None if review is None else float(review["score"])

    @property
    def acceptable(self) -> bool:
        """Whether the draft can be delivered: no tool objects, and a reviewer gave it at least ``GATE``."""
        hard = [f for f in self.findings if f.severity == "error" and not f.rule.startswith(REVIEW)]
        return not hard and (self.score is None or self.score >= GATE)

    def attempt(self, number: int, producer: str | None) -> Attempt:
        """What is remembered of the attempt that was judged."""
        errors = [f"{it.rule}: {it.message}"[:TOLD] for it in self.findings if it.severity == "error"]
        return Attempt(number=number, producer=producer, score=self.score, errors=tuple(errors[:FEW]))


async def judge(step: Step, task: Task, draft: Draft, services: Services) -> Judgement:
    """What the checks of a step say; of a model's draft the dearer ones only when the cheaper ones let it pass."""
    findings = [*draft.findings, *_foreign(step, draft)]
    figures: dict[str, Any] = {}
    for tier in _tiers(step, draft):
        if draft.origin == "model" and any(finding.severity == "error" for finding in findings):
            break
        verdicts = await asyncio.gather(*(_ask(check, task, draft, services) for check in tier))
        findings += [finding for verdict in verdicts for finding in verdict.findings]
        figures |= {key: value for verdict in verdicts for key, value in verdict.figures.items()}
    return Judgement(findings=tuple(findings), figures=figures)


def _tiers(step: Step, draft: Draft) -> tuple[tuple[Check, ...], ...]:
    if draft.origin == "builtin" or step.team is None:
        return (step.checks,)
    return (step.team.gates, step.checks, step.team.reviewers)


def _foreign(step: Step, draft: Draft) -> list[Finding]:
    return [
        Finding(
            rule="step/foreign-file",
            message=f"{step.name} does not own {path}",
            path=path,
            hint=f"it may write {', '.join(step.writes)}",
        )
        for path in (*draft.files, *draft.removed)
        if not step.owns(path)
    ]


async def _ask(check: Check, task: Task, draft: Draft, services: Services) -> Verdict:
    with Timed(task, check.__name__) as timed:
        verdict = await check(task, draft, services)
        timed.findings = len(verdict.findings)
    return verdict


class Timed:
    """Says that a producer or a check began, and when it ended how long it took."""

    def __init__(self, task: Task, name: str) -> None:
        self.findings = 0
        self._event = Activity(step=task.step, attempt=task.attempt, name=name, state="started")

    def __enter__(self) -> Timed:
        self._began = time.monotonic()
        emit(self._event)
        return self

    def __exit__(self, *_: object) -> None:
        seconds = round(time.monotonic() - self._began, 3)
        emit(self._event.model_copy(update={"state": "finished", "seconds": seconds, "findings": self.findings}))
