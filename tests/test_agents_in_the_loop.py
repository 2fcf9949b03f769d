"""Agents on a green draft: what they may try, what is kept, and what is told when nothing of theirs is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.errors import BudgetError, ModelError
from gencode_graph.pipeline import build
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step, Team
from gencode_graph.types import Draft, Finding, Origin, Prompt, Reply, StepResult, Task, Usage, Verdict


class Anyone:
    """A model that is there; the writers below do not ask it."""

    spent = held = Usage()

    async def ask(self, prompt: Prompt) -> Reply:
        raise ModelError("nobody asks")

    def affords(self, prompt: Prompt) -> bool:
        return True

    def charged(self, step: str) -> Usage:
        return Usage()

    async def judged(self, *, step: str, agent: str, attempt: int, accepted: bool) -> None:
        self.judgements.append((agent, attempt, accepted))

    def __init__(self) -> None:
        self.judgements: list[tuple[str, int, bool]] = []


@dataclass(frozen=True)
class Writer:
    """Writes what it was told to, attempt by attempt, or raises it."""

    name: str
    texts: tuple[Any, ...]
    origin: Origin = "model"
    afresh: bool = False
    asked: list[Task] = field(default_factory=list)

    def accepts(self, task: Task) -> bool:
        free = self.origin == "builtin" or (task.models and (not self.afresh or bool(task.findings)))
        return free and len(self.asked) < len(self.texts)

    async def produce(self, task: Task, services: Services) -> Draft:
        self.asked.append(task)
        text = self.texts[len(self.asked) - 1]
        if isinstance(text, Exception):
            raise text
        if isinstance(text, Finding):
            return Draft(origin=self.origin, findings=(text,))
        files = {} if text is None else {f"{self.name}.txt" if self.afresh else "a.txt": text}
        return Draft(files=files, origin=self.origin, afresh=self.afresh)


async def no_bad(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every file begins with good."""
    return Verdict(
        findings=tuple(
            Finding(rule="bad", message=str(text), path=path)
            for path, text in draft.files.items()
            if not bytes(text).startswith(b"good")  # type: ignore[arg-type]
        ),
        figures={"files": len(draft.files)},
    )


@dataclass
class Reviewer:
    """Gives scores in turn, with an error below 8."""

    scores: list[float]
    __name__ = "reviewer"
    seen: int = 0

    async def __call__(self, task: Task, draft: Draft, services: Services) -> Verdict:
        score = self.scores[self.seen]
        self.seen += 1
        found = () if score >= 8 else (Finding(rule="review/error", message=f"only {score}"),)
        return Verdict(findings=found, figures={"review": {"score": score}})


async def run(tmp_path: Path, *agents: Writer, model: Any = None, reviewers: Any = (), **given: Any) -> StepResult:
    base = Writer("base", ("good base",), origin="builtin")
    more = {"producers": (base,), "checks": (no_bad,)} | {
        k: given.pop(k) for k in ("producers", "healers") if k in given
    }
    step = Step(
        name="write", persona="Derek", does="writes", reads=("request",), writes=("a.txt", "new.txt"),
        team=Team(agents=agents, reviewers=reviewers), **more,
    )  # fmt: skip
    settings = Settings(workspace=tmp_path / "app", home=tmp_path / "home", **given)
    graph = build(step.name, {step.name: step}).compile(checkpointer=InMemorySaver())
    async with connect(settings, "run") as services:
        object.__setattr__(services, "model", Anyone() if model is None else model or None)
        config = {"configurable": {"thread_id": "run"}}
        state = await graph.ainvoke({"request": "anything"}, config, context=settings)
    result: StepResult = state["steps"]["write"]
    return result


def text(tmp_path: Path) -> str:
    return (tmp_path / "app" / "a.txt").read_text()


async def test_without_a_model_no_agent_is_asked(tmp_path: Path) -> None:
    derek = Writer("derek", ("good better",))
    result = await run(tmp_path, derek, model=False)
    assert (result.producer, result.origin, derek.asked) == ("base", "builtin", [])


async def test_a_better_draft_is_taken_and_the_built_in_one_remembered(tmp_path: Path) -> None:
    result = await run(tmp_path, Writer("derek", ("good better",)))
    assert (result.status, result.producer, result.origin, result.attempts) == ("passed", "derek", "model", 2)
    assert result.baseline not in (None, result.tree)
    assert text(tmp_path) == "good better"


async def test_a_failing_draft_gets_its_findings_and_another_try(tmp_path: Path) -> None:
    derek = Writer("derek", ("bad", "good at last"))
    result = await run(tmp_path, derek)
    assert (result.producer, result.attempts) == ("derek", 3)
    assert [task.findings[0].rule for task in derek.asked[1:]] == ["bad"]


