"""Linters, type checkers and scanners, as JSON, XML, text and remarks for code hosts."""

from __future__ import annotations

import json

import pytest

from gencode_graph.validation.reports import read_report

GITLAB = {
    "check_name": "E1", "description": "m", "severity": "major", "fingerprint": "1",
    "location": {"path": "a", "lines": {"begin": 3}},
}  # fmt: skip
SARIF_RULE = {"id": "E1", "defaultConfiguration": {"level": "error"}}
SARIF_PLACE = [{"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 3}}}]
SARIF_HIT = {"ruleId": "E1", "message": {"text": "m"}, "locations": SARIF_PLACE}
SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "t", "rules": [SARIF_RULE]}},
            "results": [SARIF_HIT, SARIF_HIT | {"kind": "pass"}, SARIF_HIT | {"suppressions": [{"kind": "inSource"}]}],
        }
    ],
}
ONE = {
    "eslint-json": [{"filePath": "a", "messages": [{"ruleId": "E1", "severity": 2, "message": "m", "line": 3}]}],
    "stylelint-json": [{"source": "a", "warnings": [{"rule": "E1", "severity": "error", "text": "m", "line": 3}]}],
    "biome-json": {"summary": {}, "diagnostics": [
        {"category": "E1", "severity": "error", "message": "m",
         "location": {"path": {"file": "a"}, "start": {"line": 3}}}]},
    "ruff-json": [{"code": "E1", "message": "m", "filename": "a", "location": {"row": 3, "column": 1}}],
    "pylint-json": [{"symbol": "E1", "type": "error", "message": "m", "path": "a", "line": 3, "message-id": "E0001"}],
    "gitlab-json": [GITLAB],
    "mypy-json": {"file": "a", "line": 3, "severity": "error", "message": "m", "code": "E1"},
    "pyright-json": {"generalDiagnostics": [
        {"file": "a", "severity": "error", "message": "m", "rule": "E1", "range": {"start": {"line": 2}}}]},
    "golangci-json": {"Issues": [{"FromLinter": "E1", "Text": "m", "Pos": {"Filename": "a", "Line": 3}}], "Report": {}},
    "rubocop-json": {"metadata": {}, "summary": {}, "files": [
        {"path": "a", "offenses": [{"cop_name": "E1", "severity": "error", "message": "m", "location": {"line": 3}}]}]},
    "clippy-json": {"reason": "compiler-message", "package_id": "p", "message": {
        "code": {"code": "E1"}, "level": "error", "message": "m", "spans": [{"file_name": "a", "line_start": 3}]}},
    "rdjson": {"severity": "ERROR", "diagnostics": [
        {"code": {"value": "E1"}, "message": "m", "location": {"path": "a", "range": {"start": {"line": 3}}}}]},
    "sarif": SARIF,
    "bandit-json": {"errors": [], "generated_at": "", "metrics": {}, "results": [
        {"test_id": "E1", "issue_severity": "HIGH", "issue_text": "m", "filename": "a", "line_number": 3}]},
    "semgrep-json": {"errors": [], "paths": {}, "results": [
        {"check_id": "E1", "path": "a", "start": {"line": 3}, "extra": {"message": "m", "severity": "ERROR"}}]},
    "gosec-json": {"Stats": {}, "Issues": [
        {"rule_id": "E1", "severity": "HIGH", "details": "m", "file": "a", "line": "3-4"}]},
}  # fmt: skip


@pytest.mark.parametrize("format_", ONE)
def test_one_finding_as_json(format_: str) -> None:
    text = json.dumps(ONE[format_])
    for given in (format_, None):
        report = read_report(text, format=given, tool="t", exit_code=1)
        (finding,) = report.findings
        assert (report.format, report.by_rule) == (format_, {"E1": 1})
        assert (finding.rule, finding.message, finding.path, finding.line) == ("t/E1", "m", "a", 3)
        assert finding.severity == "error"


