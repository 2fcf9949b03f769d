"""What a tool reported, in one form for all tools: numbers, results by test, findings, and whether it ran at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gencode_graph.types import Finding

Kind = Literal["tests", "lint", "types", "coverage", "audit", "dependencies", "licences"]
State = Literal["error", "failed", "flaky", "xpassed", "passed", "xfailed", "skipped", "todo"]
Outcome = Literal["clean", "findings", "not run"]

NUMBER_OF: dict[State, str] = {
    "error": "errors", "failed": "failed", "flaky": "flaky", "xpassed": "xpassed", "passed": "passed",
    "xfailed": "xfailed", "skipped": "skipped", "todo": "todo",
}  # fmt: skip
"""How many there are of each state stands under this name; the first that one of several results has is the test's."""
MESSAGE = 1500
"""Characters kept of a message: its beginning and its end, one of which has the reason."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One result of one test."""

    name: str
    state: State
    group: str = ""
    """Its class, module, suite or file, as the tool names it."""
    message: str = ""
    path: str | None = None
    line: int | None = None

    @property
    def id(self) -> str:
        """The same test has the same id in every run."""
        return f"{self.group}::{self.name}" if self.group else self.name


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was read out of one output of one tool."""

    kind: Kind
    format: str
    ran: bool
    """False where the tool did not come to a result, whatever it counted up to there."""
    reason: str = ""
    """Why it did not run."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """By their usual names; docs/validation.md lists them."""
    runs: Mapping[str, int] = field(default_factory=dict)
    """Tests: as ``numbers``, but every result counts, also of a test that has several."""
    by_rule: Mapping[str, int] = field(default_factory=dict)
    """Findings by the tool's own name of the rule, without its notes."""
    files: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Coverage: numbers by file."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Licences: ``name@version`` -> licence."""
    cases: tuple[Case, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Three values: what did not run is never clean; notes alone are no findings."""
        if not self.ran:
            return "not run"
        return "findings" if any(finding.severity != "note" for finding in self.findings) else "clean"

    def under(self, folder: str) -> tuple[Finding, ...]:
        """The findings of a tool that ran in ``folder``, with paths from where that lies."""
        return tuple(
            finding.model_copy(update={"path": _from(folder, finding.path)}) if finding.path else finding
            for finding in self.findings
        )


def _from(folder: str, path: str) -> str:
    inside = path.partition(f"/{folder}/")[2] or path.removeprefix("./")
    return inside if inside.startswith("/") else f"{folder}/{inside}"


def not_run(kind: Kind, format_: str, reason: str, numbers: Mapping[str, float] | None = None) -> Report:
    """The report of a tool that came to no result."""
    known: dict[str, float] = {"total": 0, **dict.fromkeys(NUMBER_OF.values(), 0)} if kind == "tests" else {}
    if kind == "audit":
        known = {"available": 0}
    said = reason.strip() or "it said nothing"
    return Report(kind=kind, format=format_, ran=False, reason=said[-MESSAGE:], numbers={**known, **(numbers or {})})


def on_tests(
    format_: str,
    cases: Iterable[Case] = (),
    *,
    tool: str,
    counted: Mapping[str, int] | None = None,
    distinct: bool = False,
    exit_code: int | None = None,
    suites_failed: Mapping[str, str] | None = None,
    numbers: Mapping[str, float] | None = None,
) -> Report:
    """A report on tests, from single results or from what the tool ``counted``.

    ``distinct``: results with one id are one test. ``suites_failed``: what could not be loaded -> why.
    """
    all_cases, more = tuple(cases), numbers or {}
    runs = dict(counted) if counted is not None else _count(case.state for case in all_cases)
    each = _count(_by_test(all_cases)) if distinct and counted is None else runs
    full = {name: each.get(name, 0) for name in NUMBER_OF.values()}
    full_runs = {name: runs.get(name, 0) for name in full}
    findings = [_finding(tool, case) for case in all_cases if case.state in ("error", "failed")]
    findings += [
        Finding(rule=f"{tool}/not-loaded", message=shortened(why) or name, path=None if " " in name else name)
        for name, why in (suites_failed or {}).items()
    ]
    if flaky := [case.id for case in all_cases if case.state == "flaky"]:
        message = f"passed only when repeated: {', '.join(flaky)[:MESSAGE]}"
        findings.append(Finding(rule=f"{tool}/flaky", message=message, severity="warning"))
    if not findings and (bad := full["failed"] + full["errors"] + int(more.get("suites_failed", 0))):
        findings.append(Finding(rule=f"{tool}/failed", message=f"{bad} did not pass; the report does not say which"))
    total = sum(full.values())
    ran = bool(total or findings)
    if ran and not findings and exit_code:
        message = f"exit code {exit_code}, although no test failed"
        findings.append(Finding(rule=f"{tool}/exit-code", message=message))
    return Report(
        kind="tests",
        format=format_,
        ran=ran,
        reason="" if ran else "no test ran",
        numbers={"total": total, **full, **more},
        runs={"total": sum(full_runs.values()), **full_runs},
        cases=all_cases,
        findings=tuple(findings),
    )


def on_issues(
    kind: Kind,
    format_: str,
    findings: Iterable[Finding],
    *,
    tool: str,
    exit_code: int | None = None,
    output: str = "",
    numbers: Mapping[str, float] | None = None,
    by_rule: Mapping[str, int] | None = None,
) -> Report:
    """A report on findings. None of them under a bad exit code means that the tool did not run: ``output`` says why."""
    found = tuple(findings)
    if not found and exit_code:
        return not_run(kind, format_, output.strip() or f"{tool} said nothing, and ended with exit code {exit_code}")
    telling = [finding for finding in found if finding.severity != "note"]
    severities = Counter(finding.severity for finding in found)
    return Report(
        kind=kind,
        format=format_,
        ran=True,
        numbers={
            "issues": len(telling),
            "errors": severities["error"],
            "warnings": severities["warning"],
            "notes": severities["note"],
            "files_with_issues": len({finding.path for finding in telling if finding.path}),
            **(numbers or {}),
        },
        by_rule=by_rule or Counter(finding.rule.removeprefix(f"{tool}/") for finding in telling),
        findings=found,
    )


def on_coverage(
    format_: str, files: Mapping[str, Mapping[str, float]], numbers: Mapping[str, float] | None = None
) -> Report:
    """A report on what was executed; lines stand for statements where only one of them is known, and the reverse."""
    known = dict(numbers or {})
    for mine, other in (("statements", "lines"), ("covered", "covered_lines"), ("percent", "percent_lines")):
        for name, same in ((mine, other), (other, mine)):
            if name not in known and same in known:
                known[name] = known[same]
    if "statements" in known and "covered" in known:
        known["missing"] = known["statements"] - known["covered"]
        known.setdefault("percent", percent(known["covered"], known["statements"]))
    if {"statements", "covered", "branches", "covered_branches"} <= known.keys():
        known["percent_with_branches"] = percent(
            known["covered"] + known["covered_branches"], known["statements"] + known["branches"]
        )
    if "percent" not in known and not files:
        return not_run("coverage", format_, "no file was measured")
    return Report(kind="coverage", format=format_, ran=True, numbers=known, files=files)


def percent(part: float, whole: float) -> float:
    """A share in per cent; all of nothing."""
    return 100.0 * part / whole if whole else 100.0


def _count(states: Iterable[State]) -> dict[str, int]:
    return {NUMBER_OF[state]: number for state, number in Counter(states).items()}


def _by_test(cases: Iterable[Case]) -> list[State]:
    unnamed: list[State] = []
    states: dict[str, set[State]] = {}
    for case in cases:
        if case.id:
            states.setdefault(case.id, set()).add(case.state)
        else:
            unnamed.append(case.state)
    return [next(state for state in NUMBER_OF if state in found) for found in states.values()] + unnamed


def _finding(tool: str, case: Case) -> Finding:
    rule = f"{tool}/{'failed' if case.state == 'failed' else 'error'}"
    name = case.name if case.group == case.path else case.id
    return Finding(rule=rule, message=f"{name}: {shortened(case.message)}", path=case.path, line=case.line)


def shortened(text: str, most: int = MESSAGE) -> str:
    """A text without its middle where it is long."""
    return text if len(text) <= most else f"{text[: most * 2 // 3]}...{text[-most // 3 :]}"
