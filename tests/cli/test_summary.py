"""The summary tells what was built, what the checks said, what is unmet and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gencode_graph.cli.summary import lines
from gencode_graph.report import EntityReport, Report, RequirementReport, Route, StepReport
from gencode_graph.report_parts import AppReport, Checks, Counts, Preview
from gencode_graph.types import Finding

GOOD = Report(
    run_id="20261121-5a3f9c",
    request="a gym",
    status="delivered",
    workspace="/tmp/gym",
    app=AppReport(
        name="Iron Yard",
        archetype="saas_app",
        vibe="bold",
        entities=(
            EntityReport(name="member", fields_=("name",)),
            EntityReport(name="class_session", fields_=("title",)),
        ),
        routes=(Route(method="GET", path="/api/members"),),
        pages=("/", "/members"),
    ),
    steps=(StepReport(name="analysis", status="passed", attempts=1, seconds=0.2),),
    checks=Checks(
        backend_tests=Counts(passed=49, failed=0, skipped=0),
        contract=Counts(passed=20, failed=1, skipped=0),
        e2e=Counts(passed=14, failed=0, skipped=2),
        screenshots=(".gencode/artifacts/screenshots/home.png",),
    ),
    requirements=(
        RequirementReport(text="members book spots", status="met", evidence=("entity booking",)),
        RequirementReport(text="e-mail reminders", status="unmet", evidence=("no messages are sent",)),
        RequirementReport(text="make it pop", status="unclear"),
    ),
    preview=Preview(command="gencode preview 20261121-5a3f9c"),
    warnings=("README.md was changed by you, so the new version was not written",),
)


def text(**changed: Any) -> str:
    return "\n".join(line.plain for line in lines(GOOD.model_copy(update=changed)))


@pytest.mark.parametrize(
    "part",
    [
        "Iron Yard · delivered",
        "saas app, bold look; member, class_session; 1 route, 2 pages",
        "backend tests 49 passed, API fuzzer 20 passed 1 failed, unit tests not run, browser tests 14 passed 2 skipped",
        "1 screenshot",
        "1 of 3 met",
        "✗ e-mail reminders: unmet (no messages are sent)",
        "? make it pop: unclear",
        "/tmp/gym",
        "gencode preview 20261121-5a3f9c",
        "/tmp/gym/.gencode/artifacts/screenshots",
        "README.md was changed by you",
    ],
)
def test_it_tells(part: str) -> None:
    assert part in text()


def test_what_is_met_is_counted_and_not_listed() -> None:
    assert "members book spots" not in text()


def test_a_failed_step_is_shown_with_the_first_of_its_errors() -> None:
    findings = tuple(
        Finding(rule="pytest/failed", message=f"test {n} failed\nlong", path="backend/tests/a.py") for n in range(5)
    )
    step = StepReport(name="testing_backend", status="failed", attempts=3, seconds=9.0, findings=findings)
    shown = text(status="failed", steps=(step,), preview=None)
    assert "failed: there is no app that runs" in shown
    assert "Failed    testing_backend" in shown
    assert "backend/tests/a.py: test 0 failed\n" in shown
    assert "test 3 failed" not in shown
    assert "and 2 more" in shown
    assert "gencode preview" not in shown


def test_an_interrupted_run_says_how_to_go_on() -> None:
    assert "gencode resume 20261121-5a3f9c" in text(status="interrupted", app=None)


def test_an_app_that_is_served_is_shown_with_its_url() -> None:
    ends = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    served = Preview(command="gencode preview x", url="http://127.0.0.1:4000", expires=ends)
    assert f"http://127.0.0.1:4000   (served until {ends.astimezone():%H:%M})" in text(preview=served)
    assert "gencode preview x" not in text(preview=served)
