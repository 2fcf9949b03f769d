"""pytest on the console: which of the lines that look like its summary is one."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

START = "===== test session starts =====\ncollected 3 items\n\n"
LIE = (
    "===== FAILURES =====\n_____ test_a _____\nE   no\n----- Captured stdout call -----\n"
    "12 failed, 99 passed in 0.01s\n"
)
SHORT = "===== short test summary info =====\nFAILED t.py::test_a - no\nERROR t.py::test_b - 3 errors\n"
LOGS = {
    "a summary": (f"{START}t.py .F\n{SHORT}===== 1 failed, 1 passed, 1 error in 0.1s "
                  f"=====\n", {"failed": 1, "errors": 1}),
    "a test prints one": (f"{START}t.py F\n{LIE}{SHORT}===== 1 failed in 0.1s =====\n", {"failed": 1, "passed": 0}),
    "a test prints one, and pytest none": (f".FEsxX [100%]\n{LIE}{SHORT}", {"passed": 1, "failed": 1, "total": 6}),
    "without sections": (f"{START}t.py ..F\n===== 1 failed, 2 passed in 0.1s =====\n", {"total": 3}),
    "two runs in one log": (f"... [100%]\n3 passed in 0.02s\nF [100%]\n{LIE}{SHORT}1 failed in "
                            f"0.05s\n", {"passed": 3, "total": 4}),
    "two runs that both failed": (
        f"{START}t.py F\n{SHORT}===== 1 failed in 0.1s =====\n{START}t.py .F\n{SHORT}===== 1 failed, 1 "
        f"passed in 2s =====\n",
        {"failed": 2, "passed": 1},
    ),
    "warnings after the tests": (
        f"{START}t.py .\n===== warnings summary =====\nt.py:1\n-- Docs: x\n===== 1 passed, 2 warnings in 0.1s =====\n",
        {"passed": 1, "warnings": 2},
    ),
    "words": ("t.py::a PASSED [ 50%]\nt.py::b FAILED [100%]\n", {"passed": 1, "failed": 1}),
    "deselected": (f"{START}t.py .\n===== 1 passed, 2 deselected in 0.1s =====\n", {"total": 1, "deselected": 2}),
    "long": ("1 passed in 75.10s (0:01:15)\n", {"passed": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("log", "numbers"), LOGS.values(), ids=LOGS)
def test_numbers(log: str, numbers: dict[str, int]) -> None:
    report = read_report(log, format="text", tool="pytest")
    assert {name: report.numbers[name] for name in numbers} == numbers


@pytest.mark.parametrize(
    "log", ["no tests ran in 0.01s\n", "===== 3 deselected in 0.1s =====\n", "ERROR: usage: pytest\n", ""]
)
def test_no_test_is_no_pass(log: str) -> None:
    assert read_report(log, format="text", tool="pytest", exit_code=5).outcome == "not run"


def test_the_short_summary_names_what_failed() -> None:
    report = read_report(f"{START}{SHORT}===== 1 failed, 1 error in 0.1s =====\n", tool="pytest")
    places = [(finding.rule, finding.path) for finding in report.findings]
    assert places == [("pytest/failed", "t.py"), ("pytest/error", "t.py")]
