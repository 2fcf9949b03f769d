"""What pytest writes on the console: its last summary, or its line of letters where it was told to write none."""

from __future__ import annotations

import re

from gencode_graph.validation.reports.guarded import plain, whole
from gencode_graph.validation.reports.report import Case, Report, State, not_run, on_tests

_PART = r"\d+ (?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?|rerun|subtests passed)"
_SUMMARY = re.compile(rf"^(?:=+ )?({_PART}(?:, {_PART})*|no tests ran) in \d[\d.]*m?s\b[^\n]*$", re.MULTILINE)
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?|rerun)\b")
_LETTERS = re.compile(r"^(?:\S+\.py:? ?)?([.FEsxXR]+)(?: +\[ *\d+%\])?$")
_SECTION = re.compile(
    r"^=+ (?:FAILURES|ERRORS|XFAILURES|PASSES|warnings summary|short test summary info) =+$", re.IGNORECASE
)
_SHORT = re.compile(r"^=+ short test summary info =+$", re.MULTILINE)
_LINE = re.compile(r"^(FAILED|ERROR) (\S.*?)(?: - (.*))?$", re.MULTILINE)
_VERBOSE = re.compile(r"^(\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b", re.MULTILINE)
_STATES: dict[str, State] = {
    ".": "passed", "F": "failed", "E": "error", "s": "skipped", "x": "xfailed", "X": "xpassed",
    "PASSED": "passed", "FAILED": "failed", "ERROR": "error", "SKIPPED": "skipped", "XFAIL": "xfailed", "XPASS": "xpassed",
}  # fmt: skip
_NAMES = {"error": "errors", "warning": "warnings"}


def read(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Numbers of the last summary line: what a test prints may look like one, but stands before it."""
    text = plain(output)
    found = list(_SUMMARY.finditer(text))
    if found:
        counted = {_NAMES.get(name, name): whole(number) for number, name in _COUNT.findall(found[-1][1])}
        if counted.pop("rerun", 0):
            counted.setdefault("flaky", 0)
    else:
        counted = _letters(text)
    numbers = {"deselected": counted.pop("deselected", 0), "warnings": counted.pop("warnings", 0)}
    if exit_code == 4 or (not any(counted.values()) and re.search(r"^ERROR: ", text, re.MULTILINE)):
        return not_run("tests", "pytest-text", text.strip(), **_zeros(), usage_error=1)
    report = on_tests(
        "pytest-text",
        _named(text),
        tool=tool,
        counted=counted,
        exit_code=exit_code,
        numbers={**numbers, "usage_error": 0},
    )
    return report if report.ran else not_run("tests", "pytest-text", text.strip(), **report.numbers)


def _zeros() -> dict[str, float]:
    return dict.fromkeys(("total", "passed", "failed", "errors", "skipped", "xfailed", "xpassed"), 0)


def _letters(text: str) -> dict[str, int]:
    """Results as letters, before the first section; with ``-v`` as words."""
    count: dict[str, int] = {}
    for line in text.split("\n"):
        if _SECTION.match(line):
            break
        if match := _VERBOSE.match(line):
            states = [_STATES[match[2]]]
        elif match := _LETTERS.match(line.rstrip()):
            states = [_STATES[letter] for letter in match[1] if letter in _STATES]
        else:
            continue
        for state in states:
            name = _NAMES.get(state, state)
            count[name] = count.get(name, 0) + 1
    return count


def _named(text: str) -> list[Case]:
    """The tests that the short summary names."""
    starts = [match.end() for match in _SHORT.finditer(text)]
    cases = []
    for match in _LINE.finditer(text, starts[-1]) if starts else ():
        path, _, name = match[2].partition("::")
        state: State = "failed" if match[1] == "FAILED" else "error"
        cases.append(Case(name=name, group=path, state=state, message=match[3] or "", path=path))
    return cases
