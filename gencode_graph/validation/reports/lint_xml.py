"""Findings of linters as XML: Checkstyle (and all that write its form), PMD, SpotBugs."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import UnreadableError, load_xml, local
from gencode_graph.validation.reports.lint_json import finding
from gencode_graph.validation.reports.report import Report, on_issues


def read_checkstyle(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Checkstyle; the rule is the last word of its ``source``."""
    found = [
        finding(
            tool,
            (one.get("source") or "").rpartition(".")[2],
            one.get("message"),
            file.get("name"),
            one.get("line"),
            one.get("severity") or "error",
        )
        for file in _root(output, "checkstyle").iter()
        if local(file) == "file"
        for one in file
        if local(one) == "error"
    ]
    return on_issues("lint", "checkstyle-xml", found, tool=tool, exit_code=exit_code, output=output)


def read_pmd(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """PMD; priorities 1 to 3 are errors, a file that could not be processed is a finding."""
    found: list[Finding] = []
    root = _root(output, "pmd")
    for file in (element for element in root.iter() if local(element) == "file"):
        for one in (child for child in file if local(child) == "violation"):
            severity = "error" if (one.get("priority") or "3") in "123" else "warning"
            message = "".join(one.itertext()).strip()
            found.append(finding(tool, one.get("rule"), message, file.get("name"), one.get("beginline"), severity))
    for one in (element for element in root if local(element) == "error"):
        found.append(finding(tool, "not-checked", one.get("msg"), one.get("filename"), None))
    return on_issues("lint", "pmd-xml", found, tool=tool, exit_code=exit_code, output=output)


def read_spotbugs(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """SpotBugs; priority 1 is an error."""
    found: list[Finding] = []
    for one in (element for element in _root(output, "BugCollection").iter() if local(element) == "BugInstance"):
        place = next((part for part in one.iter() if local(part) == "SourceLine"), None)
        said = next((part.text or "" for part in one.iter() if local(part) == "LongMessage"), one.get("type"))
        severity = "error" if one.get("priority") == "1" else "warning"
        path = None if place is None else place.get("sourcepath") or place.get("sourcefile")
        found.append(
            finding(tool, one.get("type"), said, path, None if place is None else place.get("start"), severity)
        )
    return on_issues("lint", "spotbugs-xml", found, tool=tool, exit_code=exit_code, output=output)


def _root(output: str, name: str) -> Element:
    root = load_xml(output)
    if local(root) != name:
        raise UnreadableError(f"<{local(root)}> is not <{name}>")
    return root
