"""Any output has a report: the cases' numbers, and never an error, a guess or a long wait for what is hostile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gencode_graph.errors import SettingError
from gencode_graph.validation.reports import read_report
from gencode_graph.validation.reports.formats import FORMATS, GENERAL
from gencode_graph.validation.reports.guarded import LIMIT

ROOT = Path(__file__).resolve().parents[3]
CASES = Path(os.environ.get("GENCODE_CASES", ROOT.parent / "shared" / "cases")) / "test_reports.jsonl"
PIECES = (
    "<testsuite ", "<testsuite name='a'>", "<testcase name='a'>", "</testcase>", "<![CDATA[", "<!DOCTYPE a [", "&a;",
    "&#0;",
    "[", "{", '{"a":', '{"testResults":', '{"runs":[{"results":', "]", "}", '"', "\\u0000", "null", "1e999", "\n",
    "\n\n", " ",
    "=== FAILURES ===\n", "1 failed, 2 passed in 0.1s\n", "FAILED a::b - ", "ok 1 - a # SKIP\n", "    not ok 1\n",
    "1..99999\n",
    "---\n", "a.py:1:1: F401 x\n", "F401 [*] x\n --> a:1:1\n", "a: error: ", "(1,2): error TS1: x\n  y\n",
    "| 1 | 1 | 1 | 1\n",
    "SF:a\nDA:1,1\n", "Test Files  1 failed | ", "Tests: 1 failed, ", "Ran 1 test in 1s\n", "\x1b[31m", "\x1b]0;",
    "\ufeff", "\0",
    "1 problem (1 error, ", "::error file=a,", "FAIL\tp\t[build failed]\n", "mode: set\na:1.1,1.1 1 1\n", "9" * 5000,
)  # fmt: skip
FORMAT = st.one_of(st.none(), st.sampled_from(sorted([*FORMATS, *GENERAL])))
TOOL = st.one_of(st.none(), st.sampled_from(["pytest", "npm", "ruff", "go test", "bandit", "", "\n"]))


def test_the_cases_are_read() -> None:
    if not CASES.exists():
        pytest.skip(f"there are no reports in {CASES.parent}; set GENCODE_CASES to the folder of the cases")
    for option in ((), ("--sniff",)):
        argv = [sys.executable, ROOT / "benchmarks" / "test_reports.py", "--cases", CASES, "--json", *option]
        ran = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
        figures = json.loads(ran.stdout)
        assert (ran.returncode, figures["of"]) == (0, 119)
        assert figures["right"] >= 115, figures["wrong"]


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)), FORMAT, TOOL, st.sampled_from([None, 0, 1, 4])
)
@settings(deadline=None, max_examples=400)
def test_any_text_has_a_report(text: str, format_: str | None, tool: str | None, exit_code: int | None) -> None:
    report = read_report(text, format=format_, tool=tool, exit_code=exit_code)
    assert report.ran or (report.reason and not report.findings)
    assert all(number >= 0 for number in report.numbers.values())
    if report.kind == "tests":
        bad = report.numbers["failed"] + report.numbers["errors"]
        assert not bad or report.outcome == "findings" or not report.ran


WORDS = (
    "testResults", "suites", "stats", "tests", "runs", "results", "files", "totals", "vulnerabilities", "dependencies",
    "diagnostics", "messages", "location", "error", "summary", "examples", "via", "vulns", "advisories", "version",
)  # fmt: skip
KEYS = st.sampled_from(WORDS)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@given(JSON, FORMAT)
@settings(deadline=None, max_examples=400)
def test_any_json_has_a_report(document: object, format_: str | None) -> None:
    read_report(json.dumps(document), format=format_, exit_code=1)


HOSTILE = {
    "entities that multiply": (
        '<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]><testsuite><testcase name='x'>"
        "<failure>&a11;</failure></testcase></testsuite>"
    ),
    "an entity that is a file": (
        '<!DOCTYPE t [<!ENTITY f SYSTEM "file:///etc/passwd">]><testsuite><testcase name="x"><failure>&f;</failure>'
        "</testcase></testsuite>"
    ),
    "a declaration outside": (
        '<!DOCTYPE t SYSTEM "http://127.0.0.1:9/t.dtd"><testsuite><testcase name="x"><failure/></testcase></testsuite>'
    ),
    "deep XML": f"{'<testsuite>' * 20_000}<testcase name='x'><failure/></testcase>{'</testsuite>' * 20_000}",
    "characters that XML cannot have": (
        "<testsuite><testcase name='\x00\x1b[31mx&#x0;&#xFFFF;'><failure>\x08</failure></testcase></testsuite>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_read_or_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    report = read_report(text, format="junit-xml")
    assert time.perf_counter() - started < 2
    assert (report.numbers["total"], report.numbers["failed"]) == (1, 1)
    assert "root:" not in report.cases[0].message


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"numTotalTests":1', "x" * (LIMIT + 1), "", " \n"])
@pytest.mark.parametrize("format_", ["jest-json", "sarif", None])
def test_what_cannot_be_read_did_not_run(text: str, format_: str | None) -> None:
    report = read_report(text, format=format_)
    assert report.outcome == "not run"
    assert report.reason


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "format_", ["pytest-text", "eslint-text", "bandit-text", "tsc-text", "istanbul-text", "tap", None]
)
def test_time_is_in_proportion(piece: str, format_: str | None) -> None:
    text = (piece * (150_000 // len(piece) + 1))[:150_000]
    started = time.perf_counter()
    read_report(text, format=format_)
    assert time.perf_counter() - started < 10  # a quadratic reader takes minutes


def test_a_format_that_nobody_reads_is_an_error_that_names_them_all() -> None:
    with pytest.raises(SettingError, match=r"no reader for 'junit'; there are: .*junit-xml"):
        read_report("", format="junit")


def test_every_reader_is_there() -> None:
    for name in FORMATS:
        assert read_report("-", format=name, exit_code=1).kind == FORMATS[name].kind
