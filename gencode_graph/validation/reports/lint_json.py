"""Findings of linters and type checkers as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from gencode_graph.types import Finding, Severity
from gencode_graph.validation.reports.guarded import (
    UnreadableError,
    json_lines,
    line_of,
    load_json,
    mapping,
    objects,
    text_of,
    whole,
)
from gencode_graph.validation.reports.report import Kind, Report, not_run, on_issues, shortened

_SEVERITY: dict[str, Severity] = {
    "error": "error", "fatal": "error", "blocker": "error", "critical": "error", "major": "error",
    "warning": "warning", "minor": "warning", "warn": "warning", "convention": "warning", "refactor": "warning",
    "information": "note", "info": "note", "note": "note", "hint": "note", "help": "note",
}  # fmt: skip


def finding(
    tool: str, rule: Any, message: Any, path: Any, line: Any, severity: str = "error", *, column: Any = None
) -> Finding:
    """One finding, from values of any type."""
    return Finding(
        rule=f"{tool}/{text_of(rule) or 'error'}",
        message=shortened(text_of(message)),
        path=text_of(path) or None,
        line=line_of(line),
        column=line_of(column),
        severity=_SEVERITY.get(severity.lower(), "error"),
    )


def read_eslint(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``eslint -f json``; what has no rule is a file that could not be parsed."""
    files = _items(output, "filePath", "results")
    found = [
        finding(
            tool,
            one.get("ruleId") or "fatal",
            one.get("message"),
            file.get("filePath"),
            one.get("line"),
            severity,
            column=one.get("column"),
        )
        for file in files
        for one in objects(file.get("messages"))
        for severity in ("error" if one.get("severity") == 2 or one.get("fatal") else "warning",)
    ]
    fatal = sum(one.get("fatal") is True for file in files for one in objects(file.get("messages")))
    numbers = {
        "fatal": fatal, "files": len(files),
        "fixable_errors": sum(whole(file.get("fixableErrorCount")) for file in files),
        "fixable_warnings": sum(whole(file.get("fixableWarningCount")) for file in files),
    }  # fmt: skip
    return on_issues("lint", "eslint-json", found, tool=tool, exit_code=exit_code, output=output, numbers=numbers)


