"""What type checkers write on the console: mypy, pyright, tsc."""

from __future__ import annotations

import re

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import console
from gencode_graph.validation.reports.lint_json import finding
from gencode_graph.validation.reports.report import Report, on_issues

_MYPY = re.compile(
    r"^(?P<path>[^\n:]+(?::\\[^\n:]+)?):(?:(?P<line>\d+):(?:\d+:)?(?:\d+:\d+:)?)? (?P<level>error|note|warning): "
    r"(?P<message>[^\n]*)$",
    re.MULTILINE,
)
_WRAPPED = re.compile(r"(?:\n(?! |[^\n]*:\d+: |Found \d)[^\n]+){1,6}")
"""What ``--pretty`` moved to the next lines."""
_CODE = re.compile(r"^(.*?)[ \t]+\[([\w-]+)\]$")
_PYRIGHT = re.compile(
    r"^[ \t]*(?P<path>[^\n]+?):(?P<line>\d+):\d+ - (?P<level>error|warning|information): (?P<message>[^\n]*)$",
    re.MULTILINE,
)
_PYRIGHT_RULE = re.compile(r"^(.*?)[ \t]*\((report\w+)\)$")
_TSC = re.compile(
    r"^(?:(?P<path>[^\s(:][^\n(:]*)(?:\((?P<line>\d+),(?P<column>\d+)\): |:(?P<pretty>\d+):(?P<wide>\d+) - ))?"
    r"(?P<level>error|warning) (?P<code>TS\d+): (?P<message>[^\n]*(?:\n {2,}\S[^\n]*)*)",
    re.MULTILINE,
)
"""Plain and pretty, with the lines that go on about it; without a path where the configuration is at fault."""


def read_mypy(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """mypy; without a finding and without its word that there is none, it did not run."""
    text = console(output)
    found = mypy_findings(text, tool)
    clean = exit_code == 0 or "Success: no issues found" in text
    code = exit_code if found or clean else exit_code or 2
    return on_issues("types", "mypy-text", found, tool=tool, exit_code=code, output=text)


def mypy_findings(text: str, tool: str) -> list[Finding]:
    """The lines of mypy that have a place."""
    found = []
    for match in _MYPY.finditer(text):
        message, rule = match["message"], None
        if not message.endswith("]") and (more := _WRAPPED.match(text, match.end())):
            message = " ".join([message, *more[0].split()])
        if said := _CODE.match(message):
            message, rule = said[1], said[2]
        found.append(finding(tool, rule, message, match["path"], match["line"], match["level"]))
    return found


def read_pyright(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """pyright and basedpyright; the count at the end says that it ran."""
    text = console(output)
    found = []
    for match in _PYRIGHT.finditer(text):
        message, rule = match["message"], None
        if said := _PYRIGHT_RULE.match(message):
            message, rule = said[1], said[2]
        found.append(finding(tool, rule, message, match["path"], match["line"], match["level"]))
    ended = re.search(r"^\d+ errors?, \d+ warnings?", text, re.MULTILINE)
    code = exit_code if found or ended else exit_code or 2
    return on_issues("types", "pyright-text", found, tool=tool, exit_code=code, output=text)


def read_tsc(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """tsc and vue-tsc, console and pretty; it says nothing when all is well, so the exit code must."""
    text = console(output)
    found = [
        finding(
            tool,
            match["code"],
            match["message"],
            match["path"],
            match["line"] or match["pretty"],
            match["level"],
            column=match["column"] or match["wide"],
        )
        for match in _TSC.finditer(text)
    ]
    ended = exit_code == 0 or re.search(r"^Found 0 errors", text, re.MULTILINE)
    code = exit_code if found or ended else exit_code or 1
    return on_issues("types", "tsc-text", found, tool=tool, exit_code=code, output=text)
