"""Tests as one JSON document: jest and vitest, mocha, playwright, pytest-json-report, rspec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gencode_graph.validation.reports.guarded import (
    UnreadableError,
    line_of,
    load_json,
    mapping,
    objects,
    plain,
    text_of,
    whole,
)
from gencode_graph.validation.reports.report import Case, Report, State, on_tests

_JEST: dict[str, State] = {"passed": "passed", "failed": "failed", "todo": "todo"}
_PLAYWRIGHT: dict[str, State] = {"expected": "passed", "unexpected": "failed", "flaky": "flaky", "skipped": "skipped"}
_PYTEST: dict[str, State] = {
    "passed": "passed", "failed": "failed", "error": "error", "skipped": "skipped", "xfailed": "xfailed",
    "xpassed": "xpassed",
}  # fmt: skip
_RSPEC: dict[str, State] = {"passed": "passed", "failed": "failed", "pending": "skipped"}


def read_jest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``jest --json``, ``vitest --reporter=json``; a file that cannot be loaded has no tests, and failed."""
    document = _document(output, "testResults")
    files = objects(document["testResults"])
    broken = {
        text_of(file.get("name")): plain(text_of(file.get("message")))
        for file in files
        if file.get("status") == "failed" and not any(_jest_state(one) == "failed" for one in _assertions(file))
    }
    return on_tests(
        "jest-json",
        (_jest_case(text_of(file.get("name")), one) for file in files for one in _assertions(file)),
        tool=tool,
        exit_code=exit_code,
        suites_failed=broken,
        numbers={
            "suites": len(files),
            "suites_failed": sum(file.get("status") == "failed" for file in files),
            "success": document.get("success") is True,
        },
    )


def _assertions(file: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(file.get("assertionResults"))


def _jest_state(one: dict[str, Any]) -> State:
    return _JEST.get(text_of(one.get("status")), "skipped")


def _jest_case(path: str, one: dict[str, Any]) -> Case:
    messages = one.get("failureMessages")
    return Case(
        name=text_of(one.get("fullName")) or text_of(one.get("title")),
        group=path,
        state=_jest_state(one),
        message=plain("\n".join(map(str, messages)) if isinstance(messages, list) else ""),
        path=path or None,
        line=line_of(mapping(one.get("location")).get("line")),
    )


def read_mocha(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``mocha --reporter json``; a hook that fails is no test, but an error."""
    document = _document(output, "stats")
    pending = {text_of(one.get("fullTitle")) for one in objects(document.get("pending"))}
    each = objects(document.get("tests"))
    named = {text_of(one.get("fullTitle")) for one in each}
    hooks = [one for one in objects(document.get("failures")) if text_of(one.get("fullTitle")) not in named]
    cases = [_mocha_case(one, pending) for one in each] + [_mocha_case(one, set(), "error") for one in hooks]
    return on_tests("mocha-json", cases, tool=tool, distinct=True, exit_code=exit_code, numbers={"suites": 1})


def _mocha_case(one: dict[str, Any], pending: set[str], failed: State = "failed") -> Case:
    error, name = mapping(one.get("err")), text_of(one.get("fullTitle"))
    bad: State = "error" if error.get("errorMode") else failed
    message = text_of(error.get("stack")) or text_of(error.get("message"))
    state: State = bad if error else "skipped" if name in pending else "passed"
    return Case(name=name, state=state, message=message, path=text_of(one.get("file")) or None)


def read_playwright(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``playwright test --reporter=json``; a test that is to fail and does passed."""
    document = _document(output, "suites")
    errors = [plain(text_of(one.get("message"))) for one in objects(document.get("errors"))]
    broken = {f"{place} {number}": message for number, message in enumerate(errors, 1) for place in ("the run, error",)}
    specs = list(_specs(objects(document["suites"])))
    return on_tests(
        "playwright-json",
        (_playwright_case(titles, spec, one) for titles, spec in specs for one in objects(spec.get("tests"))),
        tool=tool,
        exit_code=exit_code,
        suites_failed=broken,
        numbers={"suites": len({text_of(spec.get("file")) for _, spec in specs})},
    )


def _specs(suites: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    stack = [(suite, text_of(suite.get("title"))) for suite in reversed(suites)]
    while stack:
        suite, titles = stack.pop()
        yield from ((titles, spec) for spec in objects(suite.get("specs")))
        inner = reversed(objects(suite.get("suites")))
        stack += [(child, f"{titles} › {text_of(child.get('title'))}"[:1000]) for child in inner]


def _playwright_case(titles: str, spec: dict[str, Any], one: dict[str, Any]) -> Case:
    results = objects(one.get("results"))
    said = [text_of(error.get("message")) for result in results for error in objects(result.get("errors"))]
    project = text_of(one.get("projectName"))
    return Case(
        name=text_of(spec.get("title")),
        group=f"[{project}] {titles}" if project else titles,
        state=_PLAYWRIGHT.get(text_of(one.get("status")), "error"),
        message=plain("\n".join(said)),
        path=text_of(spec.get("file")) or None,
        line=line_of(spec.get("line")),
    )


def read_pytest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pytest --json-report``; a module that cannot be collected is an error."""
    document = _document(output, "summary")
    cases = [_pytest_case(one) for one in objects(document.get("tests"))]
    for one in objects(document.get("collectors")):
        if one.get("outcome") == "failed":
            name = text_of(one.get("nodeid"))
            cases.append(Case(name=name, state="error", message=text_of(one.get("longrepr")), path=name or None))
    summary = mapping(document["summary"])
    numbers = {"deselected": whole(summary.get("deselected")), "warnings": len(objects(document.get("warnings")))}
    return on_tests("pytest-json-report", cases, tool=tool, exit_code=exit_code, numbers=numbers)


def _pytest_case(one: dict[str, Any]) -> Case:
    path, _, name = text_of(one.get("nodeid")).partition("::")
    stages = [mapping(one.get(stage)) for stage in ("setup", "call", "teardown")]
    return Case(
        name=name,
        group=path,
        state=_PYTEST.get(text_of(one.get("outcome")), "error"),
        message="\n".join(text_of(stage.get("longrepr")) for stage in stages).strip(),
        path=path or None,
        line=line_of(whole(one.get("lineno")) + 1),
    )


def read_rspec(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``rspec --format json``; an error outside of the examples is one file that cannot be loaded."""
    document = _document(output, "examples")
    outside = whole(mapping(document.get("summary")).get("errors_outside_of_examples_count"))
    messages = document.get("messages")
    said = "\n".join(map(str, messages)) if isinstance(messages, list) else "outside of the examples"
    broken = {f"error {number}": said for number in range(1, min(outside, 100) + 1)}
    cases = (
        Case(
            name=text_of(one.get("full_description")) or text_of(one.get("description")),
            state=_RSPEC.get(text_of(one.get("status")), "error"),
            message=text_of(mapping(one.get("exception")).get("message")),
            path=text_of(one.get("file_path")) or None,
            line=line_of(one.get("line_number")),
        )
        for one in objects(document["examples"])
    )
    numbers = {"suites_failed": outside}
    return on_tests("rspec-json", cases, tool=tool, exit_code=exit_code, suites_failed=broken, numbers=numbers)


def _document(output: str, key: str) -> dict[str, Any]:
    document = mapping(load_json(output))
    if key not in document:
        raise UnreadableError(f"it has no {key!r}")
    return document
