"""Coverage in all its forms: the same eight lines, six of them covered."""

from __future__ import annotations

import json

import pytest

from gencode_graph.validation.reports import read_report

LINES = "".join(f"<line number='{number}' hits='{number % 4}'/>" for number in range(1, 9))
PCT = {"total": 8, "covered": 6, "pct": 75}
FILE = {"num_statements": 8, "covered_lines": 6, "missing_lines": 2, "num_branches": 2, "covered_branches": 1}
HITS = {str(number): number % 4 for number in range(1, 9)}
MAP = {number: {"start": {"line": int(number)}} for number in HITS}
SOURCES = {
    "coverage.py": json.dumps({"meta": {}, "files": {"a.py": {"summary": FILE}}, "totals": FILE}),
    "istanbul's summary": json.dumps({name: dict.fromkeys(("lines", "statements", "branches", "functions"), PCT)
                                      for name in ("total", "a.py")}),
    "istanbul": json.dumps({"a.py": {"statementMap": MAP, "s": HITS, "f": {}, "b": {"0": [1, 0]}}}),
    "cobertura": f"<coverage line-rate='.75'><packages><package><classes><class filename='a.py'><lines>{LINES}</lines>"
                 "</class></classes></package></packages></coverage>",
    "clover": "<coverage clover='3'><project><metrics statements='8' coveredstatements='6'/><file path='a.py'>"
              "<metrics statements='8' coveredstatements='6'/></file></project></coverage>",
    "jacoco": "<report name='a'><package name='p'><sourcefile name='a.py'><counter type='LINE' missed='2' covered='6'/>"
              "</sourcefile></package><counter type='LINE' missed='2' covered='6'/></report>",
    "lcov": "SF:a.py\n" + "".join(f"DA:{number},{hits}\n" for number, hits in HITS.items()) + "end_of_record\n",
    "go": "mode: set\nx/a.py:1.1,2.1 6 1\nx/a.py:3.1,4.1 2 0\nx/a.py:1.1,2.1 6 0\n",
    "coverage.py's table": "Name   Stmts   Miss  Cover\n---\na.py       8      2    75%\n---\nTOTAL    8    2    75%\n",
    "coverage.py's Markdown": "| Name | Stmts | Miss | Cover |\n| --- | ---: | ---: | ---: |\n| a.py | 8 | 2 | 75% |\n"
                              "| **TOTAL** | **8** | **2** | **75%** |\n",
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_numbers(source: str) -> None:
    report = read_report(SOURCES[source])
    assert (report.kind, report.outcome) == ("coverage", "clean")
    numbers = {name: report.numbers[name] for name in ("statements", "covered", "missing", "percent")}
    assert numbers == {"statements": 8, "covered": 6, "missing": 2, "percent": 75}
    (file,) = report.files.values()
    assert (file["statements"], file["covered"], file["percent"]) == (8, 6, 75)


def test_tables_of_percentages_tell_no_more() -> None:
    table = (
        "File      | % Stmts | % Branch | % Funcs | % Lines |\nAll files |   71.42 |       50 |     100 |      80 |\n"
    )
    report = read_report(table, kind="coverage")
    assert report.numbers["percent"] == 71.42
    assert "statements" not in report.numbers
    go = "coverage: 75.0% of statements\nFAIL\tx/a\t0.1s\nok  \tx/b\t0.1s\tcoverage: 100.0% of statements\n"
    files = read_report(go, tool="go test", kind="coverage").files
    assert {path: numbers["percent"] for path, numbers in files.items()} == {"x/a": 75.0, "x/b": 100.0}


def test_the_percentage_with_branches() -> None:
    assert read_report(SOURCES["coverage.py"]).numbers["percent_with_branches"] == 70.0


@pytest.mark.parametrize("format_", ["coverage-json", "cobertura-xml", "lcov", "coverage-text", "istanbul-json"])
def test_nothing_measured_is_no_coverage(format_: str) -> None:
    assert read_report("No data was collected.\n", format=format_, exit_code=1).outcome == "not run"
