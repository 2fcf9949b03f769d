"""Which formats are read, by whom, and how one is told from another."""

from __future__ import annotations

from typing import NamedTuple

from gencode_graph.validation.reports.report import Kind


class Reader(NamedTuple):
    """Who reads a format."""

    reads: str
    """``module:function`` of this package, imported on use."""
    kind: Kind
    tool: str
    """Who wrote it, unless that is said."""


FORMATS: dict[str, Reader] = {
    "junit-xml": Reader("junit:read", "tests", "junit"),
    "lint-junit-xml": Reader("junit_lint:read", "lint", "lint"),
    "nunit-xml": Reader("dotnet:read_nunit", "tests", "nunit"),
    "nunit2-xml": Reader("dotnet:read_nunit", "tests", "nunit"),
    "xunit-xml": Reader("dotnet:read_xunit", "tests", "xunit"),
    "trx": Reader("dotnet:read_trx", "tests", "trx"),
    "jest-json": Reader("test_json:read_jest", "tests", "jest"),
    "mocha-json": Reader("test_json:read_mocha", "tests", "mocha"),
    "playwright-json": Reader("test_json:read_playwright", "tests", "playwright"),
    "pytest-json-report": Reader("test_json:read_pytest", "tests", "pytest"),
    "rspec-json": Reader("test_json:read_rspec", "tests", "rspec"),
    "mocha-json-stream": Reader("test_events:read_mocha", "tests", "mocha"),
    "pytest-reportlog": Reader("test_events:read_pytest", "tests", "pytest"),
    "go-test-json": Reader("test_events:read_go", "tests", "go"),
    "dart-json": Reader("test_events:read_dart", "tests", "dart"),
    "cargo-json": Reader("test_events:read_cargo", "tests", "cargo"),
    "tap": Reader("tap:read", "tests", "tap"),
    "pytest-text": Reader("console_pytest:read", "tests", "pytest"),
    "unittest-text": Reader("console_tests:read_unittest", "tests", "unittest"),
    "jest-text": Reader("console_tests:read_jest", "tests", "jest"),
    "vitest-text": Reader("console_tests:read_vitest", "tests", "vitest"),
    "mocha-text": Reader("console_tests:read_mocha", "tests", "mocha"),
    "node-text": Reader("console_tests:read_node", "tests", "node"),
    "playwright-text": Reader("console_tests:read_playwright", "tests", "playwright"),
    "maven-text": Reader("console_builds:read_maven", "tests", "maven"),
    "gradle-text": Reader("console_builds:read_gradle", "tests", "gradle"),
    "cargo-text": Reader("console_builds:read_cargo", "tests", "cargo"),
    "dotnet-text": Reader("console_builds:read_dotnet", "tests", "dotnet"),
    "junit-text": Reader("console_builds:read_junit", "tests", "junit"),
    "nunit-text": Reader("console_builds:read_nunit", "tests", "nunit"),
    "phpunit-text": Reader("console_builds:read_phpunit", "tests", "phpunit"),
    "rspec-text": Reader("console_builds:read_rspec", "tests", "rspec"),
    "go-text": Reader("console_builds:read_go", "tests", "go"),
    "coverage-json": Reader("coverage_json:read_coverage_py", "coverage", "coverage"),
    "istanbul-json-summary": Reader("coverage_json:read_istanbul_summary", "coverage", "istanbul"),
    "istanbul-json": Reader("coverage_json:read_istanbul", "coverage", "istanbul"),
    "cobertura-xml": Reader("coverage_xml:read_cobertura", "coverage", "cobertura"),
    "clover-xml": Reader("coverage_xml:read_clover", "coverage", "clover"),
    "jacoco-xml": Reader("coverage_xml:read_jacoco", "coverage", "jacoco"),
    "lcov": Reader("coverage_text:read_lcov", "coverage", "lcov"),
    "go-coverprofile": Reader("coverage_text:read_go_profile", "coverage", "go"),
    "coverage-text": Reader("coverage_text:read_coverage_py", "coverage", "coverage"),
    "istanbul-text": Reader("coverage_text:read_istanbul", "coverage", "istanbul"),
    "go-func-text": Reader("coverage_text:read_go_functions", "coverage", "go"),
    "go-cover-text": Reader("coverage_text:read_go_console", "coverage", "go"),
    "eslint-json": Reader("lint_json:read_eslint", "lint", "eslint"),
    "stylelint-json": Reader("lint_json:read_stylelint", "lint", "stylelint"),
    "biome-json": Reader("lint_json:read_biome", "lint", "biome"),
    "ruff-json": Reader("lint_json:read_ruff", "lint", "ruff"),
    "pylint-json": Reader("lint_json:read_pylint", "lint", "pylint"),
    "gitlab-json": Reader("lint_json:read_gitlab", "lint", "codequality"),
    "mypy-json": Reader("lint_json:read_mypy", "types", "mypy"),
    "pyright-json": Reader("lint_json:read_pyright", "types", "pyright"),
    "golangci-json": Reader("lint_json:read_golangci", "lint", "golangci-lint"),
    "rubocop-json": Reader("lint_json:read_rubocop", "lint", "rubocop"),
    "clippy-json": Reader("lint_json:read_clippy", "lint", "clippy"),
    "github": Reader("annotations:read_github", "lint", "lint"),
    "azure": Reader("annotations:read_azure", "lint", "lint"),
    "rdjson": Reader("annotations:read_rdjson", "lint", "lint"),
    "checkstyle-xml": Reader("lint_xml:read_checkstyle", "lint", "checkstyle"),
    "pmd-xml": Reader("lint_xml:read_pmd", "lint", "pmd"),
    "spotbugs-xml": Reader("lint_xml:read_spotbugs", "lint", "spotbugs"),
    "sarif": Reader("security_json:read_sarif", "lint", "sarif"),
    "bandit-json": Reader("security_json:read_bandit", "lint", "bandit"),
    "semgrep-json": Reader("security_json:read_semgrep", "lint", "semgrep"),
    "gosec-json": Reader("security_json:read_gosec", "lint", "gosec"),
    "bandit-csv": Reader("security_json:read_bandit_csv", "lint", "bandit"),
    "bandit-text": Reader("console_lint:read_bandit", "lint", "bandit"),
    "ruff-text": Reader("console_lint:read_ruff", "lint", "ruff"),
    "flake8-text": Reader("console_lint:read_flake8", "lint", "flake8"),
    "pylint-text": Reader("console_lint:read_pylint", "lint", "pylint"),
    "eslint-text": Reader("console_lint:read_eslint", "lint", "eslint"),
    "format-text": Reader("console_lint:read_formatter", "lint", "format"),
    "mypy-text": Reader("console_types:read_mypy", "types", "mypy"),
    "pyright-text": Reader("console_types:read_pyright", "types", "pyright"),
    "tsc-text": Reader("console_types:read_tsc", "types", "tsc"),
    "npm-audit-json": Reader("audits:read_npm", "audit", "npm"),
    "yarn-audit-json": Reader("audits:read_yarn", "audit", "yarn"),
    "pip-audit-json": Reader("audits:read_pip_audit", "audit", "pip-audit"),
    "osv-json": Reader("audits:read_osv", "audit", "osv-scanner"),
    "cargo-audit-json": Reader("audits:read_cargo", "audit", "cargo-audit"),
    "audit-text": Reader("audits:read_text", "audit", "audit"),
    "dependencies-text": Reader("dependencies:read_text", "dependencies", "npm"),
    "npm-ls-json": Reader("dependencies:read_npm_ls", "dependencies", "npm"),
    "npm-outdated-json": Reader("dependencies:read_npm_outdated", "dependencies", "npm"),
    "pip-outdated-json": Reader("dependencies:read_pip_outdated", "dependencies", "pip"),
    "pip-licenses-json": Reader("dependencies:read_pip_licenses", "licences", "pip-licenses"),
    "license-checker-json": Reader("dependencies:read_license_checker", "licences", "license-checker"),
}  # fmt: skip
"""By name."""

GENERAL = ("text", "text-ansi", "csv", "json", "xml")
"""Names that leave open which format it is: the tool, then the content decide."""


def kind_of(format_: str | None, tool: str | None) -> Kind:
    """What a report is about that could not be read; tests where nothing tells."""
    names = (format_, f"{tool}-json", f"{tool}-text")
    return next((FORMATS[name].kind for name in names if name in FORMATS), "tests")
