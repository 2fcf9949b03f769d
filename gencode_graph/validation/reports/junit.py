"""JUnit XML, in the dialects of pytest, surefire, gradle, jest-junit, vitest, mocha, playwright, phpunit and others."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gencode_graph.validation.reports.guarded import UnreadableError, line_of, load_xml, local, whole
from gencode_graph.validation.reports.report import Case, Report, State, on_tests

_RESULTS: tuple[tuple[str, State], ...] = (
    ("error", "error"), ("failure", "failed"), ("flakyError", "flaky"), ("flakyFailure", "flaky"),
    ("rerunError", "passed"), ("rerunFailure", "passed"),
    ("skipped", "skipped"), ("disabled", "skipped"), ("todo", "todo"),
)  # fmt: skip
"""The children of a test case by weight; surefire notes repeated runs of what passed or failed in the end."""
_NOT_RUN = {"disabled", "notrun", "skipped", "suppressed", "filtered", "ignored"}


def read(output: str, *, tool: str = "junit", exit_code: int | None = None) -> Report:
    """Results by test; the attributes of the suites only where no test is named."""
    root = load_xml(output)
    if local(root) not in ("testsuites", "testsuite"):
        raise UnreadableError(f"<{local(root)}> is no root of a JUnit report")
    suites, cases = _walk(root)
    leaves = [suite for suite, own in suites if own or not any(local(child) == "testsuite" for child in suite)]
    numbers = {"suites": len(leaves), "parse_errors": 0}
    if cases:
        return on_tests("junit-xml", cases, tool=tool, distinct=True, exit_code=exit_code, numbers=numbers)
    counted = _attributes([root] if root.get("tests") else [suite for suite, _ in suites])
    return on_tests("junit-xml", tool=tool, counted=counted, exit_code=exit_code, numbers=numbers)


def _walk(root: Element) -> tuple[list[tuple[Element, int]], list[Case]]:
    """All suites with the number of their own test cases, and all cases, in order."""
    suites: list[tuple[Element, int]] = []
    cases: list[Case] = []
    stack = [root]
    while stack:
        element = stack.pop()
        own = [_case(child) for child in element if local(child) == "testcase"]
        if local(element) == "testsuite":
            suites.append((element, len(own)))
        cases += own
        stack += reversed([child for child in element if local(child) in ("testsuite", "testsuites")])
    return suites, cases


def _case(element: Element) -> Case:
    names = {local(child): child for child in element}
    state, message = _state(element, names)
    group = element.get("classname") or element.get("class") or ""
    return Case(
        name=element.get("name") or "",
        group=group,
        state=state,
        message=message,
        path=element.get("file"),
        line=line_of(element.get("line")),
    )


def _state(element: Element, children: dict[str, Element]) -> tuple[State, str]:
    for name, state in _RESULTS:
        if name in children:
            child = children[name]
            message = "\n".join(part for part in (child.get("message"), child.text) if part).strip()
            if child.get("type") == "pytest.xfail":
                return "xfailed", message
            return state, message
    said = (element.get("status") or element.get("result") or "").lower()
    return ("skipped", said) if said in _NOT_RUN else ("passed", "")


def _attributes(elements: list[Element]) -> dict[str, int]:
    def total(*names: str) -> int:
        return sum(whole(element.get(name)) for element in elements for name in names)

    bad = {"failed": total("failures"), "errors": total("errors"), "skipped": total("skipped", "disabled", "skips")}
    return {**bad, "passed": max(0, total("tests") - sum(bad.values()))}
