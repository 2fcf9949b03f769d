"""One form for all tools: states, numbers, three outcomes."""

from __future__ import annotations

import pytest

from gencode_graph.types import Finding
from gencode_graph.validation.reports import Case, Report
from gencode_graph.validation.reports.report import State, not_run, on_coverage, on_issues, on_tests

LINT = Finding(rule="ruff/F401", message="unused", path="/srv/run/backend/app/main.py", line=3)


def test_what_did_not_run_is_never_clean() -> None:
    assert not_run("audit", "npm-audit-json", "").outcome == "not run"
    assert not_run("audit", "npm-audit-json", "").reason == "it said nothing"
    assert on_issues("lint", "ruff-json", (), tool="ruff", exit_code=2).outcome == "not run"
    assert on_issues("lint", "ruff-json", (), tool="ruff", exit_code=0).outcome == "clean"
    assert on_issues("lint", "ruff-json", (LINT,), tool="ruff", exit_code=1).outcome == "findings"
    assert on_tests("junit-xml", tool="pytest", exit_code=0).outcome == "not run"
    assert on_coverage("lcov", {}).outcome == "not run"


def test_a_bad_exit_code_of_tests_that_all_passed_is_a_finding() -> None:
    report = on_tests("junit-xml", (Case(name="a", state="passed"),), tool="pytest", exit_code=1)
    assert [finding.rule for finding in report.findings] == ["pytest/exit-code"]


def test_numbers_without_names_still_are_findings() -> None:
    report = on_tests("pytest-text", tool="pytest", counted={"failed": 2, "passed": 1})
    assert [finding.message for finding in report.findings] == ["2 did not pass; the report does not say which"]


@pytest.mark.parametrize(
    ("states", "number"),
    [
        (("passed", "failed"), "failed"), (("failed", "error"), "errors"), (("skipped", "passed"), "passed"),
        (("skipped", "skipped"), "skipped"), (("xfailed", "passed"), "passed"),
    ],
)  # fmt: skip
def test_a_test_with_several_results_counts_once_as_its_worst(states: tuple[State, ...], number: str) -> None:
    report = on_tests("trx", [Case(name="a", state=state) for state in states], tool="trx", distinct=True)
    assert (report.numbers["total"], report.numbers[number], report.runs["total"]) == (1, 1, 2)


def test_findings_are_told_from_where_the_tool_ran() -> None:
    findings = tuple(
        LINT.model_copy(update={"path": path}) for path in (LINT.path, "./a.py", "a.py", "/etc/a.py", None)
    )
    report = Report(kind="lint", format="ruff-json", ran=True, findings=findings)
    paths = ["backend/app/main.py", "backend/a.py", "backend/a.py", "/etc/a.py", None]
    assert [finding.path for finding in report.under("backend")] == paths


def test_notes_are_no_issues() -> None:
    note = LINT.model_copy(update={"severity": "note", "path": "other.py"})
    report = on_issues("lint", "sarif", (LINT, note), tool="ruff")
    assert (report.numbers["issues"], report.numbers["notes"], report.numbers["files_with_issues"]) == (1, 1, 1)
    assert report.by_rule == {"F401": 1}
    assert on_issues("lint", "sarif", (note,), tool="ruff").outcome == "clean"


def test_lines_and_statements_stand_for_each_other() -> None:
    report = on_coverage("lcov", {}, {"lines": 8, "covered_lines": 6, "branches": 2, "covered_branches": 1})
    assert (report.numbers["statements"], report.numbers["missing"], report.numbers["percent"]) == (8, 2, 75.0)
    assert report.numbers["percent_with_branches"] == 70.0