def read_stylelint(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``stylelint -f json``."""
    found = [
        finding(
            tool, one.get("rule"), one.get("text"), file.get("source"), one.get("line"), text_of(one.get("severity"))
        )
        for file in _items(output, "source")
        for one in [*objects(file.get("warnings")), *objects(file.get("parseErrors"))]
    ]
    return _lint("stylelint-json", found, tool, exit_code, output)


def read_biome(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``biome check --reporter=json``."""
    found = []
    for one in objects(_document(output, "diagnostics")["diagnostics"]):
        place = mapping(one.get("location"))
        path = mapping(place.get("path")).get("file") if isinstance(place.get("path"), dict) else place.get("path")
        message = text_of(one.get("message")) or text_of(one.get("description"))
        line = mapping(place.get("start")).get("line")
        found.append(finding(tool, one.get("category"), message, path, line, text_of(one.get("severity"))))
    return _lint("biome-json", found, tool, exit_code, output)


def read_ruff(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``ruff check --output-format=json``, and ``json-lines``."""
    found = [
        finding(
            tool,
            one.get("code") or one.get("name") or "invalid-syntax",
            one.get("message"),
            one.get("filename"),
            mapping(one.get("location")).get("row"),
            column=mapping(one.get("location")).get("column"),
        )
        for one in _items(output, "filename")
    ]
    return _lint("ruff-json", found, tool, exit_code, output)


def read_pylint(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pylint -f json`` and ``json2``."""
    document = load_json(output)
    score = mapping(mapping(document).get("statistics")).get("score")
    messages = objects(document) or objects(mapping(document).get("messages"))
    if not messages and not isinstance(document, list) and score is None:
        raise UnreadableError("it has no messages")
    found = [
        finding(tool, one.get("symbol"), one.get("message"), one.get("path"), one.get("line"), text_of(one.get("type")))
        for one in messages
    ]
    numbers: dict[str, float] = pylint_numbers(text_of(one.get("type")) for one in messages)
    if isinstance(score, int | float):
        numbers["score"] = score
    return on_issues("lint", "pylint-json", found, tool=tool, exit_code=exit_code, output=output, numbers=numbers)


def pylint_numbers(types: Iterable[str]) -> dict[str, float]:
    """How many messages of each of pylint's own classes."""
    count = Counter(types)
    names = ("fatal", "error", "warning", "refactor", "convention")
    return {name if name in ("fatal", "refactor") else f"{name}s": count[name] for name in names}


def read_gitlab(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """GitLab's code quality, as many linters write it."""
    found = []
    for one in _items(output, "location"):
        place = mapping(one.get("location"))
        begin = mapping(mapping(place.get("positions")).get("begin")).get("line")
        line = begin or mapping(place.get("lines")).get("begin")
        severity = text_of(one.get("severity"))
        found.append(finding(tool, one.get("check_name"), one.get("description"), place.get("path"), line, severity))
    return _lint("gitlab-json", found, tool, exit_code, output)


def read_mypy(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``mypy --output json``: an object on each line."""
    lines = [one for one in json_lines(output) if "severity" in one]
    if not lines and exit_code is None:
        raise UnreadableError("there is no finding in it, and no exit code says that this is right")
    found = [
        finding(
            tool, one.get("code"), one.get("message"), one.get("file"), one.get("line"), text_of(one.get("severity"))
        )
        for one in lines
    ]
    return _lint("mypy-json", found, tool, exit_code, output, "types")


def read_pyright(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pyright --outputjson``."""
    document = _document(output, "generalDiagnostics")
    found = []
    for one in objects(document["generalDiagnostics"]):
        line = whole(mapping(mapping(one.get("range")).get("start")).get("line")) + 1
        severity = text_of(one.get("severity"))
        found.append(finding(tool, one.get("rule"), one.get("message"), one.get("file"), line, severity))
    summary = mapping(document.get("summary"))
    if "filesAnalyzed" in summary and not whole(summary["filesAnalyzed"]):
        return not_run("types", "pyright-json", "no file was analysed")
    return _lint("pyright-json", found, tool, exit_code, output, "types")


def read_golangci(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``golangci-lint run --output.json.path stdout``."""
    found = []
    for one in objects(_document(output, "Issues")["Issues"]):
        place = mapping(one.get("Pos"))
        severity = text_of(one.get("Severity")) or "error"
        found.append(
            finding(tool, one.get("FromLinter"), one.get("Text"), place.get("Filename"), place.get("Line"), severity)
        )
    return _lint("golangci-json", found, tool, exit_code, output)


def read_rubocop(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``rubocop -f json``."""
    found = [
        finding(
            tool,
            one.get("cop_name"),
            one.get("message"),
            file.get("path"),
            mapping(one.get("location")).get("line"),
            text_of(one.get("severity")),
        )
        for file in objects(_document(output, "files")["files"])
        for one in objects(file.get("offenses"))
    ]
    return _lint("rubocop-json", found, tool, exit_code, output)


def read_clippy(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``cargo clippy`` or ``cargo check --message-format=json``."""
    found = []
    for event in json_lines(output):
        message = mapping(event.get("message"))
        if event.get("reason") == "compiler-message" and objects(message.get("spans")):
            span = objects(message["spans"])[0]
            code, level = mapping(message.get("code")).get("code"), text_of(message.get("level"))
            found.append(
                finding(tool, code, message.get("message"), span.get("file_name"), span.get("line_start"), level)
            )
    return _lint("clippy-json", found, tool, exit_code, output)


def _lint(
    format_: str, found: Iterable[Finding], tool: str, exit_code: int | None, output: str, kind: Kind = "lint"
) -> Report:
    return on_issues(kind, format_, found, tool=tool, exit_code=exit_code, output=output)


def _document(output: str, key: str) -> dict[str, Any]:
    document = mapping(load_json(output))
    if key not in document:
        raise UnreadableError(f"it has no {key!r}")
    return document


def _items(output: str, key: str, within: str = "") -> list[dict[str, Any]]:
    """The objects of an array, which may be ``within`` an object, or of one object on each line."""
    document = None if output.lstrip().startswith("{") and not within else load_json(output)
    if document is None:
        document = list(json_lines(output))
    elif isinstance(document, dict):
        document = document.get(within)
    items = objects(document)
    if not isinstance(document, list) or (document and not any(key in item for item in items)):
        raise UnreadableError(f"it is no list of objects with {key!r}")
    return items
