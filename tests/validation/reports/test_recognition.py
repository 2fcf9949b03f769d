"""An output that nobody named is told by its form, then by its tool, then by its wording."""

from __future__ import annotations

import pytest

from gencode_graph.validation.reports.recognition import recognise

OUTPUTS = {
    "<?xml version='1.0'?><!-- by t --><testsuites/>": "junit-xml",
    "\ufeff<TestRun xmlns='x'/>": "trx",
    "<coverage clover='3'><project/></coverage>": "clover-xml",
    "<coverage line-rate='1'/>": "cobertura-xml",
    "<!DOCTYPE report PUBLIC 'x' 'y'><report name='a'/>": "jacoco-xml",
    "<testsuites><testsuite name='bandit'/></testsuites>": "lint-junit-xml",
    "a line before\n<?xml version='1.0'?><checkstyle/>": "checkstyle-xml",
    '{"runs": [], "$schema": "s"}': "sarif",
    '{"generalDiagnostics": []}': "pyright-json",
    '{"/a.ts": {"path": "/a.ts", "statementMap": {}, "s": {}}}': "istanbul-json",
    '{"total": {"lines": {"pct": 1}}}': "istanbul-json-summary",
    '[{"filePath": "/a.js", "messages": []}]': "eslint-json",
    '[{"name": "a", "version": "1", "vulns": []}]': "pip-audit-json",
    '[{"Name": "a", "Version": "1", "License": "MIT"}]': "pip-licenses-json",
    '{"a@1": {"licenses": "MIT"}}': "license-checker-json",
    '{"lodash": {"wanted": "1", "latest": "2"}}': "npm-outdated-json",
    "TN:\nSF:a.ts\nend_of_record\n": "lcov",
    "mode: atomic\n": "go-coverprofile",
    "total:\t\t(statements)\t80.0%\n": "go-func-text",
    "::error title=x,file=a.py,line=1::no\n": "github",
    "src/a.ts(1,2): error TS2322: no\n": "tsc-text",
    "a.py:1:1: F401 unused\n": "flake8-text",
    "<html>502 Bad Gateway</html>": None,
    "make: *** [all] Error 2\n": None,
    "{}": None,
    "[]": None,
}


@pytest.mark.parametrize(("output", "name"), OUTPUTS.items())
def test_by_form_and_wording(output: str, name: str | None) -> None:
    assert recognise(output, None, None, None) == name


def test_an_empty_list_is_the_tool_s() -> None:
    assert recognise("[]", None, "ruff", None) == "ruff-json"


def test_one_console_has_both_tests_and_coverage() -> None:
    assert recognise("", "text", "vitest", None) == "vitest-text"
    assert recognise("", "text", "vitest", "coverage") == "istanbul-text"
    assert recognise("", "text", "go test", "coverage") == "go-cover-text"


def test_a_command_with_its_arguments_is_its_tool() -> None:
    assert recognise("", "text", "node --test", None) == "node-text"
