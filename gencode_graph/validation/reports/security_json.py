"""Findings of scanners: SARIF of any tool, bandit, semgrep, gosec. A file that was not scanned is a finding."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import UnreadableError, load_json, mapping, objects, plain, text_of
from gencode_graph.validation.reports.lint_json import finding
from gencode_graph.validation.reports.report import Report, not_run, on_issues


def read_sarif(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """SARIF 2.1.0; what passed or is suppressed is left out, a tool that did not end well did not run."""
    runs = objects(mapping(load_json(output)).get("runs"))
    if not runs:
        raise UnreadableError("it has no runs")
    found = [_sarif(tool, _levels(run), one) for run in runs for one in objects(run.get("results")) if _counts(one)]
    broken = [one for run in runs for one in objects(run.get("invocations")) if one.get("executionSuccessful") is False]
    if broken and not found:
        return not_run("lint", "sarif", str(broken[0]))
    return on_issues("lint", "sarif", found, tool=tool, exit_code=exit_code, output=output)


def _counts(result: dict[str, Any]) -> bool:
    suppressed = [one for one in objects(result.get("suppressions")) if one.get("status", "accepted") == "accepted"]
    return result.get("kind", "fail") in ("fail", "open", "review") and not suppressed


def _levels(run: dict[str, Any]) -> dict[str, str]:
    """The level of each rule where a result does not say its own."""
    rules = objects(mapping(mapping(run.get("tool")).get("driver")).get("rules"))
    return {
        text_of(rule.get("id")): text_of(mapping(rule.get("defaultConfiguration")).get("level")) or "warning"
        for rule in rules
    }


def _sarif(tool: str, levels: dict[str, str], one: dict[str, Any]) -> Finding:
    rule = text_of(one.get("ruleId")) or text_of(mapping(one.get("rule")).get("id"))
    places = objects(one.get("locations"))
    place = mapping(mapping(places[0] if places else None).get("physicalLocation"))
    path = mapping(place.get("artifactLocation")).get("uri")
    level = text_of(one.get("level")) or levels.get(rule, "warning")
    line = mapping(place.get("region")).get("startLine")
    message = mapping(one.get("message"))
    severity = "note" if level == "none" else level
    return finding(tool, rule, message.get("text") or message.get("markdown"), path, line, severity)


def read_bandit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``bandit -f json``."""
    document = mapping(load_json(output))
    if "results" not in document:
        raise UnreadableError("it has no results")
    results = objects(document["results"])
    found = [
        finding(tool, one.get("test_id"), one.get("issue_text"), one.get("filename"), one.get("line_number"), severity)
        for one in results
        for severity in (severity_of(text_of(one.get("issue_severity"))),)
    ]
    errors = objects(document.get("errors"))
    found += [finding(tool, "not-scanned", one.get("reason"), one.get("filename"), None) for one in errors]
    levels = (text_of(one.get("issue_severity")) for one in results)
    return _bandit("bandit-json", found, tool, exit_code, output, levels)


def read_bandit_csv(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``bandit -f csv``."""
    try:
        rows = list(csv.DictReader(io.StringIO(plain(output))))
    except csv.Error as error:
        raise UnreadableError(f"it is no CSV: {error}") from error
    if not output.lstrip("\ufeff").startswith("filename,"):
        raise UnreadableError("its first line is not bandit's")
    found = [
        finding(tool, row.get("test_id"), row.get("issue_text"), row.get("filename"), row.get("line_number"), severity)
        for row in rows
        for severity in (severity_of(text_of(row.get("issue_severity"))),)
    ]
    levels = (text_of(row.get("issue_severity")) for row in rows)
    return _bandit("bandit-csv", found, tool, exit_code, output, levels)


def severity_of(level: str) -> str:
    """A scanner's HIGH, MEDIUM, LOW as the severity of a finding."""
    return "error" if level.upper() in ("HIGH", "CRITICAL", "ERROR") else "warning"


def bandit_numbers(levels: Iterable[str]) -> dict[str, float]:
    """How many of each of bandit's levels."""
    count = Counter(level.upper() for level in levels)
    return {name.lower(): count[name] for name in ("HIGH", "MEDIUM", "LOW", "UNDEFINED")}


def _bandit(
    format_: str, found: list[Finding], tool: str, exit_code: int | None, output: str, levels: Iterable[str]
) -> Report:
    numbers = bandit_numbers(levels)
    return on_issues("lint", format_, found, tool=tool, exit_code=exit_code, output=output, numbers=numbers)


def read_semgrep(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``semgrep --json``."""
    document = mapping(load_json(output))
    if "results" not in document:
        raise UnreadableError("it has no results")
    found = []
    for one in objects(document["results"]):
        extra = mapping(one.get("extra"))
        line = mapping(one.get("start")).get("line")
        severity = severity_of(text_of(extra.get("severity")))
        found.append(finding(tool, one.get("check_id"), extra.get("message"), one.get("path"), line, severity))
    for one in objects(document.get("errors")):
        if text_of(one.get("level")) == "error":
            found.append(finding(tool, "not-scanned", one.get("message"), one.get("path"), None))
    return on_issues("lint", "semgrep-json", found, tool=tool, exit_code=exit_code, output=output)


def read_gosec(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``gosec -fmt json``; code that does not compile was not scanned."""
    document = mapping(load_json(output))
    found = [
        finding(
            tool, one.get("rule_id"), one.get("details"), one.get("file"), str(one.get("line")).split("-")[0], severity
        )
        for one in objects(document.get("Issues"))
        for severity in (severity_of(text_of(one.get("severity"))),)
    ]
    errors = [(path, one) for path, each in mapping(document.get("Golang errors")).items() for one in objects(each)]
    found += [finding(tool, "not-scanned", one.get("error"), path, one.get("line")) for path, one in errors]
    levels = (text_of(one.get("severity")) for one in objects(document.get("Issues")))
    return _bandit("gosec-json", found, tool, exit_code, output, levels)
