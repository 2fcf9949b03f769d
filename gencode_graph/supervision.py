"""supervised(step): produce, check, again. The only loop in the library.

::

    START ── produce ── check ──┬── passed, or nothing left to try ── END
               └────────────────┘ findings
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from gencode_graph.crashpoints import point
from gencode_graph.events import Activity, AttemptFailed, StepFinished, StepStarted, Warned, emit
from gencode_graph.protocols import Check, Producer
from gencode_graph.services import Services, disconnect, services_of
from gencode_graph.settings import Settings
from gencode_graph.state import AppState, StepState
from gencode_graph.step import Step
from gencode_graph.types import Draft, Finding, StepResult, Task, Verdict
from gencode_graph.workspace import EMPTY

MAX_FINDINGS = 30
"""Kept of one attempt; the state stays small whatever a tool prints."""


class StepNode(Protocol):
    """What LangGraph calls for a step."""

    async def __call__(self, state: AppState, runtime: Runtime[Settings]) -> dict[str, Any]: ...


def supervised(step: Step, order: tuple[str, ...]) -> StepNode:
    """The node of a step. ``order`` names all steps, earlier ones first: their files come first, later ones win."""
    loop = _Loop(step)
    inner = {"loop": loop.compile()}  # in a dict: a drawing of the graph shows the step, not its inside

    async def node(state: AppState, runtime: Runtime[Settings]) -> dict[str, Any]:
        services = await services_of(runtime)
        try:
            result = await work(state, services)
        except BaseException:  # what a server connected must not hold the workspace of a run that ended so
            await disconnect(services.run_id)
            raise
        if step.name == order[-1]:
            await disconnect(services.run_id)
        return {"steps": {step.name: result}}

    async def work(state: AppState, services: Services) -> StepResult:
        done = state.get("steps", {})
        services.results.update(done)
        layers = [(done[name].tree, done[name].removed) for name in order if name in done and name != step.name]
        base = await asyncio.to_thread(services.workspace.merge, None, *layers)
        emit(StepStarted(step=step.name, persona=step.persona))
        point(f"step.{step.name}.start")
        start: StepState = {"request": state["request"], "base": base, "attempt": 0, "started": time.time()}
        end = cast("StepState", await inner["loop"].ainvoke(start))
        result = await loop.finish(end, services)
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
        graph.add_node("produce", self.produce)
        graph.add_node("check", self.check)
        graph.add_edge(START, "produce")
        graph.add_edge("produce", "check")
        graph.add_conditional_edges("check", lambda state: state["again"], {True: "produce", False: END})
        return graph.compile(name=self.step.name)

    async def produce(self, state: StepState, runtime: Runtime[Settings]) -> StepState:
        services = await services_of(runtime)
        attempt = state["attempt"] + 1
        tree = state.get("tree", EMPTY)
        task = await self._task(state, services, attempt, tree)
        tried = state.get("tried", ())
        producer = self._choose(task, tried)
        if producer is None:  # a step that only checks
            return {"attempt": attempt, "producer": None, "tree": tree, "removed": (), "origin": "builtin"}
        with _Timed(self.step.name, attempt, producer.name):
            draft = await producer.produce(task, services)
            written = await asyncio.to_thread(services.workspace.write, draft.files, origin=draft.origin)
            tree = await asyncio.to_thread(services.workspace.merge, tree, (written, draft.removed))
        point(f"step.{self.step.name}.produced")
        return {
            "attempt": attempt,
            "producer": producer.name,
            "tree": tree,
            "removed": tuple(dict.fromkeys([*state.get("removed", ()), *draft.removed])),
            "origin": draft.origin,
            "tried": (*tried, _way(producer, task)),
        }

    async def check(self, state: StepState, runtime: Runtime[Settings]) -> StepState:
        services = await services_of(runtime)
        files = await asyncio.to_thread(services.workspace.read, state["tree"])
        draft = Draft(files=files, removed=state["removed"], origin=state["origin"])
        task = await self._task(state, services, state["attempt"], state["tree"])
        verdicts = await asyncio.gather(*(self._judge(check, task, draft, services) for check in self.step.checks))
        findings = [*self._foreign(draft), *(f for v in verdicts for f in v.findings)]
        kept = tuple(sorted(findings, key=lambda f: f.severity != "error")[:MAX_FINDINGS])
        failed = any(f.severity == "error" for f in kept)
        if failed:
            emit(AttemptFailed(step=self.step.name, attempt=task.attempt, findings=kept))
        more = failed and task.attempt < services.settings.attempts
        point(f"step.{self.step.name}.checked")
        return {
            "findings": kept,
            "figures": {key: value for v in verdicts for key, value in v.figures.items()},
            "again": more and self._choose(replace(task, findings=kept), state.get("tried", ())) is not None,
        }

    async def finish(self, end: StepState, services: Services) -> StepResult:
        """Commit what the step wrote, show it in the folder, and say how it went."""
        failed = any(f.severity == "error" for f in end["findings"])
        made = await services.record(self.step.name, end["tree"], end["removed"], str(end["producer"]), end["attempt"])
        for conflict in made.conflicts:
            emit(Warned(message=conflict.message))
        point(f"step.{self.step.name}.committed")
        result = StepResult(
            status="failed" if failed else "passed",
            tree=end["tree"],
            removed=end["removed"],
            producer=end["producer"],
            attempts=end["attempt"],
            seconds=round(time.time() - end["started"], 3),
            findings=(*end["findings"], *made.conflicts),
            figures=end["figures"],
        )
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

    def _choose(self, task: Task, tried: tuple[str, ...]) -> Producer | None:
        """Healers first once there are findings; never the same way twice on the same findings."""
        ways = (*self.step.healers, *self.step.producers) if task.findings else self.step.producers
        return next((p for p in ways if _way(p, task) not in tried and p.accepts(task)), None)

    def _foreign(self, draft: Draft) -> list[Finding]:
        return [
            Finding(rule="step/foreign-file", message=f"{self.step.name} does not own {path}", path=path)
            for path in (*draft.files, *draft.removed)
            if not self.step.owns(path)
        ]

    async def _judge(self, check: Check, task: Task, draft: Draft, services: Services) -> Verdict:
        with _Timed(self.step.name, task.attempt, check.__name__) as timed:
            verdict = await check(task, draft, services)
            timed.findings = len(verdict.findings)
        return verdict

    async def _task(self, state: StepState, services: Services, attempt: int, tree: str) -> Task:
        whole = await asyncio.to_thread(services.workspace.merge, state["base"], (tree, state.get("removed", ())))
        return Task(
            run_id=services.run_id,
            step=self.step.name,
            request=state["request"],
            tree=whole,
            spec=await services.spec(whole),
            attempt=attempt,
            findings=state.get("findings", ()),
        )


class _Timed:
    """Says that a producer or a check began, and when it ended how long it took."""

    def __init__(self, step: str, attempt: int, name: str) -> None:
        self.findings = 0
        self._event = Activity(step=step, attempt=attempt, name=name, state="started")

    def __enter__(self) -> _Timed:
        self._began = time.monotonic()
        emit(self._event)
        return self

    def __exit__(self, *_: object) -> None:
        seconds = round(time.monotonic() - self._began, 3)
        emit(self._event.model_copy(update={"state": "finished", "seconds": seconds, "findings": self.findings}))


def _way(producer: Producer, task: Task) -> str:
    """A producer on a set of findings, as a short name."""
    text = "\n".join(sorted({f.signature for f in task.findings}))
    return f"{producer.name}|{hashlib.sha256(text.encode()).hexdigest()[:12]}"
