"""The backend's own tests, and an API fuzzer against the contract; judged by results, never by the exit code alone.

They run on a fresh copy of the app in a folder with a name of its own, so that no earlier program left a report, a
configuration or a compiled module there. Which tests must have results is known before; what they were is read off
JUnit XML; and the files that decided are compared with what was put.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Iterable, Mapping

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict
from gencode_graph.validation.expected_tests import expected
from gencode_graph.validation.interpreter import interpreter, replaced
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.reports import Case, read_report

ROOM = ".checks"
"""Folder of the fresh copies."""
FUZZER = "tests.test_contract"
SETTINGS = "backend/pyproject.toml"
FAILED = ("failed", "error")
LEFT_OUT = ("skipped", "xfailed")
"""A test that is marked as failing has shown nothing."""
DECIDE = ("backend/tests/", SETTINGS)
"""What decides how the tests end, besides the app."""


async def backend_tests(task: Task, draft: Draft, services: Services) -> Verdict:
    """pytest over the app's tests and schemathesis over its API: no 5xx, and no answer off its schema.

    One process for both: what they import costs more than many of the tests.
    """
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    tree = await asyncio.to_thread(services.workspace.read, task.tree)
    files = {path: content for path, content in tree.items() if path.startswith(("backend/", "openapi.json"))}
    nonce = secrets.token_hex(8)
    room = f"{ROOM}/{nonce}"
    copy = {f"{room}/{path}": content for path, content in files.items()}
    await services.sandbox.put(copy, owned=(f"{ROOM}/",), origin=services.origin)
    python = await interpreter(services.sandbox, f"{room}/backend")
    if not python:
        return Verdict(findings=(replaced(),))
    report = f"report-{nonce}.xml"
    settings = ("-c", "pyproject.toml", "--rootdir=.", "-o", "addopts=") if SETTINGS in files else ()
    command = Command(
        argv=(
            python,
            "-I",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            *settings,
            f"--junit-xml={report}",
            "tests",
        ),
        cwd=f"{room}/backend",
        env={"CONTRACT_EXAMPLES": str(services.settings.contract_examples)},
        timeout=services.settings.tool_timeout,
    )
    result = await services.sandbox.run(command)
    decided = [f"{room}/{path}".rstrip("/") for path in DECIDE]
    made = await services.sandbox.collect([f"{room}/backend/{report}", *decided])
    verdict = read(made.get(f"{room}/backend/{report}"), result, expected(texts(files)), folder=f"{room}/")
    return Verdict(findings=(*verdict.findings, *_meddled(copy, made, room)), figures=verdict.figures)


def read(report: bytes | None, result: Result, wanted: Mapping[str, bool], *, folder: str = "") -> Verdict:
    """What a JUnit report says of the tests that were ``wanted`` (id -> may be skipped).

    Exit code and output can only make it worse. ``folder`` is taken out of what it says.
    """
    cases = _cases(report)
    if cases is None:
        return Verdict(findings=(_not_run(result, folder),))
    fuzzed = [case for case in cases if case.group.startswith(FUZZER)]
    own = [case for case in cases if case not in fuzzed]
    findings = [_finding(case, folder) for case in cases if case.state in FAILED]
    findings += _missing(cases, wanted)
    if not own or not fuzzed or (result.verdict != "ok" and not findings):
        findings.append(_not_run(result, folder))
    return Verdict(findings=tuple(findings), figures={"backend_tests": _counts(own), "contract": _counts(fuzzed)})


def _cases(report: bytes | None) -> tuple[Case, ...] | None:
    if report is None:
        return None
    read_out = read_report(report.decode(errors="replace"), format="junit-xml", tool="pytest")
    return None if read_out.numbers.get("parse_errors", 1) else read_out.cases


def _missing(cases: Iterable[Case], wanted: Mapping[str, bool]) -> list[Finding]:
    """Findings for tests that were to run and did not, unless they themselves say that they may be skipped."""
    ended: dict[str, bool] = {}
    for case in cases:
        name = f"{case.group}::{case.name.partition('[')[0]}"
        ended[name] = ended.get(name, False) or case.state not in LEFT_OUT
    broken = [case.name for case in cases if case.state in FAILED and not case.group]
    found = []
    for name, may_skip in wanted.items():
        module = name.partition("::")[0]
        if ended.get(name) or (may_skip and name in ended) or any(module.startswith(it) for it in broken if it):
            continue
        what = "was skipped" if name in ended else "has no result"
        found.append(Finding(rule="pytest/missing", message=f"{name} {what}", path=f"backend/{_file(module)}"))
    return found


def _file(module: str) -> str:
    """``tests.test_a.TestB`` -> ``tests/test_a.py``."""
    parts = module.split(".")
    return "/".join(part for part in parts if not part.startswith("Test")) + ".py"


def _meddled(put: Mapping[str, bytes], found: Mapping[str, bytes], room: str) -> list[Finding]:
    """Findings for files that decide, and are not what they were before the run."""
    before = {path: content for path, content in put.items() if path.startswith(tuple(f"{room}/{it}" for it in DECIDE))}
    after = {
        path: content for path, content in found.items() if path.startswith(tuple(f"{room}/{it}" for it in DECIDE))
    }
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    return [
        Finding(
            rule="tests/meddled",
            message=f"{path.removeprefix(f'{room}/')} was changed by what was tested",
            path=path.removeprefix(f"{room}/"),
            hint="write nothing into the tests' folder while they run",
        )
        for path in changed
    ]


def _counts(cases: Collection[Case]) -> dict[str, int]:
    failed = sum(case.state in FAILED for case in cases)
    skipped = sum(case.state in LEFT_OUT for case in cases)
    return {"passed": len(cases) - failed - skipped, "failed": failed, "skipped": skipped}


def _finding(case: Case, folder: str) -> Finding:
    message = case.message.replace(folder, "")[-1500:]
    return Finding(
        rule="pytest/failed", message=f"{case.name}: {message}", path=f"backend/{case.group.replace('.', '/')}.py"
    )


def _not_run(result: Result, folder: str) -> Finding:
    said = f"pytest ended with {result.verdict}, and not all tests have results: {result.output[-1500:]}"
    return Finding(rule="pytest/not-run", message=said.replace(folder, ""), path="backend/tests")
