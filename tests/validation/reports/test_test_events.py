"""Tests as lines of JSON: what was not built, what never ended."""

from __future__ import annotations

import json

import pytest

from gencode_graph.validation.reports import read_report


def go(*events: tuple[str, str, str] | dict[str, str]) -> str:
    """Lines of ``go test -json``: (action, package, test or output)."""
    lines = []
    for event in events:
        if isinstance(event, tuple):
            action, package, rest = event
            event = {"Action": action, "Package": package, "Output" if action == "output" else "Test": rest}
        lines.append(json.dumps({name: value for name, value in event.items() if value}))
    return "\n".join(lines)


ENDED = (("run", "p", "TestA"), ("pass", "p", "TestA"), ("pass", "p", ""))
GO = {
    "all passed": (go(*ENDED), {"passed": 1, "packages_ok": 1, "build_failed": 0}, []),
    "not built, as since Go 1.24": (
        go({"ImportPath": "q [q.test]", "Action": "build-output", "Output": "q.go:1:1: no"},
           {"Action": "fail", "Package": "q", "FailedBuild": "q [q.test]"}, *ENDED),
        {"passed": 1, "build_failed": 1, "packages_failed": 1}, ["go/not-loaded"],
    ),
    "not built, as before": (
        go(("output", "q", "FAIL\tq [build failed]\n"), ("fail", "q", ""), *ENDED),
        {"build_failed": 1}, ["go/not-loaded"],
    ),
    "a test that never ended": (go(("run", "p", "TestA"), ("fail", "p", "")), {"errors": 1}, ["go/error"]),
    "a package that failed without a test": (go(*ENDED[:2], ("fail", "p", "")), {"passed": 1}, ["go/not-loaded"]),
    "subtests count": (
        go(("run", "p", "T"), ("fail", "p", "T/x"), ("fail", "p", "T"), ("fail", "p", "")),
        {"failed": 2}, ["go/failed"] * 2,
    ),
    "no test files": (go(("output", "p", "?   p [no test files]\n"), ("skip", "p", "")), {"packages_no_tests": 1}, []),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "numbers", "rules"), GO.values(), ids=GO)
def test_go(lines: str, numbers: dict[str, int], rules: list[str]) -> None:
    report = read_report(f"# a line of another program\n{lines}", tool="go")
    assert {name: report.numbers[name] for name in numbers} == numbers
    assert [finding.rule for finding in report.findings] == rules


def test_dart_counts_a_file_that_cannot_be_loaded_and_not_one_that_can() -> None:
    loading = {"type": "testStart", "test": {"id": 1, "name": "loading a", "suiteID": 0}}
    lines = [
        {"protocolVersion": "0.1.1", "runnerVersion": "1", "type": "start"},
        {"type": "suite", "suite": {"id": 0, "path": "a.dart"}},
        loading,
        {"type": "testDone", "testID": 1, "result": "error", "hidden": True},
        {"type": "testStart", "test": {"id": 2, "name": "loading b", "suiteID": 0}},
        {"type": "testDone", "testID": 2, "result": "success", "hidden": True},
    ]
    report = read_report("\n".join(map(json.dumps, lines)))
    assert (report.format, report.numbers["total"], report.numbers["errors"]) == ("dart-json", 1, 1)


def test_mocha_s_stream_says_what_is_pending_only_at_its_end() -> None:
    lines = '["start",{"total":2}]\n["pass",{"fullTitle":"a"}]\n["end",{"passes":1,"failures":0,"pending":1}]'
    report = read_report(lines, format="mocha-json-stream")
    assert [report.numbers[name] for name in ("total", "passed", "skipped")] == [2, 1, 1]


def test_pytest_s_log() -> None:
    def line(when: str, outcome: str, test: str, **more: str) -> str:
        event = {"$report_type": "TestReport", "nodeid": f"a.py::{test}", "when": when, "outcome": outcome}
        return json.dumps(event | more)

    lines = [
        line("setup", "passed", "a"), line("call", "passed", "a"), line("setup", "failed", "b"),
        line("call", "failed", "c"), line("call", "skipped", "d", wasxfail=""), line("setup", "skipped", "e"),
    ]  # fmt: skip
    report = read_report("\n".join(lines))
    names = ("passed", "errors", "failed", "xfailed", "skipped")
    assert (report.format, [report.numbers[name] for name in names]) == ("pytest-reportlog", [1] * 5)
