"""Constraints change only after a person said so, late, in a sandbox, and what comes of it is judged as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.agents.transformed import Transformed
from gencode_graph.approval import answer, unanswered
from gencode_graph.blueprint.analysis import analyse
from gencode_graph.errors import ApprovalError, InputError, ModelError
from gencode_graph.pipeline import build
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step, Team
from gencode_graph.types import Draft, Finding, Prompt, Reply, StepResult, Task, Usage, Verdict

REQUEST = "A library with books and authors. It must answer within 2 seconds."


class Anyone:
    """A model that is there; nobody here asks it."""

    spent = held = Usage()

    async def ask(self, prompt: Prompt) -> Reply:
        raise ModelError("nobody asks")

    def affords(self, prompt: Prompt) -> bool:
        return True

    def charged(self, step: str) -> Usage:
        return Usage()

    async def judged(self, *, step: str, agent: str, attempt: int, accepted: bool) -> None:
        pass


@dataclass(frozen=True)
class Derek:
    """Fails each time in another way, until what was asked for is another task."""

    name: str = "derek"
    asked: list[Task] = field(default_factory=list)

    def accepts(self, task: Task) -> bool:
        return task.models

    async def produce(self, task: Task, services: Services) -> Draft:
        self.asked.append(task)
        texts = [r.text for r in task.spec.requirements] if task.spec else []
        eased = any("4 seconds" in text or "should" in text for text in texts)
        return Draft(files={"a.txt": "good" if eased else f"bad {len(self.asked)}"}, origin="model")


@dataclass(frozen=True)
class Base:
    """The specification, which passes."""

    name: str = "base"

    def accepts(self, task: Task) -> bool:
        return task.attempt == 1

    async def produce(self, task: Task, services: Services) -> Draft:
        spec = analyse(REQUEST)
        wanted = spec.requirements[0].model_copy(update={"text": "must answer within 2 seconds"})
        return Draft(files={"appspec.json": spec.model_copy(update={"requirements": (wanted,)}).model_dump_json()})


async def no_bad(task: Task, draft: Draft, services: Services) -> Verdict:
    """No text begins with bad."""
    text = bytes(draft.files.get("a.txt", b"good")).decode()  # type: ignore[arg-type]
    return Verdict(findings=(Finding(rule="bad", message=text),) if text.startswith("bad") else ())


async def run(
    folder: Path, derek: Derek, *says: Sequence[int] | None, limits: Any = ("files", "network"), allowed: bool = True
) -> StepResult:
    """Run the step; each of ``says`` is what a person says when the run stops to ask."""
    step = Step(
        name="write", persona="Derek", does="writes", reads=("request",), writes=("a.txt", "appspec.json"),
        producers=(Base(),), checks=(no_bad,), team=Team(agents=(Transformed(agent=derek), derek)),
    )  # fmt: skip
    settings = Settings(workspace=folder / "app", home=folder / "home", transformation=allowed, memory=False)
    graph = build(step.name, {step.name: step}).compile(checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "run"}}
    async with connect(settings, "run") as services:
        object.__setattr__(services, "model", Anyone())
        services.sandbox.limits = limits  # type: ignore[misc]
        await graph.ainvoke({"request": REQUEST}, config, context=settings)
        for said in says:
            state = await graph.aget_state(config)
            with pytest.raises(ApprovalError):
                unanswered(state)
            await graph.ainvoke(answer(state, said), config, context=settings)
        state = await graph.aget_state(config)
    unanswered(state)
    result: StepResult = state.values["steps"]["write"]
    return result


async def test_a_change_that_a_person_approves_of_is_made_and_told(tmp_path: Path) -> None:
    derek = Derek()
    result = await run(tmp_path, derek, [1])
    assert (result.status, result.producer) == ("passed", "derek/transformed")
    assert [task.attempt for task in derek.asked] == [2, 3, 4]
    told = [finding.message for finding in result.findings if finding.rule == "agent/transformed"]
    assert told == [
        "a person let it vary: must answer within 2 seconds -> must answer within 4 seconds",
    ]


async def test_a_run_that_is_resumed_without_an_answer_asks_again(tmp_path: Path) -> None:
    assert (await run(tmp_path, Derek(), None, [1])).producer == "derek/transformed"


@pytest.mark.parametrize("said", [[], [0]])
async def test_without_approval_the_task_stays_as_it_is(tmp_path: Path, said: list[int]) -> None:
    derek = Derek()
    result = await run(tmp_path, derek, said)
    texts = {r.text for task in derek.asked if task.spec for r in task.spec.requirements}
    assert texts == {"must answer within 2 seconds"}
    assert result.producer == "base"


@pytest.mark.parametrize("given", [{"allowed": False}, {"limits": ("time", "output")}])
async def test_nobody_is_asked_where_it_is_not_allowed_or_not_sandboxed(tmp_path: Path, given: Any) -> None:
    assert (await run(tmp_path, Derek(), **given)).producer == "base"


async def test_a_number_that_was_not_offered_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--approve 99: the run offers 6 changes"):
        await run(tmp_path, Derek(), [99])
