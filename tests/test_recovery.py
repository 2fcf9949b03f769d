"""What was under way when a sandbox was lost is done again in another one, and nobody else notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.errors import SandboxError, SandboxLost
from gencode_graph.events import AttemptFailed, Event, Warned, parse_event
from gencode_graph.pipeline import build, parallel, series
from gencode_graph.sandbox.lease import LOSSES
from gencode_graph.services import Services
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Draft, StepResult, Task, Verdict


@dataclass
class Luck:
    """Sandboxes that are lost so many times, and what was done in them."""

    losses: int
    done: list[str] = field(default_factory=list)

    name = "writer"

    def accepts(self, task: Task) -> bool:
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        self.done.append(f"produced {task.step}")
        return Draft(files={f"{task.step}/a.txt": task.step})

    async def prepare(self) -> str:
        """Work that is done once for a sandbox."""
        self.done.append("prepared")
        return "ready"

    async def check(self, task: Task, draft: Draft, services: Services) -> Verdict:
        """Loses the sandbox, as long as there are losses left."""
        await services.stage(task.tree, f"{task.step}/")
        assert await services.once("prepared", self.prepare) == "ready"
        self.losses -= 1
        if self.losses >= 0:
            raise SandboxLost("the holder is gone")
        found = await services.sandbox.collect([task.step])
        assert found == {f"{task.step}/a.txt": task.step.encode()}
        return Verdict()


async def run(
    folder: Path, luck: Luck, *names: str, saver: InMemorySaver | None = None
) -> tuple[dict[str, StepResult], list[Event]]:
    """Steps side by side, and one after them; how they ended, and what was told."""

    async def check(task: Task, draft: Draft, services: Services) -> Verdict:
        return await luck.check(task, draft, services)

    steps = {
        name: Step(
            name=name, persona="Derek", does="writes", reads=("request",), writes=(f"{name}/",), producers=(luck,),
            checks=(check,),
        )
        for name in (*names, "last")
    }  # fmt: skip
    graph, events = build(series(parallel(*names), "last"), steps).compile(checkpointer=saver or InMemorySaver()), []
    config = {"configurable": {"thread_id": "run"}}
    asked = None if (await graph.aget_state(config)).created_at else {"request": "anything"}
    settings = Settings(workspace=folder / "app")
    async for part in graph.astream(asked, config, context=settings, stream_mode="custom", subgraphs=True):
        events.append(parse_event(part[-1]))
    return (await graph.aget_state(config)).values["steps"], events


async def test_only_the_part_that_was_under_way_is_done_again(tmp_path: Path) -> None:
    luck = Luck(losses=2)
    steps, events = await run(tmp_path, luck, "a")
    assert {(s.status, s.attempts, len(s.history)) for s in steps.values()} == {("passed", 1, 1)}
    assert luck.done == ["produced a", "prepared", "prepared", "prepared", "produced last"]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "the sandbox was lost, and another one opened for the same work: the holder is gone"
    ] * 2
    assert not any(isinstance(event, AttemptFailed) for event in events)
    assert steps["last"].isolation is not None
    assert steps["last"].isolation.lost == 2


async def test_steps_that_share_a_sandbox_lose_it_once(tmp_path: Path) -> None:
    steps, events = await run(tmp_path, Luck(losses=2), "a", "b")
    assert {s.status for s in steps.values()} == {"passed"}
    assert sum(isinstance(event, Warned) for event in events) == 1


async def test_too_many_losses_stop_the_run_which_can_be_resumed(tmp_path: Path) -> None:
    luck, saver = Luck(losses=LOSSES + 1), InMemorySaver()
    with pytest.raises(SandboxError, match=f"lost {LOSSES + 1} times, so the run stops"):
        await run(tmp_path, luck, "a", saver=saver)
    steps, _ = await run(tmp_path, luck, "a", saver=saver)
    assert {(s.status, s.attempts) for s in steps.values()} == {("passed", 1)}
    assert luck.done.count("produced a") == 1
