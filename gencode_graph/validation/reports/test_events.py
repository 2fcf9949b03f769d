"""Tests as a stream of JSON lines: go test, dart, cargo's libtest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from gencode_graph.validation.reports.guarded import UnreadableError, json_lines, line_of, mapping, text_of, whole
from gencode_graph.validation.reports.report import Case, Report, State, on_tests

_GO: dict[str, State] = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_NOT_BUILT = ("[build failed]", "[setup failed]")
_KEPT = 4000
"""Characters of output kept for one test."""


@dataclass(kw_only=True)
class _Go:
    tests: dict[tuple[str, str], State | None] = field(default_factory=dict)
    """(package, test) -> how it ended; None while it runs."""
    packages: dict[str, str] = field(default_factory=dict)
    """Package -> its last action."""
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    not_built: dict[str, str] = field(default_factory=dict)
    untested: set[str] = field(default_factory=set)
    """Packages without test files."""
    builds: dict[str, str] = field(default_factory=dict)
    """What the compiler said, by import path."""


def read_go(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``go test -json``; a package that was not built has no tests, and is an error of its own."""
    seen = _Go()
    for event in json_lines(output):
        _take(seen, event)
    if not (seen.packages or seen.tests or seen.builds or seen.not_built):
        raise UnreadableError("it has no events of go test")
    for name in seen.builds:  # go 1.24 and later: "app [app.test]"
        package = name.split(" ")[0]
        if seen.packages.get(package) == "fail" and not any(here == package for here, _ in seen.tests):
            seen.not_built.setdefault(package, seen.builds[name])
    cases = [_go_case(seen, package, test, state) for (package, test), state in seen.tests.items()]
    failed = {package for package, action in seen.packages.items() if action == "fail"}
    told = {case.group for case in cases if case.state in ("failed", "error")} | seen.not_built.keys()
    broken = {package: seen.said.get((package, ""), "failed without a failed test") for package in failed - told}
    return on_tests(
        "go-test-json",
        cases,
        tool=tool,
        exit_code=exit_code,
        suites_failed={**seen.not_built, **broken},
        numbers={
            "suites": len(seen.packages),
            "suites_failed": len(failed),
            "build_failed": len(seen.not_built),
            "packages_ok": sum(action == "pass" for action in seen.packages.values()),
            "packages_failed": len(failed),
            "packages_no_tests": len(seen.untested),
        },
    )


def _take(seen: _Go, event: dict[str, Any]) -> None:
    action, said = text_of(event.get("Action")), text_of(event.get("Output"))
    if action in ("build-output", "build-fail"):
        name = text_of(event.get("ImportPath"))
        seen.builds[name] = (seen.builds.get(name, "") + said)[-_KEPT:]
        return
    package, test = text_of(event.get("Package")), text_of(event.get("Test"))
    if action == "output":
        seen.said[package, test] = (seen.said.get((package, test), "") + said)[-_KEPT:]
        if not test and said.rstrip().endswith(_NOT_BUILT):
            seen.not_built[package] = said.strip()
        if not test and said.rstrip().endswith("[no test files]"):
            seen.untested.add(package)
    elif test:
        seen.tests[package, test] = _GO.get(action)
    elif action in ("start", "pass", "fail", "skip"):
        seen.packages[package] = action
        if event.get("FailedBuild"):
            seen.not_built[package] = seen.builds.get(text_of(event["FailedBuild"]), "")


def _go_case(seen: _Go, package: str, test: str, state: State | None) -> Case:
    message = seen.said.get((package, test), "")
    return Case(name=test, group=package, state=state or "error", message=message if state != "passed" else "")


