"""Test runners of Python and JavaScript on the console."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

LOGS = {
    "unittest": (
        "Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1, expected failures=1, unexpected "
        "successes=1)\n",
        {"passed": 2, "failed": 1, "errors": 1, "skipped": 1, "xfailed": 1, "xpassed": 1},
    ),
    "jest": (
        "Test Suites: 1 failed, 2 total\nTests:       1 failed, 1 skipped, 1 todo, 4 passed, 7 total\n",
        {"passed": 4, "failed": 1, "todo": 1, "suites": 2, "suites_failed": 1},
    ),
    "vitest": (
        "\x1b[2m Test Files \x1b[22m 1 failed | 1 passed (2)\n      Tests  1 failed | 3 passed | 1 skipped | "
        "1 todo (6)\n",
        {"passed": 3, "failed": 1, "todo": 1, "suites": 2, "suites_failed": 1},
    ),
    "vitest, nothing loads": (" Test Files  1 failed (1)\n      Tests  no tests\n", {"total": 0, "suites_failed": 1}),
    "vitest, an error outside": (
        " Test Files  1 passed (1)\n      Tests  1 passed (1)\n     Errors  1 error\n", {"passed": 1, "errors": 1}
    ),
    "mocha": ("  3 passing (10ms)\n  1 pending\n  2 failing\n", {"passed": 3, "skipped": 1, "failed": 2}),
    "node": (
        "ℹ tests 5\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ todo 1\n",
        {"total": 5, "passed": 2, "errors": 1, "todo": 1},
    ),
    "playwright": (
        "Running 4 tests using 1 worker\n  9 passed\n  ok\n\n  1 failed\n    a.spec.ts:5:1 › bad\n  1 flaky\n"
        "    a.spec.ts:4:1\n"
        "  1 did not run\n  1 passed (5.6s)\n", {"passed": 1, "failed": 1, "flaky": 1, "skipped": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("log", "numbers"), LOGS.values(), ids=LOGS)
def test_numbers(log: str, numbers: dict[str, int]) -> None:
    for tool in (None, "t"):
        report = read_report(log, format="text", tool=tool, exit_code=1)
        assert {name: report.numbers[name] for name in numbers} == numbers
        assert report.outcome == "findings"


@pytest.mark.parametrize("tool", ["unittest", "jest", "vitest", "mocha", "node", "playwright"])
def test_silence_is_no_pass(tool: str) -> None:
    assert read_report("Killed\n", format="text", tool=tool, exit_code=137).outcome == "not run"