@pytest.mark.parametrize("first", ["bad", Finding(rule="answer/not-found", message="no such lines")])
async def test_a_healer_with_nothing_to_propose_leaves_the_agent_its_next_try(tmp_path: Path, first: Any) -> None:
    healer = Writer("healer", (None,) * 5)
    result = await run(tmp_path, Writer("derek", (first, "good at last")), healers=(healer,))
    assert (result.producer, result.attempts, len(healer.asked)) == ("derek", 3, 1)


async def test_what_a_healer_mends_is_no_question_to_a_model(tmp_path: Path) -> None:
    derek = Writer("derek", ("bad 1", "bad 2", "good at last"))
    result = await run(tmp_path, derek, healers=(Writer("healer", ("bad, mended", None)),))
    assert (result.producer, result.attempts, len(derek.asked)) == ("derek", 5, 3)


async def test_when_all_fails_the_built_in_draft_stands_and_it_is_said(tmp_path: Path) -> None:
    result = await run(tmp_path, Writer("derek", ("bad 1", "bad 2", "bad 3", "never asked")))
    assert (result.status, result.producer, result.origin) == ("passed", "base", "builtin")
    assert [f.rule for f in result.findings] == ["agent/refused"]
    assert "bad 3" in result.findings[0].message
    assert text(tmp_path) == "good base"


async def test_the_same_findings_again_bring_another_way_from_the_green_draft(tmp_path: Path) -> None:
    edit, afresh = Writer("derek", ("bad", "bad", "bad")), Writer("new", ("good new",), afresh=True)
    result = await run(tmp_path, edit, afresh)
    assert len(edit.asked) == 2  # without findings, and with them; never with the same ones again
    assert (result.producer, result.attempts) == ("new", 3)
    assert text(tmp_path) == "good base"
    assert (tmp_path / "app" / "new.txt").read_text() == "good new"


async def test_a_finding_about_the_answer_is_told_to_the_agent_and_no_check_runs(tmp_path: Path) -> None:
    derek = Writer("derek", (Finding(rule="answer/no-files", message="no file"), "good"))
    result = await run(tmp_path, derek)
    assert [f.rule for f in derek.asked[1].findings] == ["answer/no-files"]
    assert result.producer == "derek"


async def test_nothing_to_add_leaves_the_draft_as_it_is_without_a_word(tmp_path: Path) -> None:
    reviewer = Reviewer([])
    result = await run(tmp_path, Writer("derek", (None,)), reviewers=(reviewer,))
    assert (result.producer, result.findings, reviewer.seen) == ("base", (), 0)


@pytest.mark.parametrize(
    ("scores", "texts", "kept"),
    [
        ([9.0], ("good 1",), "good 1"),
        ([6.0, 9.0], ("good 1", "good 2"), "good 2"),
        ([6.0, 7.0, 6.5], ("good 1", "good 2", "good 3"), "good 2"),
        ([4.9, 4.0, 3.0], ("good 1", "good 2", "good 3"), "good base"),
        ([6.0, 4.0, 3.0], ("good 1", "good 2", "good 3"), "good 1"),
    ],
)
async def test_the_best_reviewed_draft_is_kept_and_below_five_none(
    tmp_path: Path, scores: list[float], texts: tuple[str, ...], kept: str
) -> None:
    result = await run(tmp_path, Writer("derek", texts), reviewers=(Reviewer(scores),))
    assert text(tmp_path) == kept
    assert result.status == "passed"
    assert (result.origin == "builtin") == (kept == "good base")


@pytest.mark.parametrize("error", [BudgetError("0.50 USD are spent"), ModelError("no provider answers")])
async def test_no_answer_ends_the_agents_work_and_not_the_step(tmp_path: Path, error: Exception) -> None:
    derek = Writer("derek", ("bad", error, "never asked"))
    result = await run(tmp_path, derek)
    assert (result.status, result.producer) == ("passed", "base")
    rules = [finding.rule for finding in result.findings]
    assert rules[0] == ("budget/spent" if isinstance(error, BudgetError) else "agent/no-answer")
    assert len(derek.asked) == 2


async def test_every_draft_of_an_agent_is_judged_for_the_figures(tmp_path: Path) -> None:
    model = Anyone()
    await run(tmp_path, Writer("derek", ("bad", "good")), model=model)
    assert model.judgements == [("derek", 2, False), ("derek", 3, True)]


async def test_a_strict_budget_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match="spent"):
        await run(tmp_path, Writer("derek", (BudgetError("all is spent"),)), strict_budget=True)


async def test_a_model_that_fails_as_a_healer_gives_way_to_the_certain_one(tmp_path: Path) -> None:
    bad, certain = Writer("base", ("bad base",), origin="builtin"), Writer("certain", ("good",), origin="builtin")
    derek = Writer("derek", (ModelError("nobody"),))
    result = await run(tmp_path, producers=(bad,), healers=(derek, certain))
    assert (result.status, result.producer, text(tmp_path)) == ("passed", "certain", "good")