def read_dart(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``dart test --reporter json``; loading a file is a hidden test, which counts when it fails."""
    suites: dict[int, str] = {}
    started: dict[int, dict[str, Any]] = {}
    done: dict[int, dict[str, Any]] = {}
    said: dict[int, str] = {}
    for event in json_lines(output):
        of = whole(event.get("testID"))
        if event.get("type") == "suite":
            suite = mapping(event.get("suite"))
            suites[whole(suite.get("id"))] = text_of(suite.get("path"))
        elif event.get("type") == "testStart":
            test = mapping(event.get("test"))
            started[whole(test.get("id"))] = test
        elif event.get("type") == "testDone":
            done[of] = event
        elif event.get("type") == "error":
            said[of] = f"{text_of(event.get('error'))}\n{text_of(event.get('stackTrace'))}"
    if not suites and not started:
        raise UnreadableError("it has no events of dart test")
    cases = [
        Case(
            name=text_of(test.get("name")),
            group=suites.get(whole(test.get("suiteID")), ""),
            state=_dart_state(done.get(number, {})),
            message=said.get(number, ""),
            path=suites.get(whole(test.get("suiteID"))),
            line=line_of(test.get("line")),
        )
        for number, test in started.items()
        if done.get(number, {}).get("hidden") is not True or done[number].get("result") != "success"
    ]
    numbers = {"suites": len(suites), "parse_errors": 0}
    return on_tests("dart-json", cases, tool=tool, distinct=True, exit_code=exit_code, numbers=numbers)


def _dart_state(event: dict[str, Any]) -> State:
    if event.get("result") == "success":
        return "skipped" if event.get("skipped") else "passed"
    return "failed" if event.get("result") == "failure" else "error"


def read_cargo(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``cargo test -- --format json``, ``cargo nextest`` in the same form."""
    states: dict[str, State] = {"ok": "passed", "failed": "failed", "ignored": "skipped", "timeout": "error"}
    ended: dict[str, Case] = {}
    suites = 0
    for event in json_lines(output):
        name, how = text_of(event.get("name")), text_of(event.get("event"))
        if event.get("type") == "suite":
            suites += how == "started"
        elif event.get("type") == "test" and name:
            ended[name] = Case(name=name, state=states.get(how, "error"), message=text_of(event.get("stdout")))
    return on_tests("cargo-json", ended.values(), tool=tool, exit_code=exit_code, numbers={"suites": suites})


def read_mocha(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``mocha --reporter json-stream``: ``[event, data]`` on each line; its sums tell what is pending."""
    cases: list[Case] = []
    end: dict[str, Any] = {}
    for line in output.splitlines():
        event = _pair(line)
        if event is None:
            continue
        name, data = event
        if name in ("pass", "fail"):
            state: State = "passed" if name == "pass" else "failed"
            cases.append(Case(name=text_of(data.get("fullTitle")), state=state, message=text_of(data.get("err"))))
        elif name == "end":
            end = data
    if not cases and not end:
        raise UnreadableError("it has no events of mocha")
    counted = {
        "passed": whole(end.get("passes")),
        "failed": whole(end.get("failures")),
        "skipped": whole(end.get("pending")),
    }
    return on_tests("mocha-json-stream", cases, tool=tool, counted=counted if end else None, exit_code=exit_code)


def _pair(line: str) -> tuple[str, dict[str, Any]] | None:
    if not line.startswith("["):
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(event, list) and len(event) == 2 and isinstance(event[0], str) and isinstance(event[1], dict):
        return event[0], event[1]
    return None


def read_pytest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pytest --report-log``: set-up, call and tear-down of each test, and what could not be collected."""
    cases: dict[str, Case] = {}
    for event in json_lines(output):
        kind, name, outcome = event.get("$report_type"), text_of(event.get("nodeid")), event.get("outcome")
        if kind == "CollectReport" and outcome == "failed":
            cases[name] = Case(name=name, state="error", message=str(event.get("longrepr")), path=name or None)
        elif kind == "TestReport" and (event.get("when") == "call" or outcome != "passed"):
            path, _, test = name.partition("::")
            message = str(event.get("longrepr") or "")
            cases[name] = Case(name=test, group=path, state=_log_state(event), message=message, path=path)
    if not cases and '"$report_type"' not in output:
        raise UnreadableError("it has no events of pytest")
    return on_tests("pytest-reportlog", cases.values(), tool=tool, exit_code=exit_code)


def _log_state(event: dict[str, Any]) -> State:
    outcome, expected = event.get("outcome"), "wasxfail" in event
    if outcome == "passed":
        return "xpassed" if expected else "passed"
    if outcome == "skipped":
        return "xfailed" if expected else "skipped"
    return "failed" if event.get("when") == "call" else "error"
