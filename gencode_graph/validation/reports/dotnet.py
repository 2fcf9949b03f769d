"""Tests of .NET as XML: NUnit 2 and 3, xUnit 1 and 2, and Visual Studio's TRX."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gencode_graph.validation.reports.guarded import UnreadableError, load_xml, local
from gencode_graph.validation.reports.report import Case, Report, State, on_tests

_NOT_RUN = {"skipped", "ignored", "notrunnable", "inconclusive"}


def read_nunit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``TestResult.xml`` of NUnit 2 and 3; a suite counts when it has test cases, or nothing in it."""
    root = load_xml(output)
    if local(root) not in ("test-run", "test-results", "test-suite"):
        raise UnreadableError(f"<{local(root)}> is no root of an NUnit report")
    cases: list[Case] = []
    suites = 0
    stack = [root]
    while stack:
        element = stack.pop()
        held = [inner for child in element for inner in (child if local(child) == "results" else (child,))]
        own = [_nunit_case(child) for child in held if local(child) == "test-case"]
        inner = [child for child in held if local(child) == "test-suite"]
        suites += local(element) == "test-suite" and bool(own or not inner)
        cases += own
        stack += reversed(inner)
    numbers = {"suites": suites, "parse_errors": 0}
    return on_tests("nunit-xml", cases, tool=tool, distinct=True, exit_code=exit_code, numbers=numbers)


def _nunit_case(element: Element) -> Case:
    failure = _child(element, "failure")
    result = (element.get("result") or "").lower()
    state: State = "passed"
    if failure is not None or result in ("failed", "failure", "error") or _is(element, "success", "false"):
        state = "error" if result == "error" else "failed"
    if failure is None and (
        _is(element, "executed", "false") or {result, (element.get("runstate") or "").lower()} & _NOT_RUN
    ):
        state = "skipped"
    message = "" if failure is None else _said(failure)
    return Case(name=element.get("name") or "", group=element.get("classname") or "", state=state, message=message)


def read_xunit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """xUnit.net 1 and 2; what failed outside of a test (``errors``) is a suite that failed."""
    root = load_xml(output)
    assemblies = [root] if local(root) == "assembly" else [child for child in root if local(child) == "assembly"]
    if local(root) not in ("assembly", "assemblies"):
        raise UnreadableError(f"<{local(root)}> is no root of an xUnit report")
    cases: list[Case] = []
    broken: dict[str, str] = {}
    suites = 0
    for assembly in assemblies:
        suites += max(1, sum(local(child) == "collection" for child in assembly))
        cases += [_xunit_case(test) for test in assembly.iter() if local(test) == "test"]
        for error in (one for one in assembly.iter() if local(one) == "error"):
            broken[f"{assembly.get('name')}: {error.get('type')} {error.get('name') or ''}".strip()] = _said(error)
    return on_tests(
        "xunit-xml",
        cases,
        tool=tool,
        distinct=True,
        exit_code=exit_code,
        suites_failed=broken,
        numbers={"suites": suites, "parse_errors": 0},
    )


def _xunit_case(element: Element) -> Case:
    failure = _child(element, "failure")
    result = (element.get("result") or "").lower()
    state: State = "passed"
    if failure is not None or result.startswith("fail"):
        state = "failed"
    elif result.startswith("skip") or result == "notrun" or _child(element, "reason") is not None:
        state = "skipped"
    name = element.get("method") or element.get("name") or ""
    message = "" if failure is None else _said(failure)
    return Case(name=name, group=element.get("type") or "", state=state, message=message)


_TRX: dict[str, State] = {
    "passed": "passed", "passedbutrunaborted": "passed", "warning": "passed", "completed": "passed",
    "failed": "failed", "error": "error", "": "error", "timeout": "error", "aborted": "error", "disconnected": "error",
}  # fmt: skip


def read_trx(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``dotnet test --logger trx``, all versions of its name space; a result without an outcome is an error."""
    root = load_xml(output)
    if local(root) != "TestRun":
        raise UnreadableError(f"<{local(root)}> is no root of a TRX report")
    classes: dict[str, str] = {}
    for element in root.iter():
        method = _child(element, "TestMethod") if local(element) == "UnitTest" else None
        if method is not None:
            classes[element.get("id") or ""] = (method.get("className") or "").partition(",")[0]
    cases = [
        Case(
            name=element.get("testName") or "",
            group=classes.get(element.get("testId") or "", ""),
            state=_TRX.get((element.get("outcome") or "").lower(), "skipped"),
            message="\n".join(
                text for part in element.iter() if local(part) == "ErrorInfo" for text in part.itertext()
            ),
        )
        for element in root.iter()
        if local(element) == "UnitTestResult"
    ]
    numbers = {"suites": 1, "parse_errors": 0}
    return on_tests("trx", cases, tool=tool, distinct=True, exit_code=exit_code, numbers=numbers)


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child) == name), None)


def _is(element: Element, name: str, value: str) -> bool:
    return (element.get(name) or "").lower() == value


def _said(element: Element) -> str:
    return "".join(element.itertext()).strip()
