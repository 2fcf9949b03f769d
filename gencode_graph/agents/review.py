"""Marcus reviews what a model changed: a score from 1 to 10, and findings. Only what deserves it costs a call."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from gencode_graph.agents.context import tokens
from gencode_graph.agents.prompting import prompt
from gencode_graph.errors import BudgetError, ModelError
from gencode_graph.lessons import choose
from gencode_graph.llm.salvage import salvage
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Prompt, Task, Verdict

REVIEWER = "marcus"
ANSWER_TOKENS = 8192
SMALL = 12
"""Changed lines up to which a file without risk goes unread by the shallowest review; by the deepest, none does."""
DEPTH = 0.5
"""Of a review, from 0 to 1, where nobody says otherwise."""
RISKY = ("auth", "login", "password", "secret", "token", "security", "crud", "main.py", "config", "db.py", "client.ts")
"""Parts of paths whose every change is reviewed."""
HARMLESS = (".md", ".css", ".json", ".txt", ".svg")
"""Kinds that tools and people can judge better than a model can."""


class Remark(BaseModel):
    """One thing that the reviewer says."""

    path: str | None = None
    line: int | None = None
    severity: Literal["error", "warning", "note"] = "warning"
    message: str
    hint: str | None = None


class Review(BaseModel):
    """What a reviewer answers."""

    score: Annotated[float, Field(ge=1, le=10)]
    findings: list[Remark] = []


async def approval(task: Task, draft: Draft, services: Services) -> Verdict:
    """The lead's last word on the whole run, as warnings and the figure ``{"approval": {"score", "by"}}``.

    Tools decided what is delivered; a person reads this. Nothing where no model had a part in the app.
    """
    if services.model is None or not any(result.origin == "model" for result in services.results.values()):
        return Verdict()
    first = prompt(
        "approval",
        step=task.step,
        attempt=task.attempt,
        request=task.request,
        requirements=task.spec.requirements if task.spec else (),
        steps=services.results,
    )
    said = await _ask(services, _asked(task, first))
    if isinstance(said, Finding):
        return Verdict(findings=(said,))
    remarks = tuple(
        Finding(rule="approval/remark", **it.model_dump() | {"severity": "warning"}) for it in said[0].findings
    )
    return Verdict(findings=remarks, figures={"approval": {"score": said[0].score, "by": said[1]}})


async def review(task: Task, draft: Draft, services: Services) -> Verdict:
    """The review as findings whose rule is ``review/<severity>`` and the figure ``{"review": {"score", "by"}}``.

    Nothing, where nothing deserves a review or nobody can be asked.
    """
    if services.model is None or task.green is None:
        return Verdict()
    before = await asyncio.to_thread(services.workspace.read, task.green)
    after = await asyncio.to_thread(services.workspace.read, task.tree)
    policy = await choose(services, task, "supervision", f"{task.does}: {task.request}", default="normal")
    depth = float(policy.value["review_depth"]) if policy else DEPTH
    changes, unseen = await asyncio.to_thread(changed, before, after, services.settings.context_tokens, depth)
    if not changes:
        return Verdict()
    first = prompt(
        "review",
        step=task.step,
        attempt=task.attempt,
        request=task.request,
        author=task.by,
        does=task.does,
        changes=f"```diff\n{changes}\n```",
        unseen=unseen,
    )
    said = await _ask(services, _asked(task, first))
    if isinstance(said, Finding):
        return Verdict(findings=(said,))
    findings = tuple(Finding(rule=f"review/{it.severity}", **it.model_dump()) for it in said[0].findings)
    return Verdict(findings=findings, figures={"review": {"score": said[0].score, "by": said[1]}})


async def _ask(services: Services, question: Prompt) -> tuple[Review, str] | Finding:
    """The review and the model that wrote it, or a warning that says why there is none."""
    if services.model is None:
        return Finding(rule="review/none", message="there is no model to ask", severity="warning")
    try:
        reply = await services.model.ask(question)
    except (BudgetError, ModelError) as error:
        if isinstance(error, BudgetError) and services.settings.strict_budget:
            raise
        return Finding(rule="review/none", message=str(error)[:500], severity="warning")
    try:
        return Review.model_validate(salvage(reply.text)), reply.model
    except ValueError:
        return Finding(rule="review/unread", message="the review could not be read", severity="warning")


def deserves(path: str, lines: int, depth: float = DEPTH) -> bool:
    """Whether a change of so many lines is worth a model's review: by kind, risk and size, and how deep it goes."""
    if any(part in path.lower() for part in RISKY):
        return lines > 0
    return lines > SMALL * (1 - depth) and not path.endswith(HARMLESS)


def changed(
    before: Mapping[str, bytes], after: Mapping[str, bytes], budget: int, depth: float = DEPTH
) -> tuple[str, tuple[str, ...]]:
    """The changes that deserve a review as one diff of at most ``budget`` tokens, and the other changed paths."""
    shown, unseen = [], []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path, b""), after.get(path, b"")
        if old == new:
            continue
        lines = list(
            difflib.unified_diff(
                old.decode(errors="replace").splitlines(), new.decode(errors="replace").splitlines(),
                f"a/{path}", f"b/{path}", lineterm="",
            )
        )  # fmt: skip
        count = sum(line[:1] in "+-" for line in lines[2:])
        text = "\n".join(lines)
        if deserves(path, count, depth) and tokens(text) <= budget:
            shown.append(text)
            budget -= tokens(text)
        else:
            unseen.append(path)
    return "\n".join(shown), tuple(unseen)


def _asked(task: Task, first: str) -> Prompt:
    return Prompt(
        agent=REVIEWER,
        step=task.step,
        attempt=task.attempt,
        system=prompt(REVIEWER),
        messages=(first,),
        tier="medium",
        max_tokens=ANSWER_TOKENS,
        shape=Review,
    )
