"""NUnit, xUnit and TRX."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports import read_report

TRX = "http://microsoft.com/schemas/VisualStudio/TeamTest/{}"
FILES = {
    "nunit 2": (
        "<test-results total='2'><test-suite><results><test-case name='a' executed='True' result='Error'>"
        "<failure/></test-case>"
        "<test-case name='b' executed='False' result='Ignored'/></results></test-suite></test-results>",
        {"errors": 1, "skipped": 1, "total": 2, "suites": 1},
    ),
    "nunit 2, an old one that tells success only": (
        "<test-results><test-suite><results><test-case name='a' executed='True' success='False'/></results>"
        "</test-suite>"
        "</test-results>", {"failed": 1},
    ),
    "nunit 3": (
        "<test-run><test-suite type='Assembly'><test-suite><test-case name='a' classname='C' result='Failed'>"
        "<failure/></test-case>"
        "<test-case name='b' classname='C' result='Inconclusive'/></test-suite><test-suite/></test-suite></test-run>",
        {"failed": 1, "skipped": 1, "suites": 2},
    ),
    "xunit, the same method twice": (
        "<assemblies><assembly><collection><test type='C' method='m' result='Pass'/><test type='C' "
        "method='m' result='Fail'>"
        "<failure/></test><test type='C' method='s' result='Skip'><reason/></test></collection></assembly>"
        "</assemblies>",
        {"failed": 1, "skipped": 1, "total": 2, "suites": 1},
    ),
    **{
        f"trx {year}": (
            f"<TestRun xmlns='{TRX.format(year)}'><Results><UnitTestResult testId='1' testName='a' outcome='Passed'/>"
            "<UnitTestResult testId='2' testName='b'/><UnitTestResult testId='3' testName='c' outcome='NotExecuted'/>"
            "<UnitTestResult testId='4' testName='d' outcome='Timeout'/></Results></TestRun>",
            {"passed": 1, "errors": 2, "skipped": 1},
        )
        for year in (2006, 2010)
    },
}  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), FILES.values(), ids=FILES)
def test_files(text: str, numbers: dict[str, int]) -> None:
    report = read_report(text, tool="dotnet")
    assert {name: report.numbers[name] for name in numbers} == numbers


def test_what_xunit_could_not_clean_up_is_a_finding() -> None:
    text = (
        "<assembly name='a.dll'><errors><error type='assembly-cleanup'><failure><message>no</message></failure></error>"
        "</errors></assembly>"
    )
    assert [finding.message for finding in read_report(text, tool="x").findings] == ["no"]
