"""Findings as remarks for code hosts: GitHub's and Azure's commands, reviewdog's JSON."""

from __future__ import annotations

import re
from typing import Any

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import (
    UnreadableError,
    console,
    json_lines,
    load_json,
    mapping,
    objects,
    text_of,
)
from gencode_graph.validation.reports.lint_json import finding
from gencode_graph.validation.reports.report import Report, on_issues

_GITHUB = re.compile(r"^::(?P<level>error|warning|notice) (?P<pairs>[^\n]*?)::(?P<message>[^\n]*)$", re.MULTILINE)
_AZURE = re.compile(r"^##vso\[task\.logissue (?P<pairs>[^\]\n]*)\](?P<message>[^\n]*)$", re.MULTILINE)
_CODE = re.compile(r"\b([A-Z]+\d+|invalid-syntax)\b")


def read_github(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``::error file=...,line=...::``; the rule stands in the title, or where the message begins."""
    found: list[Finding] = []
    for match in _GITHUB.finditer(console(output)):
        pairs = _pairs(match["pairs"], ",")
        named = _CODE.search(pairs.get("title", "")) or _CODE.search(match["message"])
        rule = named[1] if named else pairs.get("title")
        severity = "note" if match["level"] == "notice" else match["level"]
        found.append(finding(tool, rule, match["message"], pairs.get("file"), pairs.get("line"), severity))
    return on_issues("lint", "github", found, tool=tool, exit_code=exit_code, output=output)


def read_azure(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``##vso[task.logissue ...]``."""
    found: list[Finding] = []
    for match in _AZURE.finditer(console(output)):
        pairs = _pairs(match["pairs"], ";")
        place = pairs.get("sourcepath"), pairs.get("linenumber")
        found.append(finding(tool, pairs.get("code"), match["message"], *place, pairs.get("type", "error")))
    return on_issues("lint", "azure", found, tool=tool, exit_code=exit_code, output=output)


def _pairs(text: str, between: str) -> dict[str, str]:
    return {key.strip(): value for key, _, value in (part.partition("=") for part in text.split(between))}


def read_rdjson(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """reviewdog's ``rdjson`` and ``rdjsonl``."""
    document = mapping(load_json(output))
    default = text_of(document.get("severity"))
    if "diagnostics" not in document and "location" not in document:
        raise UnreadableError("it has no diagnostics")
    each = objects(document["diagnostics"]) if "diagnostics" in document else list(json_lines(output))
    found = [_reviewdog(tool, one, default) for one in each]
    return on_issues("lint", "rdjson", found, tool=tool, exit_code=exit_code, output=output)


def _reviewdog(tool: str, one: dict[str, Any], default: str) -> Finding:
    place = mapping(one.get("location"))
    line = mapping(mapping(place.get("range")).get("start")).get("line")
    code = mapping(one.get("code")).get("value")
    severity = text_of(one.get("severity")) or default or "error"
    return finding(tool, code, one.get("message"), place.get("path"), line, severity)
