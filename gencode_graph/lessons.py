"""Lessons: what a step asks of the memory, and what comes of it. Without a memory, defaults are taken."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress

from gencode_graph.decisions import Context, Decision, Option, Outcome, Pattern
from gencode_graph.errors import InputError, ModelError
from gencode_graph.events import Decided, Learned, Warned, emit
from gencode_graph.judgement import Judgement
from gencode_graph.memory.repairs import generalised
from gencode_graph.services import Services
from gencode_graph.spec import AppSpec
from gencode_graph.state import StepState
from gencode_graph.types import Finding, StepResult, Task

OF_AN_ATTEMPT = ("repair", "model_tier", "skills", "context_files", "supervision", "error_class")
"""Decisions whose outcome the checks of the attempt tell."""
OCCASIONS = {"error_class": 5}
"""Decisions that one attempt makes more than once, and how often at most."""
LANGUAGES = {"python": ("backend/", ".py"), "typescript": ("frontend/", ".ts", ".tsx")}
"""How paths of a language begin or end."""
OF_A_RUN = ("archetype", "vibe")
"""Those of the first attempt of the analysis, whose outcome the end of the run tells."""
RECALLED = "memory/pattern"
"""Rule of the note that a draft was made by a pattern; the message is its id."""
CERTAIN = ("heal", "adopt wording", "blueprint", "restore", "restore all")
"""Ways that need no memory to come again."""


async def choose(
    services: Services,
    task: Task,
    point: str,
    query: str,
    *,
    options: Sequence[Option] = (),
    exclude: Sequence[str] = (),
    default: str | None = None,
    occasion: int = 0,
) -> Decision | None:
    """The memory's choice, told as an event; ``default`` where it is not sure. None where there is no memory.

    ``occasion`` tells decisions apart that one attempt makes at one point.
    """
    if services.memory is None:
        return None
    key = _key(task.run_id, task.step, task.attempt, point, occasion)
    try:
        decision = await services.memory.decide(
            point, query, key=key, context=context_of(task), options=options, exclude=exclude, default=default
        )
    except ModelError as error:  # the embedder is a provider's, and does not answer: no reason to stop
        emit(Warned(message=f"the memory has no part in {point} of {task.step}: {error}"))
        return None
    emit(Decided(step=task.step, decision=decision))
    return decision


async def recalled(
    services: Services, task: Task, kind: str, signature: str, text: str, *, limit: int = 5
) -> list[Pattern]:
    """The memory's patterns for a problem; none where there is no memory, or where it cannot look."""
    if services.memory is None:
        return []
    try:
        return await services.memory.recall(kind, signature, text, context=context_of(task), limit=limit)
    except ModelError as error:  # as in choose
        emit(Warned(message=f"the memory recalls no {kind} for {task.step}: {error}"))
        return []


async def learn(task: Task, state: StepState, judgement: Judgement, services: Services) -> None:
    """Tell the memory how an attempt went: its decisions, the pattern that it used, a repair that worked."""
    if services.memory is None:
        return
    before = [finding for finding in state["findings"] if finding.severity == "error"]
    left = sum(finding.severity == "error" for finding in judgement.findings)
    score = max(0.0, 1 - left / len(before)) if before else float(not left)
    outcome = Outcome(success=not judgement.failed, score=score)
    for point in OF_AN_ATTEMPT:
        last = len(state["tried"]) - 1  # others may have had nothing to propose
        occasions = [last] if point == "repair" else range(OCCASIONS.get(point, 1))
        for occasion in occasions:
            await _outcome(services, task.step, _key(task.run_id, task.step, task.attempt, point, occasion), outcome)
    used = [note.message for note in state["said"] if note.rule == RECALLED]
    for pattern in used:
        with suppress(InputError):  # forgotten meanwhile
            await services.memory.judged(pattern, worked=not judgement.failed, key=_use(task))
    if before and not left and not used and state["producer"] not in CERTAIN:
        await _remember(task, state, before[0], services)


async def learn_of_run(step: str, results: Mapping[str, StepResult], services: Services) -> None:
    """Tell the memory how the run ended, at its last step; a plan that worked is kept."""
    if services.memory is None:
        return
    outcome = Outcome(success=all(result.status == "passed" for result in results.values()))
    for point in OF_A_RUN:
        await _outcome(services, step, _key(services.run_id, "analysis", 1, point), outcome)
    spec = await services.spec(results["analysis"].tree) if outcome.success and "analysis" in results else None
    if spec is not None:
        await services.memory.remember(_plan(spec, services.run_id), key=services.run_id)


def plan_signature(spec: AppSpec) -> str:
    """Equal for apps of the same kind about the same things."""
    return f"{spec.archetype}|{','.join(sorted(entity.name for entity in spec.entities))}"


def _plan(spec: AppSpec, run_id: str) -> Pattern:
    """A plan in words that are nobody's own: not the request's."""
    pages = sorted({f"{page.kind} of {page.entity}" for page in spec.pages if page.kind != "dashboard"})
    return Pattern(
        id=hashlib.sha256(f"plan {plan_signature(spec)}".encode()).hexdigest()[:16],
        kind="plan",
        signature=plan_signature(spec),
        text=f"{spec.archetype.replace('_', ' ')}: {', '.join(entity.label_plural for entity in spec.entities)}",
        context=Context(archetype=spec.archetype, step="analysis"),
        body={"vibe": spec.vibe, "entities": [entity.name for entity in spec.entities], "pages": pages},
        proof=f"run {run_id} was delivered",
        used=1,
        worked=1,
    )


def context_of(task: Task) -> Context:
    """Where a task is, and which language its findings, or else its files, are in."""
    paths = [finding.path for finding in task.errors if finding.path] or [*task.owns]
    languages = {
        name for path in paths for name, told in LANGUAGES.items() if path.startswith(told) or path.endswith(told)
    }
    return Context(
        archetype=task.spec.archetype if task.spec else None,
        step=task.step,
        language=languages.pop() if len(languages) == 1 else None,
    )


async def _outcome(services: Services, step: str, key: str, outcome: Outcome) -> None:
    if services.memory is None:
        return
    with suppress(InputError):  # nothing was decided there
        await services.memory.learn(key, outcome)
        emit(Learned(step=step, decision=key, success=outcome.success, score=outcome.score))


async def _remember(task: Task, state: StepState, error: Finding, services: Services) -> None:
    """Keep what turned the check green, if it is a small change of text."""
    judged = state.get("judged")
    if services.memory is None or judged is None:
        return
    former = await asyncio.to_thread(services.workspace.merge, state["base"], (judged, ()))
    before, after = await asyncio.gather(*(asyncio.to_thread(_texts, services, tree) for tree in (former, task.tree)))
    proof = f"{error.rule} turned green in {task.step} of run {task.run_id}"
    pattern = generalised(error, before, after, context=context_of(task), proof=proof)
    if pattern is not None:
        await services.memory.remember(pattern, key=_use(task))


def _use(task: Task) -> str:
    """The same when a resumed run checks the same attempt once more."""
    return f"{task.run_id}/{task.step}/{task.attempt}/{task.tree}"


def _texts(services: Services, tree: str) -> dict[str, str]:
    return {path: text.decode(errors="replace") for path, text in services.workspace.read(tree).items()}


def _key(run_id: str, step: str, attempt: int, point: str, occasion: int = 0) -> str:
    """A decision's id: the same when a resumed run comes to it again."""
    return f"{run_id}/{step}/{attempt}/{point}" + (f"/{occasion}" if occasion else "")