TEXTS = {
    "ruff": "E1 [*] m\n --> a:3:1\n  |\n3 | x\n\nFound 1 error.\n",
    "ruff check": "a:3:1: E1 [*] m\nFound 1 error.\n",
    "ruff --grouped": "a:\n  3:1 E1 m\n\nFound 1 error.\n",
    "flake8": "a:3:1: E1 m\n",
    "flake8 --format=pylint": "a:3: [E1] m\n",
    "eslint": "\n/a\n  3:1  error  m  E1\n\n\u2716 1 problem (1 error, 0 warnings)\n",
    "eslint -f compact": "a: line 3, col 1, Error - m (E1)\n\n1 problem\n",
    "mypy": "a:3: error: m  [E1]\nFound 1 error in 1 file (checked 1 source file)\n",
    "mypy --pretty": "a:3: error: m\n[E1]\n    x = 1\n    ^\n",
    "tsc": "a(3,1): error TS1: m\n",
    "tsc --pretty": "\x1b[96ma\x1b[0m:\x1b[93m3\x1b[0m:\x1b[93m1\x1b[0m - \x1b[91merror\x1b[0m TS1: m\n",
    "pyright": "/a\n  a:3:1 - error: m (reportE1)\n1 error, 0 warnings, 0 informations\n",
    "bandit": ">> Issue: [E1:x] m\n   Severity: High   Confidence: High\n   CWE: CWE-1\n   Location: a:3:0\n",
    "pylint": "************* Module a\na:3:0: E0001: m (E1)\n\nYour code has been rated at 5.00/10\n",
    "t --github": "::error title=t (E1),file=a,line=3,col=1::m\n",
    "t --azure": "##vso[task.logissue type=error;sourcepath=a;linenumber=3;code=E1;]m\n",
}


@pytest.mark.parametrize("command", TEXTS)
def test_one_finding_on_the_console(command: str) -> None:
    report = read_report(TEXTS[command], format="text", tool=command, exit_code=1)
    (finding,) = report.findings
    assert (finding.path or "").strip("/") == "a"
    assert (finding.line, finding.severity) == (3, "error")
    assert finding.message.endswith("m")
    assert finding.rule.removeprefix(f"{command}/") in ("E1", "reportE1", "TS1")


@pytest.mark.parametrize("tool", ["ruff", "flake8", "eslint", "mypy", "tsc", "pyright", "bandit", "pylint", "black"])
def test_silence_is_clean_only_under_a_good_exit_code(tool: str) -> None:
    assert read_report("", format="text", tool=tool, exit_code=0).outcome == (
        "not run" if tool == "pyright" else "clean"
    )
    assert read_report("", format="text", tool=tool, exit_code=None).outcome == "not run"
    assert read_report("Traceback: boom\n", format="text", tool=tool, exit_code=2).outcome == "not run"


def test_a_file_that_was_not_scanned_is_a_finding() -> None:
    document = {
        "results": [],
        "generated_at": "",
        "metrics": {},
        "errors": [{"filename": "a.py", "reason": "syntax error"}],
    }
    assert [finding.rule for finding in read_report(json.dumps(document), tool="bandit").findings] == [
        "bandit/not-scanned"
    ]


def test_a_scanner_that_failed_did_not_run() -> None:
    text = json.dumps({"version": "2.1.0", "runs": [{"results": [], "invocations": [{"executionSuccessful": False}]}]})
    assert read_report(text).outcome == "not run"


def test_a_file_that_eslint_cannot_parse_has_no_rule() -> None:
    text = (
        '[{"filePath": "a", "messages": [{"ruleId": null, "fatal": true, "severity": 2, "message": "Parsing error"}]}]'
    )
    report = read_report(text, tool="eslint")
    assert (report.numbers["fatal"], report.by_rule) == (1, {"fatal": 1})


@pytest.mark.parametrize(
    ("tool", "text", "files"),
    [
        ("ruff", "unformatted: File would be reformatted\n --> a.py:3:1\n\n1 file would be reformatted\n", 1),
        ("ruff", "Would reformat: a.py\nWould reformat: b.py\n2 files would be reformatted\n", 2),
        ("black", "would reformat a.py\n1 file would be reformatted, 1 file would be left unchanged.\n", 1),
        ("prettier", "Checking formatting...\n[warn] a.ts\n[warn] Code style issues found in the above file.\n", 1),
        ("black", "All done!\n2 files would be left unchanged.\n", 0),
    ],
)
def test_formatters(tool: str, text: str, files: int) -> None:
    report = read_report(text, format="text", tool=tool, exit_code=1 if files else 0)
    assert (report.numbers["files_would_change"], report.outcome) == (files, "findings" if files else "clean")


def test_xml() -> None:
    texts = (
        "<checkstyle><file name='a'><error line='3' severity='error' message='m' source='x.E1'/></file></checkstyle>",
        "<pmd><file name='a'><violation beginline='3' rule='E1' priority='2'>m</violation></file></pmd>",
        "<BugCollection><BugInstance type='E1' priority='1'><LongMessage>m</LongMessage>"
        "<SourceLine start='3' sourcepath='a'/></BugInstance></BugCollection>",
    )
    for text in texts:
        (finding,) = read_report(text, tool="t").findings
        assert (finding.rule, finding.message, finding.path, finding.line) == ("t/E1", "m", "a", 3)
