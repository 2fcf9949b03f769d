"""supervised(step): produce, check, again. The only loop in the library.

::

    START ── produce ──┬── check ──┬── accepted, or nothing left to try ── END
               ▲       │           │
               └───────┴───────────┘ findings, or a green draft that agents may improve

The built-in draft comes first; once it passes it is kept, and agents try to do better, until a draft of theirs passes
or they may not try again. Whatever they do, the best draft that passed is what the step ends with.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, cast

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from gencode_graph.allowance import attempts_allowed
from gencode_graph.crashpoints import point
from gencode_graph.errors import BudgetError, ModelError
from gencode_graph.events import AttemptFailed, StepFinished, StepStarted, Warned, emit
from gencode_graph.judgement import Judgement, Timed, judge
from gencode_graph.ladder import pick, trial, ways
from gencode_graph.lessons import learn, learn_of_run
from gencode_graph.recovery import lasting
from gencode_graph.services import Services, serving
from gencode_graph.settings import Settings
from gencode_graph.state import AppState, StepState
from gencode_graph.step import Step
from gencode_graph.telling import refused, tried
from gencode_graph.types import Draft, Finding, StepResult, Task
from gencode_graph.workspace import EMPTY

MAX_FINDINGS = 30
"""Kept of one attempt; the state stays small whatever a tool prints."""


BLANK: StepState = {
    "attempt": 0, "producer": None, "tree": EMPTY, "builtin": None, "judged": None, "removed": (), "origin": "builtin",
    "said": (),
    "findings": (), "figures": {}, "kept": None, "asked": 0, "alone": False, "notes": (), "tried": (), "drafted": False,
    "again": False, "history": (),
}  # fmt: skip
"""A step before its first attempt."""


class StepNode(Protocol):
    """What LangGraph calls for a step."""

    async def __call__(self, state: AppState, runtime: Runtime[Settings]) -> dict[str, Any]: ...


def supervised(step: Step, order: tuple[str, ...]) -> StepNode:
    """The node of a step. ``order`` names all steps, earlier ones first: their files come first, later ones win."""
    loop = _Loop(step)
    inner = {"loop": loop.compile()}  # in a dict: a drawing of the graph shows the step, not its inside

    async def node(state: AppState, runtime: Runtime[Settings]) -> dict[str, Any]:
        async with serving(runtime, last=step.name == order[-1]) as services:
            result = await work(state, services)
        return {"steps": {step.name: result}}

    async def work(state: AppState, services: Services) -> StepResult:
        done = state.get("steps", {})
        services.results.update(done)
        layers = [(done[name].tree, done[name].removed) for name in order if name in done and name != step.name]
        base = await asyncio.to_thread(services.workspace.merge, None, *layers)
        emit(StepStarted(step=step.name, persona=step.persona))
        point(f"step.{step.name}.start")
        start: StepState = {**BLANK, "request": state["request"], "base": base, "started": time.time()}
        end = cast("StepState", await inner["loop"].ainvoke(start))
        result = await loop.finish(end, services)
        if step.name == order[-1]:
            await learn_of_run(step.name, {**done, step.name: result}, services)
        point(f"step.{step.name}.end")
        return result

    node.__name__ = node.__qualname__ = step.name
    return node


@dataclass(frozen=True)
class _Loop:
    """Produce, check, again, for one step: one superstep each, so that a resumed run goes on at its attempt."""

    step: Step

    def compile(self) -> CompiledStateGraph[StepState, Settings, StepState, StepState]:
        graph = StateGraph(StepState, context_schema=Settings)
        graph.add_node("produce", lasting(self.produce))
        graph.add_node("check", lasting(self.check))
        graph.add_edge(START, "produce")
        graph.add_conditional_edges("produce", _next, {"check": "check", "produce": "produce", "end": END})
        graph.add_conditional_edges("check", lambda state: state["again"], {True: "produce", False: END})
        return graph.compile(name=self.step.name)

    async def produce(self, state: StepState, services: Services) -> StepState:
        task = await self._task(state, services, state["attempt"] + 1)
        producer = await pick(self.step, task, state, services)
        if producer is None:  # a step that only checks
            return {"attempt": task.attempt, "drafted": True}
        tried = (*state["tried"], trial(producer, task))
        with Timed(task, producer.name):
            try:
                draft = await producer.produce(task, services)
            except (BudgetError, ModelError) as error:
                return self._go_on_alone(error, replace(task, models=False), {**state, "tried": tried}, services)
            tree, removed = await asyncio.to_thread(_laid, state, draft, services)
        same = tree == state["tree"] and set(removed) == set(state["removed"])  # a checkpoint gives lists back
        if state["attempt"] and same and not draft.findings:  # it has nothing to add
            following: StepState = {**state, "tried": tried}
            kept = state["kept"]
            more = kept is None or tree != kept.tree or producer in self.step.healers
            return {"tried": tried, "drafted": False, "again": more and bool(ways(self.step, task, following))}
        point(f"step.{self.step.name}.produced")
        return {
            "attempt": task.attempt,
            "producer": producer.name,
            "tree": tree,
            "builtin": tree if draft.origin == "builtin" and not state["asked"] else state["builtin"],
            "removed": removed,
            "origin": draft.origin,
            "said": draft.findings,
            "asked": state["asked"] + (draft.origin == "model" and producer not in self.step.healers),
            "tried": tried,
            "drafted": True,
        }

    def _go_on_alone(self, error: Exception, task: Task, state: StepState, services: Services) -> StepState:
        """No model can be asked: the step goes on with what needs none. Raises where the settings are strict."""
        if isinstance(error, BudgetError) and services.settings.strict_budget:
            raise error
        rule = "budget/spent" if isinstance(error, BudgetError) else "agent/no-answer"
        note = Finding(rule=rule, message=str(error)[:1000], severity="warning")
        return {
            "alone": True,
            "notes": (*state["notes"], note),
            "tried": state["tried"],
            "drafted": False,
            "again": bool(ways(self.step, task, state)),
        }

    async def check(self, state: StepState, services: Services) -> StepState:
        files = await asyncio.to_thread(services.workspace.read, state["tree"])
        draft = Draft(files=files, removed=state["removed"], origin=state["origin"], findings=state["said"])
        task = await self._task(state, services, state["attempt"])
        judgement = await judge(self.step, task, draft, services)
        found = tuple(sorted(judgement.findings, key=lambda f: f.severity != "error")[:MAX_FINDINGS])
        if judgement.failed:
            emit(AttemptFailed(step=self.step.name, attempt=task.attempt, findings=found))
        if services.model is not None and draft.origin == "model":
            agent = str(state["producer"]).partition("/")[0]
            await services.model.judged(
                step=task.step, agent=agent, attempt=task.attempt, accepted=judgement.acceptable
            )
        await learn(task, state, judgement, services)
        point(f"step.{self.step.name}.checked")
        history = (*state["history"], judgement.attempt(task.attempt, state["producer"]))
        told: StepState = {"findings": found, "figures": dict(judgement.figures), "history": history}
        told["judged"] = state["tree"]
        told["kept"] = self._best({**state, **told}, judgement)
        settled = not judgement.failed and draft.origin == "model"
        now: StepState = {**state, **told}
        may_ask = self._may_ask(state, services)
        following = replace(task, attempt=task.attempt + 1, findings=found, models=may_ask)
        return {**told, "again": not settled and bool(ways(self.step, following, now))}

    def _best(self, state: StepState, judgement: Judgement) -> StepResult | None:
        """The better one of what was kept so far and what was just judged."""
        kept = state["kept"]
        if not judgement.acceptable:
            return kept
        if kept is not None and kept.origin == "model" and (judgement.score or 10.0) < _score(kept):
            return kept
        return _result(state, "passed")

    async def finish(self, end: StepState, services: Services) -> StepResult:
        """Commit what the step wrote, show it in the folder, and say how it went."""
        last = _result(end, "failed")
        best = end["kept"] or last
        made = await services.record(self.step.name, best.tree, best.removed, str(best.producer), best.attempts)
        for conflict in made.conflicts:
            emit(Warned(message=conflict.message))
        point(f"step.{self.step.name}.committed")
        findings = (*best.findings, *end["notes"], *refused(best, last), *tried(best, last), *made.conflicts)
        whole = {"attempts": last.attempts, "seconds": last.seconds, "history": last.history}
        whole["isolation"] = services.isolation
        result = best.model_copy(update={**whole, "findings": findings})
        emit(
            StepFinished(
                step=self.step.name,
                status=result.status,
                seconds=result.seconds,
                files=made.files,
                findings=len(result.findings),
            )
        )
        return result

    def _may_ask(self, state: StepState, services: Services) -> bool:
        """Whether the step may ask a model once more."""
        return not state["alone"] and state["asked"] < attempts_allowed(services, self.step)

    async def _task(self, state: StepState, services: Services, attempt: int) -> Task:
        merge, kept = services.workspace.merge, state["kept"]
        whole = await asyncio.to_thread(merge, state["base"], (state["tree"], state["removed"]))
        green = await asyncio.to_thread(merge, state["base"], (kept.tree, kept.removed)) if kept else None
        return Task(
            run_id=services.run_id,
            step=self.step.name,
            request=state["request"],
            tree=whole,
            spec=await services.spec(whole),
            attempt=attempt,
            attempts=services.settings.attempts,
            findings=state["findings"],
            models=self._may_ask(state, services),
            transforms=services.settings.transformation,
            green=green,
            builtin=state["builtin"],
            by=self.step.persona,
            does=self.step.does,
            reads=self.step.reads,
            owns=self.step.writes,
        )


def _result(state: StepState, status: Literal["passed", "failed"]) -> StepResult:
    """How the draft at hand would end the step."""
    return StepResult(
        status=status,
        tree=state["tree"],
        removed=state["removed"],
        producer=state["producer"],
        attempts=state["attempt"],
        seconds=round(time.time() - state["started"], 3),
        findings=state["findings"],
        figures=state["figures"],
        history=state["history"],
        origin=state["origin"],
        baseline=None if state["origin"] == "builtin" else state["builtin"],
    )


def _laid(state: StepState, draft: Draft, services: Services) -> tuple[str, tuple[str, ...]]:
    """The tree with a draft laid over what it was made from, and all that is removed; a half-read one is not."""
    kept = state["kept"]
    tree, removed = state["tree"], state["removed"]
    if draft.afresh and kept is not None:
        tree, removed = kept.tree, kept.removed
    if any(finding.severity == "error" for finding in draft.findings):
        return tree, removed
    written = services.workspace.write(draft.files, origin=draft.origin)
    tree = services.workspace.merge(tree, (written, draft.removed))
    return tree, tuple(dict.fromkeys([*removed, *draft.removed]))


def _next(state: StepState) -> str:
    """Where a draft goes; without one, to another way of making it, if there is any."""
    if state["drafted"]:
        return "check"
    return "produce" if state["again"] else "end"


def _score(result: StepResult) -> float:
    """What the reviewer gave; what needed no review is as good as any."""
    return float(result.figures.get("review", {}).get("score", 10.0))
