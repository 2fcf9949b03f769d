"""Tests as JSON: what cannot be loaded has no tests, and is no pass."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gencode_graph.validation.reports import read_report

LOADED = {"name": "/a.test.ts", "status": "passed", "assertionResults": [{"fullName": "one", "status": "passed"}]}
BROKEN = {"name": "/b.test.ts", "status": "failed", "message": "Cannot find module", "assertionResults": []}


def spec(status: str, **more: Any) -> dict[str, Any]:
    return {"title": status, "file": "a.spec.ts", "line": 3, "tests": [{"status": status, "results": [], **more}]}


DOCUMENTS: dict[str, tuple[dict[str, Any], dict[str, float], list[str]]] = {
    "vitest, a file that cannot be loaded": (
        {"numTotalTests": 1, "testResults": [LOADED, BROKEN]},
        {"total": 1, "passed": 1, "suites": 2, "suites_failed": 1}, ["t/not-loaded"],
    ),
    "jest, all states": (
        {"numTotalTests": 4, "testResults": [{"name": "a", "status": "failed", "assertionResults": [
            {"fullName": name, "status": name, "failureMessages": ["no"]}
            for name in ("passed", "failed", "pending", "todo")]}]},
        {"passed": 1, "failed": 1, "skipped": 1, "todo": 1, "suites_failed": 1}, ["t/failed"],
    ),
    "mocha, a hook that fails": (
        {"stats": {}, "tests": [{"fullTitle": "m one", "err": {}}], "pending": [],
         "failures": [{"fullTitle": "m before each", "err": {"message": "no"}}]},
        {"passed": 1, "errors": 1, "failed": 0}, ["t/error"],
    ),
    "mocha, pending": (
        {"stats": {}, "tests": [{"fullTitle": "m one", "err": {}}], "failures": [],
         "pending": [{"fullTitle": "m one"}]},
        {"passed": 0, "skipped": 1}, [],
    ),
    "playwright, flaky, in suites of suites": (
        {"config": {}, "stats": {}, "suites": [{"title": "a.spec.ts", "specs": [spec("expected")], "suites": [
            {"title": "inner", "specs": [spec("flaky"), spec("skipped"), spec("unexpected")]}]}]},
        {"passed": 1, "flaky": 1, "skipped": 1, "failed": 1}, ["t/failed", "t/flaky"],
    ),
    "playwright, a configuration that cannot be loaded": (
        {"config": {}, "stats": {}, "suites": [], "errors": [{"message": "no such file"}]},
        {"total": 0}, ["t/not-loaded"],
    ),
    "pytest, a module that cannot be collected": (
        {"exitcode": 2, "summary": {"total": 0}, "root": "/", "tests": [],
         "collectors": [{"nodeid": "test_a.py", "outcome": "failed", "longrepr": "ImportError"}]},
        {"total": 1, "errors": 1}, ["t/error"],
    ),
    "rspec, an error outside of the examples": (
        {"examples": [], "summary_line": "", "summary": {"errors_outside_of_examples_count": 1}, "messages": ["no"]},
        {"total": 0, "suites_failed": 1}, ["t/not-loaded"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("document", "numbers", "rules"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_states_are_told_apart(document: dict[str, Any], numbers: dict[str, float], rules: list[str]) -> None:
    report = read_report(json.dumps(document), tool="t")
    assert {name: report.numbers[name] for name in numbers} == numbers
    assert [finding.rule for finding in report.findings] == rules


def test_a_run_without_tests_did_not_run() -> None:
    report = read_report('{"numTotalTests": 0, "testResults": []}', format="jest-json")
    assert (report.outcome, report.reason) == ("not run", "no test ran")
