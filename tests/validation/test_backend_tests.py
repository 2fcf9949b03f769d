"""JUnit XML decides how a test run ended; the exit code alone never does."""

from __future__ import annotations

from typing import Literal

import pytest

from gencode_graph.types import Result
from gencode_graph.validation.backend_tests import read

GOOD = '<testcase classname="tests.test_a" name="test_one"/>'
BAD = '<testcase classname="tests.test_a" name="test_two"><failure message="no">why</failure></testcase>'
SKIPPED = '<testcase classname="tests.test_a" name="test_three"><skipped/></testcase>'
FUZZED = '<testcase classname="tests.test_contract" name="test_contract[GET /api/things]"/>'
BROKEN = '<testcase classname="" name="tests.test_b"><error message="collection failure"/></testcase>'

RUNS = {
    "all passed": (GOOD * 3, "ok", (3, 0, 0), []),
    "one failed": (GOOD + BAD, "failed", (1, 1, 0), ["pytest/failed"]),
    "one skipped": (GOOD + SKIPPED, "ok", (1, 0, 1), []),
    "a module that cannot load": (GOOD + BROKEN, "failed", (1, 1, 0), ["pytest/failed"]),
    "a failure under a good exit code": (GOOD + BAD, "ok", (1, 1, 0), ["pytest/failed"]),
    "a bad exit code without a failure": (GOOD, "failed", (1, 0, 0), ["pytest/not-run"]),
    "no test at all": ("", "ok", (0, 0, 0), ["pytest/not-run"]),
    "stopped by the clock": (GOOD, "timeout", (1, 0, 0), ["pytest/not-run"]),
}


@pytest.mark.parametrize(("cases", "verdict", "counts", "rules"), RUNS.values(), ids=RUNS)
def test_results_are_read(
    cases: str, verdict: Literal["ok", "failed", "timeout"], counts: tuple[int, int, int], rules: list[str]
) -> None:
    result = Result(verdict=verdict, exit_code=0, stdout="", stderr="", seconds=1, backend="local")
    judged = read(f"<testsuites><testsuite>{cases}{FUZZED}</testsuite></testsuites>".encode(), result)
    assert tuple(judged.figures["backend_tests"].values()) == counts
    assert judged.figures["contract"] == {"passed": 1, "failed": 0, "skipped": 0}
    assert [finding.rule for finding in judged.findings] == rules


def test_a_run_without_the_fuzzer_is_no_pass() -> None:
    result = Result(verdict="ok", exit_code=0, stdout="", stderr="", seconds=1, backend="local")
    judged = read(f"<testsuites><testsuite>{GOOD}</testsuite></testsuites>".encode(), result)
    assert [finding.rule for finding in judged.findings] == ["pytest/not-run"]
