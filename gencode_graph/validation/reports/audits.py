"""Known weaknesses of dependencies: npm, pnpm, yarn, pip-audit, osv-scanner, cargo audit. No answer is "not run"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import console, json_lines, load_json, mapping, objects, text_of, whole
from gencode_graph.validation.reports.report import MESSAGE, Report, not_run, on_issues

_SEVERITIES = ("critical", "high", "moderate", "low", "info")
_TOTAL = re.compile(
    r"^(?:found )?(\d+) (?:\w+ severity )?vulnerabilit(?:y|ies)(?: found)?\b(.*)$", re.MULTILINE | re.IGNORECASE
)
_BY_SEVERITY = re.compile(r"(\d+)\s+(critical|high|moderate|low|info)\b", re.IGNORECASE)
_ONE_SEVERITY = re.compile(r"\b(critical|high|moderate|low|info) severity vulnerabilit", re.IGNORECASE)
_PIP_TOTAL = re.compile(r"^Found (\d+) known vulnerabilit(?:y|ies)\b", re.MULTILINE)


def read_npm(output: str, *, tool: str = "npm", exit_code: int | None = None) -> Report:
    """``npm audit --json`` of npm 6 and later, ``pnpm audit --json``."""
    document = mapping(load_json(output))
    if "error" in document or not ("vulnerabilities" in document or "advisories" in document):
        return not_run("audit", "npm-audit-json", _why(document) or output.strip())
    if "advisories" in document:
        found = [_advisory(tool, one) for one in mapping(document["advisories"]).values()]
    else:
        found = [_vulnerable(tool, name, mapping(one)) for name, one in mapping(document["vulnerabilities"]).items()]
    counts = Counter(mapping(mapping(document.get("metadata")).get("vulnerabilities")))
    return _audit("npm-audit-json", found, tool, exit_code, output, {name: whole(counts[name]) for name in _SEVERITIES})


def _why(document: dict[str, Any]) -> str:
    error = document.get("error")
    parts = [mapping(error).get("summary"), mapping(error).get("detail"), mapping(error).get("code"), error]
    parts += [document.get("message")]
    return next((part for part in parts if isinstance(part, str) and part.strip()), "")


def _vulnerable(tool: str, name: str, one: dict[str, Any]) -> Finding:
    titles = [text_of(via.get("title")) for via in objects(one.get("via"))]
    through = [via for via in one.get("via") or () if isinstance(via, str)] if isinstance(one.get("via"), list) else []
    said = "; ".join(title for title in titles if title) or f"through {', '.join(through)}"
    message = f"{name} {text_of(one.get('range'))}: {said} ({text_of(one.get('severity'))})"
    return Finding(rule=f"{tool}/{name}", message=message[:MESSAGE], hint=_fix(one.get("fixAvailable")))


def _fix(available: Any) -> str | None:
    if isinstance(available, dict):
        return f"use {available.get('name')} {available.get('version')}"
    return "a version without it is allowed by the manifest" if available is True else None


def _advisory(tool: str, value: Any) -> Finding:
    one = mapping(value)
    name = text_of(one.get("module_name")) or "package"
    said = f"{text_of(one.get('title'))} ({text_of(one.get('severity'))})"
    message = f"{name} {text_of(one.get('vulnerable_versions'))}: {said}"
    return Finding(rule=f"{tool}/{name}", message=message[:MESSAGE], hint=text_of(one.get("recommendation")) or None)


def read_yarn(output: str, *, tool: str = "yarn", exit_code: int | None = None) -> Report:
    """``yarn audit --json``: a document on each line."""
    events = list(json_lines(output))
    summaries = [mapping(event.get("data")) for event in events if event.get("type") == "auditSummary"]
    if not summaries:
        return not_run("audit", "yarn-audit-json", output)
    found = [
        _advisory(tool, mapping(event.get("data")).get("advisory"))
        for event in events
        if event.get("type") == "auditAdvisory"
    ]
    counts = mapping(summaries[-1].get("vulnerabilities"))
    return _audit(
        "yarn-audit-json", found, tool, exit_code, output, {name: whole(counts.get(name)) for name in _SEVERITIES}
    )


def read_pip_audit(output: str, *, tool: str = "pip-audit", exit_code: int | None = None) -> Report:
    """``pip-audit -f json``; what was skipped is a note, and an audit that skipped all did not run."""
    document = load_json(output)
    packages = objects(document) or objects(mapping(document).get("dependencies"))
    found = list(_pip_vulnerable(tool, packages))
    skipped = [f"{one.get('name')}: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    if skipped and len(skipped) == len(packages):
        return not_run("audit", "pip-audit-json", "; ".join(skipped))
    found += [Finding(rule=f"{tool}/skipped", message=reason[:MESSAGE], severity="note") for reason in skipped]
    return _audit(
        "pip-audit-json", found, tool, exit_code, output, {"packages": len(packages), "skipped": len(skipped)}
    )


def _pip_vulnerable(tool: str, packages: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    for package in packages:
        for one in objects(package.get("vulns")):
            fixes = ", ".join(map(str, one.get("fix_versions") or ()))
            yield Finding(
                rule=f"{tool}/{one.get('id')}",
                message=f"{package.get('name')} {package.get('version')}: {text_of(one.get('description'))}"[:MESSAGE],
                hint=f"use {fixes}" if fixes else None,
            )


def read_osv(output: str, *, tool: str = "osv-scanner", exit_code: int | None = None) -> Report:
    """``osv-scanner --format json``."""
    found = [
        Finding(
            rule=f"{tool}/{one.get('id')}",
            message=f"{_osv_name(package)}: {text_of(one.get('summary')) or text_of(one.get('details'))}"[:MESSAGE],
            path=text_of(mapping(source.get("source")).get("path")) or None,
        )
        for source in objects(mapping(load_json(output)).get("results"))
        for package in objects(source.get("packages"))
        for one in objects(package.get("vulnerabilities"))
    ]
    return _audit("osv-json", found, tool, exit_code, output, {})


def _osv_name(package: dict[str, Any]) -> str:
    named = mapping(package.get("package"))
    return f"{named.get('name')} {named.get('version')}"


def read_cargo(output: str, *, tool: str = "cargo-audit", exit_code: int | None = None) -> Report:
    """``cargo audit --json``."""
    document = mapping(load_json(output))
    if "vulnerabilities" not in document:
        return not_run("audit", "cargo-audit-json", output.strip())
    found = [
        Finding(
            rule=f"{tool}/{mapping(one.get('advisory')).get('id')}",
            message=f"{mapping(one.get('package')).get('name')}: {text_of(mapping(one.get('advisory')).get('title'))}"[
                :MESSAGE
            ],
        )
        for one in objects(mapping(document["vulnerabilities"]).get("list"))
    ]
    return _audit("cargo-audit-json", found, tool, exit_code, output, {})


def read_text(output: str, *, tool: str = "npm", exit_code: int | None = None) -> Report:
    """What npm, pnpm, yarn and pip-audit say on the console; only a count of theirs is a result."""
    text = console(output)
    if match := _PIP_TOTAL.search(text):
        return _told(tool, int(match[1]), {}, text)
    if "No known vulnerabilities found" in text and not re.search(r"^ERROR", text, re.MULTILINE):
        return _audit("text", (), tool, None, text, {})
    if match := _TOTAL.search(text):
        counts = {name.lower(): int(number) for number, name in _BY_SEVERITY.findall(text)}
        if one := _ONE_SEVERITY.search(match[0]):
            counts = {one[1].lower(): int(match[1])}
        return _told(tool, int(match[1]), {name: counts.get(name, 0) for name in _SEVERITIES}, text)
    return not_run("audit", "text", text)


def _told(tool: str, number: int, counts: dict[str, int], text: str) -> Report:
    found = [Finding(rule=f"{tool}/vulnerable", message=text.strip()[-MESSAGE:])] if number else []
    return _audit("text", found, tool, None, text, {**counts, "issues": number})


def _audit(
    format_: str, found: Iterable[Finding], tool: str, exit_code: int | None, output: str, numbers: dict[str, int]
) -> Report:
    numbers = {"available": 1, **numbers}
    return on_issues("audit", format_, found, tool=tool, exit_code=exit_code, output=output, numbers=numbers)
