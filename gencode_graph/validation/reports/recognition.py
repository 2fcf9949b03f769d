"""Which format an output has: by its root or keys where it is data, by its tool or its wording where it is text."""

from __future__ import annotations

import re
from typing import Any

from gencode_graph.validation.reports.formats import FORMATS
from gencode_graph.validation.reports.guarded import UnreadableError, console, load_json, mapping, plain
from gencode_graph.validation.reports.report import Kind

_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^>]{0,4000})")
_ROOTS = {
    "testsuites": "junit-xml", "testsuite": "junit-xml", "test-run": "nunit-xml", "test-results": "nunit2-xml",
    "test-suite": "nunit-xml", "assemblies": "xunit-xml", "assembly": "xunit-xml", "TestRun": "trx",
    "report": "jacoco-xml", "checkstyle": "checkstyle-xml", "pmd": "pmd-xml", "BugCollection": "spotbugs-xml",
}  # fmt: skip
_LINTERS = ("ruff", "bandit", "mypy", "eslint", "pylint", "flake8", "stylelint", "org.eslint")
_LINT_SUITE = re.compile(r'<testsuite\b[^>]{0,2000}\bname=["\'](?:ruff|bandit|mypy)["\']')
_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("numTotalTests", "testResults"), "jest-json"), (("config", "suites", "stats"), "playwright-json"),
    (("stats", "tests", "failures"), "mocha-json"), (("exitcode", "summary", "root"), "pytest-json-report"),
    (("examples", "summary_line"), "rspec-json"), (("runs", "version"), "sarif"), (("runs", "$schema"), "sarif"),
    (("generalDiagnostics",), "pyright-json"), (("diagnostics", "summary"), "biome-json"),
    (("results", "metrics", "generated_at"), "bandit-json"), (("results", "errors", "paths"), "semgrep-json"),
    (("Issues", "Stats"), "gosec-json"), (("Issues", "Report"), "golangci-json"),
    (("files", "summary", "metadata"), "rubocop-json"),
    (("diagnostics",), "rdjson"), (("results", "generated_at"), "bandit-json"),
    (("messages", "statistics"), "pylint-json"),
    (("files", "totals"), "coverage-json"), (("auditReportVersion",), "npm-audit-json"),
    (("advisories",), "npm-audit-json"),
    (("database", "vulnerabilities"), "cargo-audit-json"), (("dependencies", "fixes"), "pip-audit-json"),
    (("results", "experimental_config"), "osv-json"), (("message", "error", "method", "uri"), "npm-audit-json"),
)  # fmt: skip
_LINE_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("protocolVersion", "runnerVersion"), "dart-json"), (("Action", "Package"), "go-test-json"),
    (("ImportPath", "Action"), "go-test-json"), (("file", "line", "severity", "message"), "mypy-json"),
    (("$report_type",), "pytest-reportlog"), (("type", "event"), "cargo-json"), (("type", "data"), "yarn-audit-json"),
    (("reason", "package_id"), "clippy-json"),
)  # fmt: skip
_ITEM_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("filePath", "messages"), "eslint-json"), (("source", "warnings"), "stylelint-json"),
    (("check_name", "fingerprint"), "gitlab-json"), (("message-id",), "pylint-json"),
    (("code", "filename"), "ruff-json"),
    (("name", "vulns"), "pip-audit-json"), (("Name", "License"), "pip-licenses-json"),
    (("name", "latest_version"), "pip-outdated-json"),
)  # fmt: skip
_TOOLS = {
    "pytest": "pytest-text", "unittest": "unittest-text", "jest": "jest-text", "vitest": "vitest-text",
    "mocha": "mocha-text", "node": "node-text", "playwright": "playwright-text", "maven": "maven-text",
    "mvn": "maven-text",
    "gradle": "gradle-text", "cargo": "cargo-text", "dotnet": "dotnet-text", "nunit-console": "nunit-text",
    "nunit": "nunit-text",
    "pip": "dependencies-text", "junit": "junit-text", "phpunit": "phpunit-text", "rspec": "rspec-text",
    "go": "go-text", "coverage.py": "coverage-text",
    "coverage": "coverage-text",
    "istanbul": "istanbul-text", "nyc": "istanbul-text", "c8": "istanbul-text", "ruff": "ruff-text",
    "flake8": "flake8-text",
    "pycodestyle": "flake8-text", "pyflakes": "flake8-text", "pylint": "pylint-text", "eslint": "eslint-text",
    "black": "format-text",
    "isort": "format-text", "prettier": "format-text", "bandit": "bandit-text", "mypy": "mypy-text",
    "pyright": "pyright-text",
    "basedpyright": "pyright-text", "tsc": "tsc-text", "npm": "audit-text", "pnpm": "audit-text", "yarn": "audit-text",
    "pip-audit": "audit-text",
}  # fmt: skip
_COVERAGE = {"jest": "istanbul-text", "vitest": "istanbul-text", "go": "go-cover-text", "pytest": "coverage-text"}
_SIGNS: tuple[tuple[str, str], ...] = (
    (r"^TAP version 1[34]\b|^1\.\.\d+(?: +#.*)?$", "tap"),
    (r"\A\s*(?:TN:[^\n]*\n)?SF:.+$", "lcov"),
    (r"\A\s*mode: (?:set|count|atomic)$", "go-coverprofile"),
    (r"^::(?:error|warning|notice) [^\n]*file=", "github"),
    (r"^##vso\[task\.logissue ", "azure"),
    (r"^total:[ \t]+\(statements\)[ \t]+[\d.]+%$", "go-func-text"),
)
"""What decides whichever tool wrote it: a form, not a wording."""
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"^=+ test session starts =+$|^=+ .*\bin \d[\d.]*s\b.*=+$", "pytest-text"),
    (r"^\d+ (?:passed|failed|errors?|skipped)\b.* in [\d.]+s\b|^no tests ran in ", "pytest-text"),
    (r"^Ran \d+ tests? in [\d.]+s$", "unittest-text"),
    (r"^Tests: +(?:\d+ \w+, )*\d+ total$", "jest-text"),
    (r"^ *Test Files +.*\(\d+\)$", "vitest-text"),
    (r"^Running \d+ tests? using \d+ workers?", "playwright-text"),
    (r"^. tests \d+\n. suites \d+", "node-text"),
    (r"^ +\d+ passing\b", "mocha-text"),
    (r"Tests run: \d+, Failures: \d+, Errors: \d+", "maven-text"),
    (r"^Tests run: \d+, Errors: \d+, Failures: \d+|^ *Test Count: \d+, ", "nunit-text"),
    (r"^test result: (?:ok|FAILED)\.", "cargo-text"),
    (r"^(?:Passed|Failed)! +- Failed: |^Total tests: \d+|^Test summary: total: ", "dotnet-text"),
    (r"^\d+ examples?, \d+ failures?", "rspec-text"),
    (r"^ +Summary \[.*tests? run: ", "cargo-text"),
    (r"^Tests: \d+, Assertions: |^PHPUnit \d|^OK \(\d+ tests?, \d+ assertions?\)", "phpunit-text"),
    (r"^(?:ok  |FAIL|---? (?:FAIL|PASS))[\t :]", "go-text"),
    (r"^> Task :\S*[tT]est\b|^\d+ tests? completed", "gradle-text"),
    (r"^\|? ?Name +\|? *Stmts ", "coverage-text"),
    (r"^File +\| +% Stmts", "istanbul-text"),
    (r"error TS\d+:", "tsc-text"),
    (
        r"^\S.*:\d+: error: .*\[[\w-]+\]$|^Success: no issues found in|^Found \d+ errors? in \d+ files? \(checked",
        "mypy-text",
    ),
    (r"^\d+ errors?, \d+ warnings?, \d+ (?:notes?|informations?)", "pyright-text"),
    (r"^\*{13} Module |^Your code has been rated", "pylint-text"),
    (r"^OK \(\d+ tests?\)$|^Tests run: \d+,  Failures: |^\[ +\d+ tests found +\]$", "junit-text"),
    (r"No broken requirements found", "dependencies-text"),
    (r"^(?:All checks passed!|Found \d+ errors?\.)|^ +--> .*:\d+:\d+$", "ruff-text"),
    (
        r"^would reformat |^Would reformat: |files? would be (?:reformatted|left unchanged)|Code style issues",
        "format-text",
    ),
    (r"^.? ?\d+ problems? \(\d+ errors?, \d+ warnings?\)", "eslint-text"),
    (r"^>> Issue: \[|^Test results:$", "bandit-text"),
    (r"^\S.*:\d+:\d+: [A-Z]+\d+ ", "flake8-text"),
    (r"\d+ (?:\w+ severity )?vulnerabilit|known vulnerabilit|npm (?:ERR!|error) audit|audit endpoint", "audit-text"),
)
_FORMS = tuple((re.compile(pattern, re.MULTILINE), name) for pattern, name in _SIGNS)
_WORDINGS = tuple((re.compile(pattern, re.MULTILINE), name) for pattern, name in _TEXTS)
_DEPENDENCIES = re.compile(
    r"^Package +Current +Wanted|^npm (?:ERR!|error) (?:missing|invalid|extraneous):", re.MULTILINE
)


