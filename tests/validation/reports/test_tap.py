"""TAP 13 and 14."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

STREAMS = {
    "directives": (
        "1..4\nok 1 - a\nok 2 - b # SKIP no net\nnot ok 3 - c # TODO later\nnot ok 4 - d\n",
        {"passed": 1, "skipped": 1, "todo": 1, "failed": 1},
    ),
    "a hash that is escaped": ("1..1\nnot ok 1 - a \\# TODO\n", {"failed": 1, "todo": 0}),
    "planned, but never run": ("1..3\nok 1\nok 2\n", {"passed": 2, "errors": 1, "total": 3}),
    "the plan at the end": ("ok 1\nok 2\n1..2\n", {"passed": 2, "errors": 0}),
    "subtests": (
        "TAP version 14\n# Subtest: x\n    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - x\nok 2 - y\n1..2\n",
        {"total": 3, "passed": 2, "failed": 1},
    ),
    "a suite that failed itself": (
        "TAP version 14\n    ok 1 - a\n    1..1\nnot ok 1 - x\n1..1\n", {"total": 2, "passed": 1, "failed": 1}
    ),
    "what a test says is no result": (
        "TAP version 13\nnot ok 1 - a\n  ---\n  stdout: |\n    ok 2 - b\n  ok 3 - c\n  ...\n"
        "1..1\n", {"total": 1, "failed": 1}
    ),
    "the sums of node": (
        "TAP version 13\nok 1 - a\n1..1\n# tests 3\n# suites 0\n# pass 1\n# fail 0\n# cancelled 2\n# skipped "
        "0\n# todo 0\n",
        {"total": 3, "errors": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stream", "numbers"), STREAMS.values(), ids=STREAMS)
def test_streams(stream: str, numbers: dict[str, int]) -> None:
    report = read_report(stream, tool="t")
    assert report.format == "tap"
    assert {name: report.numbers[name] for name in numbers} == numbers


def test_bailing_out_is_a_finding() -> None:
    report = read_report("1..1\nok 1\nBail out! no database\n", format="tap")
    assert [finding.message for finding in report.findings] == ["Bail out! no database"]


def test_nothing_planned_is_nothing_run() -> None:
    assert read_report("1..0 # SKIP no compiler\n", format="tap").outcome == "not run"
