"""The backend's own tests, and an API fuzzer against the contract; judged by JUnit XML, not by the exit code alone."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict

FUZZER = "tests/test_contract.py"


async def backend_tests(task: Task, draft: Draft, services: Services) -> Verdict:
    """pytest over everything but the fuzzer."""
    argv = ("--ignore", FUZZER, "-p", "no:schemathesis", "-p", "no:hypothesispytest")
    return await _pytest("backend_tests", argv, task, services)


async def api_fuzzed(task: Task, draft: Draft, services: Services) -> Verdict:
    """schemathesis: no 5xx, and no answer off its schema."""
    return await _pytest("contract", (FUZZER,), task, services)


async def _pytest(name: str, arguments: tuple[str, ...], task: Task, services: Services) -> Verdict:
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    report = f"backend/.{name}.xml"
    command = Command(
        argv=(
            ".venv/bin/python",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junit-xml=.{name}.xml",
            *arguments,
        ),
        cwd="backend",
        env={"CONTRACT_EXAMPLES": str(services.settings.contract_examples)},
        timeout=services.settings.tool_timeout,
    )
    result = await services.sandbox.run(command)
    made = await services.sandbox.collect([report])
    if report not in made:
        return Verdict(findings=(Finding(rule="pytest/not-run", message=_tail(result), path="backend/tests"),))
    return _read(name, made[report], result)


def _read(name: str, report: bytes, result: Result) -> Verdict:
    cases = list(ElementTree.fromstring(report).iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    findings = [_finding(case) for case in failed]
    if not cases or (result.verdict != "ok" and not failed):
        findings.append(Finding(rule="pytest/not-run", message=_tail(result), path="backend/tests"))
    figures = {"passed": len(cases) - len(failed) - skipped, "failed": len(failed), "skipped": skipped}
    return Verdict(findings=tuple(findings), figures={name: figures})


def _finding(case: Element) -> Finding:
    problems = [*case.iter("failure"), *case.iter("error")]
    message = "\n".join(f"{p.get('message') or ''}\n{p.text or ''}" for p in problems).strip()
    module = case.get("classname", "").replace(".", "/")
    return Finding(rule="pytest/failed", message=f"{case.get('name')}: {message[-1500:]}", path=f"backend/{module}.py")


def _tail(result: Result) -> str:
    return f"pytest ended with {result.verdict} and wrote no results: {result.output[-1500:]}"
