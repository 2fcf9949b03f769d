"""Test runners of other languages on the console."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

CLASS = "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in com.a.ATest\n"
LOGS = {
    "maven, classes and their sum": (
        f"{CLASS}[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0\n", {"total": 2, "failed": 1, "errors": 1}
    ),
    "maven, two modules": (
        f"{CLASS}[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n"
        f"{CLASS}[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0\n", {"total": 4, "passed": 3},
    ),
    "maven, cut off": (CLASS, {"total": 2}),
    "gradle": ("com.a.ATest > bad FAILED\n5 tests completed, 1 failed, 1 "
               "skipped\n", {"passed": 3, "failed": 1, "skipped": 1}),
    "cargo, several crates": (
        "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 1 passed; 1 "
        "failed; 0 ignored;\n",
        {"passed": 3, "failed": 1, "skipped": 1},
    ),
    "nextest": ("     Summary [   0.1s] 3 tests run: 1 passed, 1 failed, 1 timed out, 2 "
                "skipped\n", {"errors": 1, "skipped": 2}),
    "dotnet": (
        "Failed!  - Failed:     1, Passed:     2, Skipped:     1, Total:     4, Duration: 9 ms\n"
        "Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5, Duration: "
        "9 ms\n", {"passed": 7, "failed": 1},
    ),
    "dotnet, long": ("Total tests: 4\n     Passed: 2\n     Failed: 1\n    "
                     "Skipped: 1\n", {"passed": 2, "failed": 1, "total": 4}),
    "dotnet, new": ("Test summary: total: 4, failed: 1, succeeded: 2, skipped: 1, "
                    "duration: 1s\n", {"passed": 2, "failed": 1}),
    "nunit 2": (
        "Tests run: 4, Errors: 1, Failures: 1, Inconclusive: 0, Time: 0.3 seconds\n  Not run: 1, Invalid: 0\n",
        {"total": 5, "passed": 2, "skipped": 1},
    ),
    "nunit 3": (
        "  Test Count: 5, Passed: 2, Failed: 2, Warnings: 0, Inconclusive: 0, Skipped: 1\n"
        "    Failed Tests - Failures: 1, Errors: 1, "
        "Invalid: 0\n", {"passed": 2, "failed": 1, "errors": 1, "skipped": 1},
    ),
    "junit 4": ("FAILURES!!!\nTests run: 6,  Failures: 2\n", {"passed": 4, "failed": 2}),
    "junit 5": ("[         3 tests found           ]\n[         2 tests successful      ]\n[         1 tests "
                "failed          ]\n",
                {"passed": 2, "failed": 1}),
    "phpunit": ("Tests: 5, Assertions: 4, Errors: 1, Failures: 1, "
                "Incomplete: 1.\n", {"passed": 2, "errors": 1, "skipped": 1}),
    "rspec": ("5 examples, 1 failure, 1 pending, 1 error occurred outside of "
              "examples\n", {"passed": 3, "suites_failed": 1}),
    "go": ("--- PASS: TestA (0.00s)\n    --- FAIL: TestA/x (0.00s)\nFAIL\tp\t0.1s\n", {"passed": 1, "failed": 1}),
    "go, not built": ("# p\nFAIL\tp [build failed]\nok  \tq\t0.1s\n", {"build_failed": 1, "packages_ok": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("log", "numbers"), LOGS.values(), ids=LOGS)
def test_numbers(log: str, numbers: dict[str, int]) -> None:
    report = read_report(log, format="text", exit_code=0)
    assert {name: report.numbers[name] for name in numbers} == numbers


@pytest.mark.parametrize("tool", ["maven", "gradle", "cargo", "dotnet", "nunit", "junit", "phpunit", "rspec", "go"])
def test_what_does_not_compile_ran_no_test(tool: str) -> None:
    report = read_report("error: expected `;`\n", format="text", tool=tool, exit_code=1)
    assert (report.outcome, "expected `;`" in report.reason) == ("not run", True)
