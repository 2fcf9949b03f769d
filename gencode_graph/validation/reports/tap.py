"""TAP 13 and 14: plans, directives, subtests, and the summaries that node and mocha add as comments."""

from __future__ import annotations

import re

from gencode_graph.validation.reports.guarded import console
from gencode_graph.validation.reports.report import Case, Report, State, on_tests

_POINT = re.compile(r"^(?P<indent> *)(?P<not>not )?ok\b[ \t]*(?P<number>\d{1,9})?[ \t]*(?:- )?(?P<rest>[^\n]*)$")
_DIRECTIVE = re.compile(r"(?<!\\)#[ \t]*(?P<what>skip|todo)\b[ \t:-]*(?P<why>.*)$", re.IGNORECASE)
_PLAN = re.compile(r"^1\.\.(\d{1,9})(?:[ \t]*#[ \t]*(.*))?$")
_COMMENT = re.compile(r"^# (tests|suites|pass|fail|cancelled|skipped|todo) (\d{1,9})$")
_MISSING = 1000
"""The most that are listed of the tests that a plan promised and that gave no result."""


def read(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Results by test: of nested ones those that have none below them."""
    points: list[tuple[int, Case]] = []
    plan: int | None = None
    said: dict[str, int] = {}
    bail = ""
    block: int | None = None
    for line in console(output).split("\n"):
        stripped = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if block is not None:
            block = None if stripped == "..." and indent == block else block
        elif stripped == "---" and points:
            block = indent
        elif match := _POINT.match(line):
            points.append((indent, _case(match)))
        elif match := _PLAN.match(line):
            plan = int(match[1])
        elif match := _COMMENT.match(line):
            said[match[1]] = int(match[2])
        elif line.startswith("Bail out!"):
            bail = stripped
    cases = _leaves(points)
    top = sum(indent == 0 for indent, _ in points)
    absent = range(top + 1, min(plan or 0, top + _MISSING) + 1)
    cases += [Case(name=f"test {number}", state="error", message="planned, without a result") for number in absent]
    counted = _node(said) if "cancelled" in said else None
    broken = {"the run": bail} if bail else None
    return on_tests("tap", cases, tool=tool, counted=counted, exit_code=exit_code, suites_failed=broken)


def _case(match: re.Match[str]) -> Case:
    rest = match["rest"]
    directive = _DIRECTIVE.search(rest)
    state: State = "failed" if match["not"] else "passed"
    if directive:
        state = "todo" if directive["what"].lower() == "todo" else "skipped"
        rest = rest[: directive.start()]
    return Case(name=rest.strip() or f"test {match['number'] or ''}".strip(), state=state)


def _leaves(points: list[tuple[int, Case]]) -> list[Case]:
    """A point after deeper ones is their sum; it counts by itself only where all of them are fine and it is not."""
    leaves: list[Case] = []
    before = 0
    below_failed = False
    for indent, case in points:
        if indent < before:
            if case.state == "failed" and not below_failed:
                leaves.append(case)
        else:
            leaves.append(case)
            below_failed = (below_failed and indent == before) or case.state == "failed"
        before = indent
    return leaves


def _node(said: dict[str, int]) -> dict[str, int]:
    return {
        "passed": said.get("pass", 0), "failed": said.get("fail", 0), "errors": said.get("cancelled", 0),
        "skipped": said.get("skipped", 0), "todo": said.get("todo", 0),
    }  # fmt: skip