def recognise(output: str, format_: str | None, tool: str | None, kind: Kind | None) -> str | None:
    """A name of ``FORMATS``, or None."""
    if format_ == "junit-xml" and (tool in _LINTERS or _LINT_SUITE.search(output[:20_000])):
        return "lint-junit-xml"
    if format_ in FORMATS:
        return format_
    text, shown = plain(output), console(output)
    if format_ == "csv" or (format_ is None and text.startswith("filename,test_name,")):
        return "bandit-csv"
    if form := next((known for pattern, known in _FORMS if pattern.search(shown)), None):
        return form
    if format_ in ("text", "text-ansi"):
        return _text(shown, tool, kind)
    if lines := _lines(text):
        return lines
    head = text.lstrip()[:1]
    found = _xml(text, tool) if head == "<" else _json(text, tool) if head and head in "{[" else None
    if found is None and "<?xml" in text:
        found = _xml(text, tool)
    if found is None and FORMATS[_TOOLS.get(_name(tool), "sarif")].kind != "tests":
        found = _json(text, tool)
    return found or _text(shown, tool, kind)


def _xml(text: str, tool: str | None) -> str | None:
    match = _ROOT.search(text, max(text.find("<?xml"), 0))
    if match is None:
        return None
    if match[1] == "coverage":
        return (
            "clover-xml"
            if "clover=" in match[2] or "<project" in text[match.end() : match.end() + 2000]
            else "cobertura-xml"
        )
    found = _ROOTS.get(match[1])
    return recognise(text, found, tool, None) if found else None


