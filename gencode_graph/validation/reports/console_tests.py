"""What test runners of Python and JavaScript write on the console; machine-readable reporters are better."""

from __future__ import annotations

import re

from gencode_graph.validation.reports.guarded import console, whole
from gencode_graph.validation.reports.report import Report, not_run, on_tests

_UNITTEST = re.compile(r"^Ran (\d+) tests? in [^\n]*\n\s*(OK|FAILED|NO TESTS RAN)?(?: \(([^)\n]*)\))?", re.MULTILINE)
_PAIR = re.compile(r"([a-z ]+)=(\d+)")
_JEST = re.compile(r"^(Test Suites|Tests): +((?:\d+ \w+, )*\d+ total)$", re.MULTILINE)
_VITEST = re.compile(
    r"^ *(Test Files|Tests|Errors) +((?:\d+ [a-z ]+?(?: \| )?)+|no tests)(?: \((\d+)\))?$", re.MULTILINE
)
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|todo|total|expected fail|pending|obsolete|errors?)")
_MOCHA = re.compile(r"^ +(\d+) passing\b[^\n]*(?:\n +(\d+) pending)?(?:\n +(\d+) failing)?", re.MULTILINE)
_NODE = re.compile(r"^(?:\S|#) (tests|suites|pass|fail|cancelled|skipped|todo) (\d+)$", re.MULTILINE)
_PLAYWRIGHT = re.compile(r"^ {2}(\d+) (passed|failed|flaky|skipped|interrupted|did not run)\b[^\n]*$")
_PLAYWRIGHT_ERROR = re.compile(r"^ {2}(\d+) errors? (?:was|were) not a part of any test", re.MULTILINE)


def read_unittest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``python -m unittest``; a module that cannot be loaded counts as a test with an error."""
    text = console(output)
    found = list(_UNITTEST.finditer(text))
    if not found:
        return _silent("unittest-text", text)
    more = {name.strip(): whole(number) for name, number in _PAIR.findall(found[-1][3] or "")}
    counted = {
        "failed": more.get("failures", 0), "errors": more.get("errors", 0), "skipped": more.get("skipped", 0),
        "xfailed": more.get("expected failures", 0), "xpassed": more.get("unexpected successes", 0),
    }  # fmt: skip
    counted["passed"] = max(0, whole(found[-1][1]) - sum(counted.values()))
    return on_tests("unittest-text", tool=tool, counted=counted, exit_code=exit_code)


def read_jest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """jest; a suite that failed without a failed test could not be loaded."""
    text = console(output)
    lines = {match[1]: _counts(match[2]) for match in _JEST.finditer(text)}
    return _with_suites("jest-text", text, lines.get("Tests"), lines.get("Test Suites"), tool, exit_code)


def read_vitest(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """vitest; as jest, and what failed outside of all tests is an error."""
    text = console(output)
    lines = {match[1]: _counts(match[2]) for match in _VITEST.finditer(text)}
    files = lines.get("Test Files")
    if files is not None:
        files["total"] = sum(files.values())
    tests = lines.get("Tests", {} if files else None)
    if tests is not None:
        tests["errors"] = lines.get("Errors", {}).get("errors", 0)
    return _with_suites("vitest-text", text, tests, files, tool, exit_code)


def _counts(said: str) -> dict[str, int]:
    names = {"expected fail": "xfailed", "pending": "skipped", "error": "errors"}
    return {names.get(name, name): whole(number) for number, name in _COUNT.findall(said)}


def _with_suites(
    format_: str,
    text: str,
    counted: dict[str, int] | None,
    suites: dict[str, int] | None,
    tool: str,
    exit_code: int | None,
) -> Report:
    if counted is None or suites is None:
        return _silent(format_, text)
    numbers = {"suites": suites.get("total", 0), "suites_failed": suites.get("failed", 0)}
    return on_tests(format_, tool=tool, counted=counted, exit_code=exit_code, numbers=numbers)


def read_mocha(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """mocha's spec, dot and min."""
    text = console(output)
    found = list(_MOCHA.finditer(text))
    if not found:
        return _silent("mocha-text", text)
    passed, pending, failed = (whole(group or 0) for group in found[-1].groups())
    counted = {"passed": passed, "skipped": pending, "failed": failed}
    return on_tests("mocha-text", tool=tool, counted=counted, exit_code=exit_code)


def read_node(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``node --test``, any reporter that ends with the sums; a cancelled test is an error."""
    text = console(output)
    said = {match[1]: whole(match[2]) for match in _NODE.finditer(text)}
    if "tests" not in said:
        return _silent("node-text", text)
    names = {"pass": "passed", "fail": "failed", "cancelled": "errors", "skipped": "skipped", "todo": "todo"}
    counted = {ours: said.get(theirs, 0) for theirs, ours in names.items()}
    return on_tests("node-text", tool=tool, counted=counted, exit_code=exit_code)


def read_playwright(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Playwright's list, line and dot: the block of sums at the end."""
    text = console(output)
    names = {"interrupted": "errors", "did not run": "skipped"}
    counted: dict[str, int] = {}
    for line in reversed(text.rstrip().split("\n")):
        if match := _PLAYWRIGHT.match(line):
            name = names.get(match[2], match[2])
            counted[name] = counted.get(name, 0) + whole(match[1])
        elif counted and line.strip() and not line.startswith("    "):
            break
    outside = _PLAYWRIGHT_ERROR.search(text)
    if not counted and not outside:
        return _silent("playwright-text", text)
    numbers = {"suites_failed": whole(outside[1]) if outside else 0}
    return on_tests("playwright-text", tool=tool, counted=counted, exit_code=exit_code, numbers=numbers)


def _silent(format_: str, text: str) -> Report:
    return not_run("tests", format_, text)
