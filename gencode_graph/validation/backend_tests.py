"""The backend's own tests, and an API fuzzer against the contract; judged by JUnit XML, not by the exit code alone."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict

REPORT = ".pytest.xml"
FUZZER = "tests.test_contract"


async def backend_tests(task: Task, draft: Draft, services: Services) -> Verdict:
    """pytest over the app's tests and schemathesis over its API: no 5xx, and no answer off its schema.

    One process for both: what they import costs more than many of the tests.
    """
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    command = Command(
        argv=(".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={REPORT}"),
        cwd="backend",
        env={"CONTRACT_EXAMPLES": str(services.settings.contract_examples)},
        timeout=services.settings.tool_timeout,
    )
    result = await services.sandbox.run(command)
    made = await services.sandbox.collect([f"backend/{REPORT}"])
    if not made:
        return Verdict(findings=(Finding(rule="pytest/not-run", message=_tail(result), path="backend/tests"),))
    return read(made[f"backend/{REPORT}"], result)


def read(report: bytes, result: Result) -> Verdict:
    """What a JUnit report says; the exit code can only make it worse."""
    cases = list(ElementTree.fromstring(report).iter("testcase"))
    fuzzed = [case for case in cases if case.get("classname", "").startswith(FUZZER)]
    own = [case for case in cases if case not in fuzzed]
    findings = [_finding(case) for case in cases if _failed(case)]
    if not own or not fuzzed or (result.verdict != "ok" and not findings):
        findings.append(Finding(rule="pytest/not-run", message=_tail(result), path="backend/tests"))
    return Verdict(findings=tuple(findings), figures={"backend_tests": _counts(own), "contract": _counts(fuzzed)})


def _counts(cases: list[Element]) -> dict[str, int]:
    failed = sum(_failed(case) for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return {"passed": len(cases) - failed - skipped, "failed": failed, "skipped": skipped}


def _failed(case: Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None


def _finding(case: Element) -> Finding:
    problems = [*case.iter("failure"), *case.iter("error")]
    message = "\n".join(f"{p.get('message') or ''}\n{p.text or ''}" for p in problems).strip()
    module = case.get("classname", "").replace(".", "/")
    return Finding(rule="pytest/failed", message=f"{case.get('name')}: {message[-1500:]}", path=f"backend/{module}.py")


def _tail(result: Result) -> str:
    return f"pytest ended with {result.verdict}, and not all tests have results: {result.output[-1500:]}"
