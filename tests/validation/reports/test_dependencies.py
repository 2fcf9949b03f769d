"""What is installed."""

from __future__ import annotations

import json

from gencode_graph.validation.reports import read_report


def test_npm_ls_within_npm_s_lines() -> None:
    document = {"name": "a", "problems": ["missing: b@1, required by a@1"], "dependencies": {"b": {"missing": True}}}
    text = f"npm error code ELSPROBLEMS\n{json.dumps(document, indent=2)}\nnpm error A log\n"
    report = read_report(text, tool="npm", exit_code=1)
    assert (report.format, report.numbers["missing"], report.numbers["packages"]) == ("npm-ls-json", 1, 1)


def test_what_is_old_is_a_warning() -> None:
    report = read_report('{"a": {"current": "1", "wanted": "1", "latest": "2"}}', tool="npm", exit_code=1)
    assert (report.numbers["outdated"], report.findings[0].severity) == (1, "warning")
    assert read_report("{}", format="npm-outdated-json", exit_code=0).outcome == "clean"
    assert read_report('{"error": {"code": "E500"}}', format="npm-outdated-json", exit_code=1).outcome == "not run"


def test_the_console() -> None:
    old = read_report(
        "Package  Current  Wanted  Latest\na  1  1  2\nb  1  1  2\n", format="text", tool="npm", exit_code=1
    )
    assert old.numbers["outdated"] == 2
    lacking = read_report("npm error missing: b@1, required by a@1\n", format="text", tool="npm", exit_code=1)
    assert lacking.numbers["missing"] == 1
    assert read_report("No broken requirements found.\n", tool="pip", exit_code=0).outcome == "clean"
    assert (
        len(read_report("a 1 requires b, which is not installed.\n", format="text", tool="pip", exit_code=1).findings)
        == 1
    )


def test_licences() -> None:
    pip = read_report('[{"Name": "a", "Version": "1", "License": "MIT"}]')
    node = read_report('{"a@1": {"licenses": ["MIT", "GPL-3.0"]}}')
    assert (pip.packages, node.packages) == ({"a@1": "MIT"}, {"a@1": "MIT OR GPL-3.0"})
    assert read_report("[]", format="pip-licenses-json").outcome == "not run"
