"""What kind of error it is, where only its words can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.decisions import Context, Outcome
from gencode_graph.healing.classify import classify
from gencode_graph.healing.diagnosis import diagnosed
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
