"""What test runners of compiled and other languages write on the console; code that does not compile ran no test."""

from __future__ import annotations

import re
from collections import Counter

from gencode_graph.validation.reports.guarded import console, whole
from gencode_graph.validation.reports.report import Case, Report, State, not_run, on_tests

_MAVEN = re.compile(
    r"^(?:\[\w+\] )?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(?:, Flakes: (\d+))?"
    r"(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_JUNIT_BAD = re.compile(r"^Tests run: (\d+),  Failures: (\d+)$", re.MULTILINE)
_JUNIT_OK = re.compile(r"^OK \((\d+) tests?\)$", re.MULTILINE)
_LAUNCHER = re.compile(r"^\[ +(\d+) tests (successful|failed|skipped|aborted) +\]$", re.MULTILINE)
_GRADLE = re.compile(r"^(\d+) tests? completed((?:, \d+ \w+)*)", re.MULTILINE)
_GRADLE_LINE = re.compile(r"^(\S.*) > (.+) (PASSED|FAILED|SKIPPED)$", re.MULTILINE)
_CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", re.MULTILINE)
_CARGO_LINE = re.compile(r"^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b", re.MULTILINE)
_NEXTEST = re.compile(r"^ +Summary \[[^\]\n]*\] +\d+ tests? run: ([^\n]*)$", re.MULTILINE)
_DOTNET = re.compile(r"- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+), Total: +(\d+)")
_DOTNET_LONG = re.compile(
    r"^Total tests: \d+[ \t]*(?:\n +Passed: (\d+))?(?:\n +Failed: (\d+))?(?:\n +Skipped: (\d+))?", re.MULTILINE
)
_DOTNET_NEW = re.compile(
    r"total: (\d+),? *\n? *failed: (\d+),? *\n? *succeeded: (\d+),? *\n? *skipped: (\d+)", re.IGNORECASE
)
_NUNIT2 = re.compile(
    r"^Tests run: (\d+), Errors: (\d+), Failures: (\d+), Inconclusive: (\d+)[^\n]*(?:\n +Not run: (\d+))?", re.MULTILINE
)
_NUNIT3 = re.compile(
    r"Test Count: (\d+), (?:Pass(?:ed)?: (\d+), )?(?:Fail(?:ed|ures)?: (\d+), )?(?:Warnings: (\d+), )?"
    r"Inconclusive: (\d+), Skipped: (\d+)"
)
_NUNIT3_ERRORS = re.compile(r"Failed Tests - Failures: \d+, Errors: (\d+), Invalid: (\d+)")
_PHPUNIT_OK = re.compile(r"^OK \((\d+) tests?, ", re.MULTILINE)
_PHPUNIT = re.compile(r"^Tests: (\d+), ([^\n]*)\.$", re.MULTILINE)
_RSPEC = re.compile(
    r"^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?(?:, (\d+) errors? occurred outside of examples)?",
    re.MULTILINE,
)
_GO_LINE = re.compile(r"^ *--- (PASS|FAIL|SKIP): (\S+)", re.MULTILINE)
_GO_UNTESTED = re.compile(r"\[no test files\]|^[ \t]+\S+/\S+[ \t]+coverage: 0\.0%", re.MULTILINE)
_GO_PACKAGE = re.compile(r"^(ok|FAIL)[ \t]+(\S+)[ \t]+([^\n]*)$", re.MULTILINE)
_STATES: dict[str, State] = {
    "PASSED": "passed", "PASS": "passed", "ok": "passed", "FAILED": "failed", "FAIL": "failed", "SKIPPED": "skipped",
    "SKIP": "skipped", "ignored": "skipped",
}  # fmt: skip


def read_maven(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """surefire and failsafe: the sums of all modules, or else the lines of their classes."""
    text = console(output)
    rows = [(match, "Time elapsed" in match["rest"] or " - in " in match["rest"]) for match in _MAVEN.finditer(text)]
    sums = [match for match, one_class in rows if not one_class] or [match for match, _ in rows]
    if not sums:
        return not_run("tests", "maven-text", text.strip())
    run, failed, errors, skipped, flaky = (sum(whole(match[place] or 0) for match in sums) for place in range(1, 6))
    counted = {"failed": failed, "errors": errors, "skipped": skipped, "flaky": flaky}
    counted["passed"] = max(0, run - sum(counted.values()))
    return on_tests("maven-text", tool=tool, counted=counted, exit_code=exit_code)


def read_gradle(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Gradle, which counts only where a test failed; otherwise the results it was told to log."""
    text = console(output)
    cases = [Case(name=m[2], group=m[1], state=_STATES[m[3]]) for m in _GRADLE_LINE.finditer(text)]
    sums = list(_GRADLE.finditer(text))
    if not sums and not cases:
        return not_run("tests", "gradle-text", text.strip())
    counted = None
    if sums:
        more = [re.findall(r"(\d+) (\w+)", match[2]) for match in sums]
        count = Counter(
            {name: sum(whole(n) for each in more for n, word in each if word == name) for name in ("failed", "skipped")}
        )
        passed = sum(whole(match[1]) for match in sums) - count["failed"] - count["skipped"]
        counted = {**count, "passed": max(0, passed)}
    return on_tests("gradle-text", cases, tool=tool, counted=counted, exit_code=exit_code)


def read_cargo(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``cargo test``, a sum for each crate and for its documentation; ``cargo nextest``."""
    text = console(output)
    sums = list(_CARGO.finditer(text))
    if sums:
        passed, failed, ignored = (sum(whole(match[place]) for match in sums) for place in (1, 2, 3))
        counted = {"passed": passed, "failed": failed, "skipped": ignored}
    elif nextest := list(_NEXTEST.finditer(text)):
        said = {
            word: whole(number)
            for number, word in re.findall(r"(\d+) (passed|failed|skipped|timed out|flaky)", nextest[-1][1])
        }
        counted = {name: said.get(name, 0) for name in ("passed", "failed", "skipped")} | {
            "errors": said.get("timed out", 0)
        }
    else:
        return not_run("tests", "cargo-text", text.strip())
    cases = [Case(name=match[1], state=_STATES[match[2]]) for match in _CARGO_LINE.finditer(text)]
    return on_tests("cargo-text", cases, tool=tool, counted=counted, exit_code=exit_code)


def read_dotnet(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``dotnet test``: a line for each assembly, or the sums of the longer forms."""
    text = console(output)
    counted = {"passed": 0, "failed": 0, "skipped": 0}
    for match in _DOTNET.finditer(text):
        for name, group in (("failed", 1), ("passed", 2), ("skipped", 3)):
            counted[name] += whole(match[group])
    if not any(counted.values()):
        for match in _DOTNET_LONG.finditer(text):
            for name, group in (("passed", 1), ("failed", 2), ("skipped", 3)):
                counted[name] += whole(match[group] or 0)
    if not any(counted.values()) and (found := _DOTNET_NEW.search(text)):
        counted = {"failed": whole(found[2]), "passed": whole(found[3]), "skipped": whole(found[4])}
    if not any(counted.values()):
        return not_run("tests", "dotnet-text", text.strip())
    return on_tests("dotnet-text", tool=tool, counted=counted, exit_code=exit_code)


def read_junit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """JUnit's own runners: ``JUnitCore`` of 4, which counts errors as failures, and the launcher of 5."""
    text = console(output)
    if found := {name: whole(number) for number, name in _LAUNCHER.findall(text)}:
        counted = {"passed": found.get("successful", 0), "failed": found.get("failed", 0)}
        counted |= {"skipped": found.get("skipped", 0), "errors": found.get("aborted", 0)}
    elif match := _JUNIT_BAD.search(text):
        counted = {"failed": whole(match[2]), "passed": max(0, whole(match[1]) - whole(match[2]))}
    elif match := _JUNIT_OK.search(text):
        counted = {"passed": whole(match[1])}
    else:
        return not_run("tests", "junit-text", text)
    return on_tests("junit-text", tool=tool, counted=counted, exit_code=exit_code)


def read_nunit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """The console of NUnit 2 and 3; NUnit 2 leaves what was not run out of its total."""
    text = console(output)
    if match := _NUNIT2.search(text):
        run, errors, failed, inconclusive, left_out = (whole(group or 0) for group in match.groups())
        counted = {"errors": errors, "failed": failed, "skipped": left_out + inconclusive}
        counted["passed"] = max(0, run - errors - failed - inconclusive)
    elif match := _NUNIT3.search(text):
        total, passed, failed, warnings, inconclusive, skipped = (whole(group or 0) for group in match.groups())
        said = _NUNIT3_ERRORS.search(text)
        errors = whole(said[1]) if said else 0
        counted = {"errors": errors, "failed": max(0, failed - errors), "skipped": skipped + inconclusive}
        counted["passed"] = passed + warnings if match[2] else max(0, total - failed - skipped - inconclusive)
    else:
        return not_run("tests", "nunit-text", text.strip())
    return on_tests("nunit-text", tool=tool, counted=counted, exit_code=exit_code)


def read_phpunit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """PHPUnit; incomplete tests are skipped, risky ones passed."""
    text = console(output)
    if found := list(_PHPUNIT.finditer(text)):
        said = {name: whole(number) for name, number in re.findall(r"([A-Z][\w ]*): (\d+)", found[-1][2])}
        counted = {"failed": said.get("Failures", 0), "errors": said.get("Errors", 0)}
        counted["skipped"] = said.get("Skipped", 0) + said.get("Incomplete", 0)
        counted["passed"] = max(0, whole(found[-1][1]) - sum(counted.values()))
    elif match := _PHPUNIT_OK.search(text):
        counted = {"passed": whole(match[1])}
    else:
        return not_run("tests", "phpunit-text", text.strip())
    return on_tests("phpunit-text", tool=tool, counted=counted, exit_code=exit_code)


def read_rspec(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """RSpec; an error outside of the examples is a file that could not be loaded."""
    text = console(output)
    found = list(_RSPEC.finditer(text))
    if not found:
        return not_run("tests", "rspec-text", text.strip())
    examples, failed, pending, outside = (whole(group or 0) for group in found[-1].groups())
    counted = {"failed": failed, "skipped": pending, "passed": max(0, examples - failed - pending)}
    return on_tests("rspec-text", tool=tool, counted=counted, exit_code=exit_code, numbers={"suites_failed": outside})


def read_go(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``go test -v``; without ``-v`` what passed is not written, so packages that passed count as one each."""
    text = console(output)
    cases = [Case(name=match[2], state=_STATES[match[1]]) for match in _GO_LINE.finditer(text)]
    packages = {match[2]: (match[1], match[3]) for match in _GO_PACKAGE.finditer(text)}
    broken = {name: rest for name, (how, rest) in packages.items() if how == "FAIL" and rest.startswith("[")}
    passed = [name for name, (how, rest) in packages.items() if how == "ok" and "[no tests" not in rest]
    if not any(case.state == "passed" for case in cases):
        cases += [Case(name=name, state="passed") for name in passed]
    failed = sum(how == "FAIL" for how, _ in packages.values())
    numbers = {
        "suites": len(packages), "suites_failed": failed, "build_failed": len(broken),
        "packages_ok": sum(how == "ok" for how, _ in packages.values()), "packages_failed": failed,
        "packages_no_tests": len(_GO_UNTESTED.findall(text)),
    }  # fmt: skip
    if not cases and not broken:
        return not_run("tests", "go-text", text)
    return on_tests("go-text", cases, tool=tool, exit_code=exit_code, suites_failed=broken, numbers=numbers)
