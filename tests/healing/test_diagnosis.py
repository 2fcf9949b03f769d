"""What kind of error it is, where only its words can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gencode_graph.decisions import Context, Outcome
from gencode_graph.events import Event, Learned
from gencode_graph.healing.classify import classify
from gencode_graph.healing.diagnosis import diagnosed
from gencode_graph.judgement import Judgement
from gencode_graph.lessons import OF_AN_ATTEMPT, learn
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.types import Finding, Task

ODD = "the frobnicator gave up\nno further words\n"
PLAIN = "Traceback (most recent call last):\n  File 'a.py', line 1\nModuleNotFoundError: No module named 'b'\n"


async def test_only_logs_that_say_nothing_by_themselves_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gencode_graph.lessons.emit", lambda event: None)  # there is no graph to hear it
    assert not classify(ODD).evidence
    findings = tuple(Finding(rule="pytest/not-run", message=log) for log in (ODD, PLAIN, "one line"))
    task = Task(run_id="run", step="testing_backend", request="", tree="", findings=findings)
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        memory = services.memory
        assert memory is not None
        for n in range(6):
            others = [name for name in memory.options("error_class") if name != "timeout"]
            await memory.decide("error_class", ODD, key=f"taught/{n}", context=Context(), exclude=others)
            await memory.learn(f"taught/{n}", Outcome(success=True))
        found = await diagnosed(task, services)
    assert [finding.rule for finding in found] == ["error/timeout"]


async def test_each_log_that_was_asked_about_gets_its_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Event] = []
    monkeypatch.setattr("gencode_graph.lessons.emit", told.append)
    logs = [ODD, f"and {ODD}", PLAIN, f"again {ODD}"]
    findings = tuple(Finding(rule="pytest/not-run", message=log) for log in logs)
    task = Task(run_id="run", step="testing_backend", request="", tree="", findings=findings)
    state: Any = {"findings": findings, "tried": (), "said": (), "producer": "heal"}
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        await diagnosed(task, services)
        await learn(task, state, Judgement(findings=findings[:1]), services)
    assert "error_class" in OF_AN_ATTEMPT
    learned = [event.decision for event in told if isinstance(event, Learned)]
    assert learned == [f"run/testing_backend/1/error_class{end}" for end in ("", "/1", "/3")]
