"""JUnit XML in its dialects."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

SUITE = "<testsuites><testsuite name='s' {}>{}</testsuite></testsuites>"
DIALECTS = {
    "pytest writes an expected failure as skipped": (
        "<testcase classname='t' name='a'><skipped type='pytest.xfail' message='later'/></testcase>",
        {"xfailed": 1, "skipped": 0},
    ),
    "surefire notes the failures of what passed in the end": (
        "<testcase name='a'><flakyFailure message='once'/></testcase>", {"flaky": 1, "failed": 0}
    ),
    "surefire notes the repeats of what failed in the end": (
        "<testcase name='a'><failure/><rerunFailure/></testcase>", {"failed": 1, "total": 1}
    ),
    "an error weighs more than a failure": (
        "<testcase name='a'><failure/></testcase><testcase name='a'><error/></testcase>",
        {"errors": 1, "failed": 0, "total": 1},
    ),
    "an attribute says that it was disabled": ("<testcase name='a' status='disabled'/>", {"skipped": 1, "passed": 0}),
    "googletest says that it was not run": ("<testcase name='a' status='notrun'/>", {"skipped": 1, "passed": 0}),
    "results without names are counted each": ("<testcase/><testcase><failure/></testcase>", {"total": 2, "failed": 1}),
    "suites lie in suites": (
        "<testcase name='a'/><testsuite name='i'><testcase name='b'/></testsuite><testsuite name='j'/>",
        {"total": 2, "suites": 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cases", "numbers"), DIALECTS.values(), ids=DIALECTS)
def test_dialects_are_told_apart(cases: str, numbers: dict[str, int]) -> None:
    report = read_report(SUITE.format("", cases), tool="t")
    assert {name: report.numbers[name] for name in numbers} == numbers


def test_the_suites_are_asked_only_where_no_test_is_named() -> None:
    report = read_report(SUITE.format("tests='5' failures='1' errors='1' skipped='1'", ""), tool="t")
    assert [report.numbers[name] for name in ("total", "passed", "failed", "errors", "skipped")] == [5, 2, 1, 1, 1]
    named = read_report(SUITE.format("tests='5' failures='0'", "<testcase name='a'><failure/></testcase>"), tool="t")
    assert (named.numbers["total"], named.numbers["failed"]) == (1, 1)


def test_a_failure_has_its_place_and_its_reason() -> None:
    report = read_report(
        SUITE.format("", "<testcase classname='c' name='n' file='t/a.py' line='7'><failure "
                         "message='m'>why</failure></testcase>"),
        tool="pytest",
    )  # fmt: skip
    (finding,) = report.findings
    assert (finding.rule, finding.path, finding.line) == ("pytest/failed", "t/a.py", 7)
    assert finding.message == "c::n: m\nwhy"
    assert report.cases[0].id == "c::n"


LINT = {
    "ruff": ("<testcase name='org.ruff.F401' classname='/app/a' line='3'><failure message='unused'/>"
             "</testcase>", "F401"),
    "bandit": (
        "<testcase classname='./a.py' name='blacklist'><error type='HIGH' message='m'>Test ID: B404 Severity: HIGH\n"
        "Location ./a.py:3</error></testcase>", "B404",
    ),
    "mypy": (
        "<testcase name='mypy'><failure message='mypy produced messages'>a.py:3: error: wrong  [arg-type]</failure>"
        "</testcase>", "arg-type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", LINT)
def test_what_a_linter_wrote_as_tests_is_findings(tool: str) -> None:
    cases, rule = LINT[tool]
    report = read_report(
        f"<testsuites name='{tool}'><testsuite name='{tool}'>{cases}</testsuite></testsuites>", tool=tool
    )
    (finding,) = report.findings
    assert (report.kind, finding.rule, finding.line) == ("types" if tool == "mypy" else "lint", f"{tool}/{rule}", 3)
