"""The one loop: produce, check, again; and what it does when nothing helps."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.pipeline import build
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Draft, Finding, StepResult, Task, Verdict


@dataclass(frozen=True)
class Writer:
    """Writes what it was told to, attempt by attempt."""

    name: str
    texts: tuple[str, ...]
    asked: list[Task] = field(default_factory=list)

    def accepts(self, task: Task) -> bool:
        return len(self.asked) < len(self.texts)

    async def produce(self, task: Task, services: Services) -> Draft:
        self.asked.append(task)
        return Draft(files={"a.txt": self.texts[len(self.asked) - 1]})


async def says_good(task: Task, draft: Draft, services: Services) -> Verdict:
    text = draft.files["a.txt"]
    assert isinstance(text, bytes)
    if text.startswith(b"good"):
        return Verdict(figures={"length": len(text)})
    return Verdict(findings=(Finding(rule="bad", message=text.decode(), path="a.txt"),))


async def run(step: Step, settings: Settings) -> StepResult:
    graph = build(step.name, {step.name: step}).compile(checkpointer=InMemorySaver())
    async with connect(settings, "run"):
        config = {"configurable": {"thread_id": "run"}}
        state = await graph.ainvoke({"request": "anything"}, config, context=settings)
    return state["steps"][step.name]


def step(*producers: Writer, healers: tuple[Writer, ...] = (), writes: tuple[str, ...] = ("a.txt",)) -> Step:
    return Step(
        name="write",
        persona="Derek",
        does="writes",
        reads=("request",),
        writes=writes,
        producers=producers,
        checks=(says_good,),
        healers=healers,
    )


def settings(tmp_path: Path, attempts: int = 3) -> Settings:
    return Settings(workspace=tmp_path / "app", home=tmp_path / "home", attempts=attempts)


async def test_a_good_draft_passes_at_once_and_lands_in_the_folder(tmp_path: Path) -> None:
    result = await run(step(Writer("w", ("good",))), settings(tmp_path))
    assert (result.status, result.attempts, result.producer) == ("passed", 1, "w")
    assert result.figures == {"length": 4}
    assert (tmp_path / "app" / "a.txt").read_text() == "good"


async def test_findings_go_to_a_healer_first(tmp_path: Path) -> None:
    healer = Writer("healer", ("good now",))
    result = await run(step(Writer("w", ("bad", "never")), healers=(healer,)), settings(tmp_path))
    assert (result.status, result.attempts, result.producer) == ("passed", 2, "healer")
    assert [f.message for f in healer.asked[0].findings] == ["bad"]


async def test_a_cheaper_way_that_fails_gives_way_to_the_next(tmp_path: Path) -> None:
    result = await run(step(Writer("first", ("bad",)), Writer("second", ("good",))), settings(tmp_path))
    assert (result.status, result.producer, result.attempts) == ("passed", "second", 2)


async def test_the_same_findings_never_get_the_same_treatment_twice(tmp_path: Path) -> None:
    stubborn = Writer("stubborn", ("bad",) * 9)
    result = await run(step(stubborn), settings(tmp_path, attempts=5))
    assert result.status == "failed"
    assert len(stubborn.asked) == 2  # once without findings, once with them


async def test_attempts_end_at_the_limit_and_the_last_findings_are_kept(tmp_path: Path) -> None:
    writer = Writer("w", ("bad 1", "bad 2", "bad 3", "good"))
    result = await run(step(writer), settings(tmp_path, attempts=3))
    assert (result.status, result.attempts) == ("failed", 3)
    assert [f.message for f in result.findings if f.severity == "error"] == ["bad 3"]


async def test_what_was_tried_is_told_when_nothing_helped(tmp_path: Path) -> None:
    result = await run(step(Writer("w", ("bad 1", "bad 2", "bad 3"))), settings(tmp_path, attempts=3))
    assert result.findings[-1].rule == "step/tried"
    assert result.findings[-1].message.endswith("1. w: bad: bad 1 | 2. w: bad: bad 2 | 3. w: bad: bad 3")


async def test_a_file_that_the_step_does_not_own_is_a_finding(tmp_path: Path) -> None:
    result = await run(step(Writer("w", ("good",)), writes=("b.txt",)), settings(tmp_path))
    assert result.status == "failed"
    assert result.findings[0].rule == "step/foreign-file"
