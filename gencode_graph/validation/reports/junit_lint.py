"""Findings that a linter wrote as JUnit XML: ruff, bandit, eslint, mypy. A failure is a finding, not a test."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from gencode_graph.types import Finding
from gencode_graph.validation.reports.console_types import mypy_findings
from gencode_graph.validation.reports.guarded import load_xml, local
from gencode_graph.validation.reports.lint_json import finding
from gencode_graph.validation.reports.report import Kind, Report, on_issues
from gencode_graph.validation.reports.security_json import bandit_numbers, severity_of

_BANDIT = re.compile(r"Test ID: (\S+)")
_PLACE = re.compile(r"Location (.+):(\d+)\s*$")
_LINE = re.compile(r"\bline (\d+)", re.IGNORECASE)
_PREFIX = re.compile(r"^org\.(?:ruff|eslint|pylint|flake8|stylelint)\.")


def read(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """A finding for each failure; which tool wrote them stands in the names of its suites and test cases."""
    root = load_xml(output)
    suites = {element.get("name") for element in root.iter() if local(element) == "testsuite"}
    writer = next((name for name in ("mypy", "bandit", "ruff") if name in suites or name == tool), "")
    name = writer if writer and tool == "lint" else tool
    kind: Kind = "types" if writer == "mypy" else "lint"
    found: list[Finding] = []
    levels: list[str] = []
    for case in (element for element in root.iter() if local(element) == "testcase"):
        for problem in (child for child in case if local(child) in ("failure", "error")):
            text = problem.text or ""
            if writer == "mypy":
                found += mypy_findings(text, name)
            elif writer == "bandit":
                levels.append(problem.get("type") or "")
                found.append(_bandit(name, case, problem, text))
            else:
                found.append(_general(name, case, problem, text))
    return on_issues(
        kind,
        "lint-junit-xml",
        found,
        tool=name,
        exit_code=exit_code,
        output=output,
        numbers=bandit_numbers(levels) if writer == "bandit" else None,
    )


def _bandit(tool: str, case: Element, problem: Element, text: str) -> Finding:
    rule, place = _BANDIT.search(text), _PLACE.search(text)
    severity = severity_of(problem.get("type") or "")
    path = place[1] if place else case.get("classname")
    return finding(
        tool, rule[1] if rule else case.get("name"), problem.get("message"), path, place and place[2], severity
    )


def _general(tool: str, case: Element, problem: Element, text: str) -> Finding:
    rule = _PREFIX.sub("", case.get("name") or "")
    line = case.get("line") or (said[1] if (said := _LINE.search(text)) else None)
    severity = "warning" if problem.get("type") == "warning" else "error"
    return finding(tool, rule, problem.get("message") or text.strip(), case.get("classname"), line, severity)