def _lines(text: str) -> str | None:
    """By the first line that is a JSON object, whatever stands before it."""
    first = re.search(r"^[ \t]*\{[^\n]*\}[ \t]*$", text, re.MULTILINE)
    try:
        return _by_keys(mapping(load_json(first[0])), _LINE_KEYS) if first else None
    except UnreadableError:
        return None


def _json(text: str, tool: str | None) -> str | None:
    try:
        document = load_json(text)
    except UnreadableError:
        return None
    if isinstance(document, list):
        if document:
            return _by_keys(mapping(document[0]), _ITEM_KEYS)
        return f"{tool}-json" if f"{tool}-json" in FORMATS else None
    return _by_keys(mapping(document), _KEYS) or _by_values(mapping(document))


def _by_keys(document: dict[str, Any], table: tuple[tuple[tuple[str, ...], str], ...]) -> str | None:
    return next((name for keys, name in table if document.keys() >= set(keys)), None)


def _by_values(document: dict[str, Any]) -> str | None:
    value = mapping(next(iter(document.values()), None))
    if "pct" in mapping(value.get("lines")):
        return "istanbul-json-summary"
    if "statementMap" in value:
        return "istanbul-json"
    if {"wanted", "latest"} <= value.keys():
        return "npm-outdated-json"
    if "licenses" in value:
        return "license-checker-json"
    if ("vulnerabilities" in document and "metadata" in document) or isinstance(document.get("error"), dict):
        return "npm-ls-json" if "problems" in document else "npm-audit-json"
    return "npm-ls-json" if "dependencies" in document else None


def _text(text: str, tool: str | None, kind: Kind | None) -> str | None:
    name = _name(tool)
    if name in ("npm", "pip") and _DEPENDENCIES.search(text):
        return "dependencies-text"
    if kind == "coverage" and name in _COVERAGE:
        return _COVERAGE[name]
    if name == "ruff" and re.search(
        r"^would reformat|^unformatted: |^\d+ files? (?:would be|already)", text, re.MULTILINE | re.IGNORECASE
    ):
        return "format-text"
    return _TOOLS.get(name) or next((known for pattern, known in _WORDINGS if pattern.search(text)), None)


def _name(tool: str | None) -> str:
    return next(iter((tool or "").lower().split()), "")
