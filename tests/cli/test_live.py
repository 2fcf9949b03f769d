"""The live view follows the events, on a terminal and off it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from gencode_graph.cli.live import Screen, Steps, only_warnings, shortened, told, watching
from gencode_graph.events import Activity, AttemptFailed, Event, StepFinished, StepStarted, Warned
from gencode_graph.pipeline import parallel, series
from gencode_graph.types import Finding

PIPELINE = series("plan", parallel("web", "api"), "try_it")
PERSONAS = {"plan": "Marcus", "web": "Derek", "api": "Derek", "try_it": "Luna"}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)


def written(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def started(step: str) -> Event:
    return StepStarted(step=step, persona=PERSONAS[step])


def finished(step: str, status: str = "passed", seconds: float = 2.5) -> Event:
    return StepFinished.model_validate(
        {"step": step, "status": status, "seconds": seconds, "files": 7, "findings": 0 if status == "passed" else 2}
    )


def working(step: str, name: str, state: str = "started", attempt: int = 1) -> Event:
    return Activity.model_validate({"step": step, "name": name, "state": state, "attempt": attempt})


def drawn(*events: Event, clock: Clock | None = None, later: float = 0.0) -> dict[str, str]:
    """Step -> its line after the events, and ``later`` seconds after them."""
    clock = clock or Clock()
    steps = Steps(PIPELINE, PERSONAS, clock)
    screen = Screen("title", steps, clock)
    for event in events:
        steps.hear(event)
    clock.now += later
    to = console(terminal=False)
    to.print(screen)
    lines = written(to).splitlines()
    return {name: next(line for line in lines if name in line) for name in PERSONAS}


def test_every_step_is_shown_before_anything_began() -> None:
    lines = drawn()
    assert all(line.startswith("·") for line in lines.values())
    assert "Luna" in lines["try_it"]


def test_two_branches_are_seen_at_work_at_once() -> None:
    lines = drawn(
        started("plan"), finished("plan"), started("web"), started("api"), working("web", "web_lint"),
        working("api", "backend_tests"), later=3.0,
    )  # fmt: skip
    assert lines["plan"].startswith("✓")
    assert "2.5 s" in lines["plan"]
    assert "7 files" in lines["plan"]
    assert "┬─ web" in lines["web"]
    assert lines["web"].rstrip().endswith("3.0 s web_lint")
    assert lines["api"].rstrip().endswith("3.0 s backend_tests")
    assert lines["try_it"].startswith("·")


def test_what_has_ended_is_no_longer_shown_as_at_work() -> None:
    lines = drawn(started("plan"), working("plan", "a"), working("plan", "b"), working("plan", "a", "finished"))
    assert lines["plan"].rstrip().endswith("b")
    assert "a, b" not in lines["plan"]


def test_a_further_attempt_and_a_failure_are_shown() -> None:
    lines = drawn(started("plan"), working("plan", "blueprint", attempt=2))
    assert "attempt 2, blueprint" in lines["plan"]
    lines = drawn(started("plan"), working("plan", "blueprint", attempt=2), finished("plan", "failed"))
    assert lines["plan"].startswith("✗")
    assert "attempt 2" in lines["plan"]


def test_steps_that_ended_before_a_resume_are_not_shown_as_waiting() -> None:
    lines = drawn(started("try_it"))
    for name in ("plan", "web", "api"):
        assert lines[name].startswith("✓")
        assert lines[name].rstrip().endswith("done before")


def test_a_step_of_another_pipeline_is_left_out() -> None:
    steps = Steps(PIPELINE, PERSONAS)
    steps.hear(StepStarted(step="unknown", persona="Nina"))
    assert all(row.state == "waiting" for row in steps.of.values())


FAILED = AttemptFailed(
    step="web",
    attempt=1,
    findings=(
        Finding(rule="tsc/TS2322", message="Type 'string' is not assignable\nmore of it"),
        Finding(rule="biome/format", message="not formatted", severity="warning"),
    ),
)


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (started("web"), ["web: started by Derek"]),
        (finished("web"), ["web: passed in 2.5 s, 7 files"]),
        (finished("web", "failed"), ["web: failed in 2.5 s, 7 files, 2 findings"]),
        (FAILED, ["web: attempt 1 did not pass, 1 error", "    tsc/TS2322: Type 'string' is not assignable"]),
        (Warned(message="kept README.md"), ["warning: kept README.md"]),
        (working("web", "web_lint"), []),
    ],
)
def test_each_event_has_its_plain_lines(event: Event, lines: list[str]) -> None:
    assert list(told(event)) == lines


def test_off_a_terminal_there_are_plain_lines_and_no_control_characters() -> None:
    to = console(terminal=False)
    with watching(to, "gencode · a [bold]request[/]", PIPELINE, PERSONAS) as hear:
        hear(started("plan"))
        hear(finished("plan"))
    lines = written(to).splitlines()
    assert lines[0] == "gencode · a [bold]request[/]"
    assert [line.split("] ", 1)[1] for line in lines[1:]] == [
        "plan: started by Marcus",
        "plan: passed in 2.5 s, 7 files",
    ]
    assert "\x1b" not in written(to)


def test_on_a_terminal_the_last_picture_stays_and_the_cursor_comes_back() -> None:
    to = console(terminal=True)
    with watching(to, "gencode · a request", PIPELINE, PERSONAS) as hear:
        hear(started("plan"))
        hear(finished("plan"))
        hear(Warned(message="kept README.md"))
    assert "✓ plan" in written(to)
    assert "warning: kept README.md" in written(to)
    assert written(to).endswith("\x1b[?25h")


def test_quiet_shows_warnings_only() -> None:
    to = console(terminal=True)
    with only_warnings(to) as hear:
        hear(started("plan"))
        hear(Warned(message="kept README.md"))
    assert written(to) == "warning: kept README.md\n"


@pytest.mark.parametrize(("text", "short"), [("one\ntwo", "one"), ("", ""), ("x" * 200, "x" * 159 + "…")])
def test_long_messages_are_cut(text: str, short: str) -> None:
    assert shortened(text) == short
