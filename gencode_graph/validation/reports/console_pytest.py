"""What pytest writes on the console: the summary of each run, or the letters of a run that was told to write none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gencode_graph.validation.reports.guarded import console, whole
from gencode_graph.validation.reports.report import Case, Report, State, not_run, on_tests

_PART = r"\d+ (?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?|rerun|subtests passed)"
_SUMMARY = re.compile(rf"^(?:=+ )?({_PART}(?:, {_PART})*|no tests ran) in \d[\d.]*m?s\b[^\n]*$")
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)\b")
_COLLECTED = re.compile(r"^(?:=+ )?(?:\d+/)?(\d+) tests? collected\b")
_LETTERS = re.compile(r"^(?:\S+\.py:? ?)?([.FEsxXR]+)(?: +\[ *\d+%\])?$")
_START = re.compile(r"^=+ test session starts =+$")
_SECTION = re.compile(r"^(?:=+ \S.* =+|_{3,} \S.* _{3,}|-+ Captured .* -+)$")
_SHORT = re.compile(r"^=+ short test summary info =+$")
_NAMED = re.compile(r"^(FAILED|ERROR) (\S.*?)(?: - (.*))?$")
_VERBOSE = re.compile(r"^(\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b")
_STATES: dict[str, State] = {
    ".": "passed", "F": "failed", "E": "error", "s": "skipped", "x": "xfailed", "X": "xpassed",
    "PASSED": "passed", "FAILED": "failed", "ERROR": "error", "SKIPPED": "skipped", "XFAIL": "xfailed",
    "XPASS": "xpassed",
}  # fmt: skip
_NAMES = {"error": "errors", "warning": "warnings"}


def read(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """The sums of all runs in one log. What a test printed may look like a summary: then more of its run follows."""
    text = console(output)
    counted: Counter[str] = Counter()
    cases: list[Case] = []
    for lines in _runs(text):
        counted.update(_run(lines))
        cases += _named(lines)
    numbers = {"deselected": counted.pop("deselected", 0), "warnings": counted.pop("warnings", 0)}
    if collected := next((match for line in reversed(text.split("\n")) if (match := _COLLECTED.match(line))), None):
        numbers["collected"] = whole(collected[1])
    if exit_code == 4 or (not counted.total() and re.search(r"^ERROR: ", text, re.MULTILINE)):
        return not_run("tests", "pytest-text", text.strip(), {"usage_error": 1})
    numbers["usage_error"] = 0
    report = on_tests("pytest-text", cases, tool=tool, counted=counted, exit_code=exit_code, numbers=numbers)
    return report if report.ran else not_run("tests", "pytest-text", text.strip(), report.numbers)


def _runs(text: str) -> Iterator[list[str]]:
    """The lines of each run. It ends with its summary, where that is followed by no more of its sections."""
    run: list[str] = []
    maybe: int | None = None
    detailed = False
    for line in text.split("\n"):
        if maybe is not None and (_START.match(line) or (not detailed and line.strip())):
            yield run[:maybe]
            run, maybe, detailed = run[maybe:], None, False
        if _SUMMARY.match(line):
            run.append(line)
            maybe = len(run)
            continue
        if _SECTION.match(line) and not _START.match(line):
            maybe, detailed = None, not _SHORT.match(line)
        run.append(line)
    yield run


def _run(lines: list[str]) -> Counter[str]:
    """The counts of one run: of the summary that ends it, or else of its letters or words before the first section."""
    last = max((place for place, line in enumerate(lines) if _SECTION.match(line)), default=-1)
    for line in reversed(lines[max(last, 0) :]):
        if match := _SUMMARY.match(line):
            return Counter({_NAMES.get(name, name): whole(number) for number, name in _COUNT.findall(match[1])})
    count: Counter[str] = Counter()
    for line in lines:
        if _SECTION.match(line) and not _START.match(line):
            break
        if match := _VERBOSE.match(line):
            states = [_STATES[match[2]]]
        elif match := _LETTERS.match(line.rstrip()):
            states = [_STATES[letter] for letter in match[1] if letter in _STATES]
        else:
            continue
        count.update(_NAMES.get(state, state) for state in states)
    return count


def _named(lines: list[str]) -> Iterator[Case]:
    """The tests that the short summary names."""
    start = max((place for place, line in enumerate(lines) if _SHORT.match(line)), default=len(lines))
    for line in lines[start:]:
        if match := _NAMED.match(line):
            path, _, name = match[2].partition("::")
            state: State = "failed" if match[1] == "FAILED" else "error"
            yield Case(name=name, group=path, state=state, message=match[3] or "", path=path)
