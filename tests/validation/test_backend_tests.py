"""JUnit XML decides how a test run ended; the exit code alone never does."""

from __future__ import annotations

from typing import Literal

import pytest

from gencode_graph.types import Result
from gencode_graph.validation.backend_tests import read
from gencode_graph.validation.expected_tests import expected

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
    judged = read(f"<testsuites><testsuite>{cases}{FUZZED}</testsuite></testsuites>".encode(), result, {})
    assert tuple(judged.figures["backend_tests"].values()) == counts
    assert judged.figures["contract"] == {"passed": 1, "failed": 0, "skipped": 0}
    assert [finding.rule for finding in judged.findings] == rules


def test_a_run_without_the_fuzzer_is_no_pass() -> None:
    result = Result(verdict="ok", exit_code=0, stdout="", stderr="", seconds=1, backend="local")
    judged = read(f"<testsuites><testsuite>{GOOD}</testsuite></testsuites>".encode(), result, {})
    assert [finding.rule for finding in judged.findings] == ["pytest/not-run"]


TESTS = """
import pytest

def helper(): ...
def test_one(): ...
async def test_two(): ...
@pytest.mark.skipif(True, reason="later")
def test_three(): ...
class TestMany:
    def test_four(self): ...
    def other(self): ...
"""


def test_which_tests_must_have_results_is_known_before_they_run() -> None:
    files = {"backend/tests/test_a.py": TESTS, "backend/tests/sub/test_b.py": "def test_x(): ...\n"}
    others = {"backend/tests/conftest.py": TESTS, "backend/app/test_c.py": TESTS, "backend/tests/test_d.py": "def ("}
    assert expected({**files, **others}) == {
        "tests.test_a::test_one": False,
        "tests.test_a::test_two": False,
        "tests.test_a::test_three": True,
        "tests.test_a.TestMany::test_four": False,
        "tests.sub.test_b::test_x": False,
    }


WANTED = {"tests.test_a::test_one": False, "tests.test_a::test_three": False}
MISSED = {
    "all there": (GOOD + SKIPPED.replace("<skipped/>", ""), WANTED, []),
    "one has no result": (GOOD, WANTED, ["tests.test_a::test_three has no result"]),
    "one was skipped": (GOOD + SKIPPED, WANTED, ["tests.test_a::test_three was skipped"]),
    "one that says so was skipped": (GOOD + SKIPPED, WANTED | {"tests.test_a::test_three": True}, []),
    "one that says so is not there": (GOOD, WANTED | {"tests.test_a::test_three": True}, ["has no result"]),
    "parameters are no part of an id": (GOOD.replace("test_one", "test_one[x]"), {"tests.test_a::test_one": False}, []),
}


@pytest.mark.parametrize(("cases", "wanted", "said"), MISSED.values(), ids=MISSED)
def test_a_test_without_a_result_did_not_pass(cases: str, wanted: dict[str, bool], said: list[str]) -> None:
    result = Result(verdict="ok", exit_code=0, stdout="2 passed", stderr="", seconds=1, backend="local")
    judged = read(f"<testsuite>{cases}{FUZZED}</testsuite>".encode(), result, wanted)
    found = [finding for finding in judged.findings if finding.rule == "pytest/missing"]
    assert len(found) == len(said) == len(judged.findings)
    assert all(part in finding.message for part, finding in zip(said, found, strict=True))


@pytest.mark.parametrize(
    "report", [None, b"", b"<testsuite", b"<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite>&a;</testsuite>"]
)
def test_a_report_that_cannot_be_read_is_no_pass(report: bytes | None) -> None:
    result = Result(verdict="ok", exit_code=0, stdout="2 passed", stderr="", seconds=1, backend="local")
    assert [finding.rule for finding in read(report, result, {}).findings] == ["pytest/not-run"]
