"""Audits: clean, findings, or not audited."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gencode_graph.validation.reports import Outcome, read_report

NPM: dict[str, Any] = {"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"vulnerabilities": {"high": 0}}}
BAD = {"name": "lodash", "severity": "high", "via": [{"title": "Prototype pollution"}], "fixAvailable": True}
NOT_PYPI = {"name": "own", "skip_reason": "not on the index"}
FIXED = {"id": "PYSEC-1", "fix_versions": ["3.1"], "description": "escape"}
WEAK = {"name": "jinja2", "version": "2.0", "vulns": [FIXED]}
OUTPUTS: dict[str, tuple[Any, str, int, Outcome]] = {
    "npm, clean": (NPM, "npm", 0, "clean"),
    "npm, findings": (
        NPM | {"vulnerabilities": {"lodash": BAD}, "metadata": {"vulnerabilities": {"high": 1}}}, "npm", 1, "findings"),
    "npm, the registry refuses": (
        {"message": "405", "method": "POST", "uri": "u", "error": {"summary": "", "detail": ""}}, "npm", 1, "not run"
    ),
    "npm, no lock": ({"error": {"code": "ENOLOCK", "summary": "needs a lockfile"}}, "npm", 1, "not run"),
    "npm, a bad exit without findings": (NPM, "npm", 1, "not run"),
    "pip-audit, clean": (
        {"dependencies": [{"name": "a", "version": "1", "vulns": []}], "fixes": []}, "pip-audit", 0, "clean"
    ),
    "pip-audit, findings": ({"dependencies": [WEAK, NOT_PYPI], "fixes": []}, "pip-audit", 1, "findings"),
    "pip-audit, all skipped": ({"dependencies": [NOT_PYPI], "fixes": []}, "pip-audit", 0, "not run"),
    "npm on the console, clean": ("found 0 vulnerabilities\n", "npm", 0, "clean"),
    "npm on the console, findings": ("3 vulnerabilities (1 low, 2 high)\n", "npm", 1, "findings"),
    "npm on the console, refused": ("npm error audit endpoint returned an error\n", "npm", 1, "not run"),
    "pip-audit on the console, clean": ("No known vulnerabilities found\n", "pip-audit", 0, "clean"),
    "pip-audit on the console, findings": ("Found 2 known vulnerabilities in 1 package\n", "pip-audit", 1, "findings"),
    "pip-audit on the console, offline": ("ERROR:pip_audit._cli:ConnectionError\n", "pip-audit", 1, "not run"),
    "nothing": ("", "npm", 0, "not run"),
}  # fmt: skip


@pytest.mark.parametrize(("output", "tool", "exit_code", "outcome"), OUTPUTS.values(), ids=OUTPUTS)
def test_three_outcomes(output: Any, tool: str, exit_code: int, outcome: Outcome) -> None:
    around = "npm warn a line\n{}\nnpm notice another\n"
    text = output if isinstance(output, str) else around.format(json.dumps(output, indent=1))
    report = read_report(text, tool=tool, exit_code=exit_code)
    assert (report.kind, report.outcome) == ("audit", outcome)
    assert bool(report.numbers["available"]) is (outcome != "not run")
    assert bool(report.reason) is (outcome == "not run")


def test_numbers_and_hints() -> None:
    report = read_report(json.dumps(OUTPUTS["npm, findings"][0]))
    assert (report.numbers["high"], report.findings[0].rule) == (1, "npm/lodash")
    assert "Prototype pollution" in report.findings[0].message
    report = read_report(json.dumps(OUTPUTS["pip-audit, findings"][0]))
    assert [(f.rule, f.severity, f.hint) for f in report.findings] == [
        ("pip-audit/PYSEC-1", "error", "use 3.1"), ("pip-audit/skipped", "note", None)
    ]  # fmt: skip


def test_other_scanners() -> None:
    yarn = '{"type":"auditAdvisory","data":{"advisory":{"module_name":"a","title":"t","severity":"low"}}}\n'
    report = read_report(yarn + '{"type":"auditSummary","data":{"vulnerabilities":{"low":1}}}')
    assert (report.format, report.outcome, report.numbers["low"]) == ("yarn-audit-json", "findings", 1)
    assert read_report(yarn, format="yarn-audit-json").outcome == "not run"
    package = {"package": {"name": "a"}, "vulnerabilities": [{"id": "G"}]}
    osv = {"results": [{"source": {"path": "a.lock"}, "packages": [package]}]}
    assert read_report(json.dumps(osv), format="osv-json").findings[0].path == "a.lock"
    cargo = {"database": {}, "vulnerabilities": {"list": [{"advisory": {"id": "RUSTSEC-1"}, "package": {"name": "a"}}]}}
    assert read_report(json.dumps(cargo)).by_rule == {"RUSTSEC-1": 1}
