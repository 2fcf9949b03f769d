"""Findings for whoever has to repair a draft."""

import pytest

from gencode_graph.errors import PathError
from gencode_graph.workspace import Workspace

FILES: dict[str, str | bytes] = {"a.py": "print(1)\n", "logo.png": b"\x89PNG\r\n\x1a\n\0" + b"(" * 999}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, set()),
        ({"b.py": "us\u0435r = 1\n"}, {("text/mixed-script", "b.py", "warning")}),
        ({"../b": ""}, {("path/segment", "../b", "error")}),
        (
            {"\u202eb": "", ".npmrc": ""},
            {("path/character", "\\u202eb", "error"), ("path/protected", ".npmrc", "error")},
        ),
        ({"b.py": "\u200b", "c.py": "\x1b"}, {("text/invisible", "b.py", "error"), ("text/control", "c.py", "error")}),
        ({"-b": "\u202e"}, {("path/option", "-b", "error"), ("text/bidi", "-b", "error")}),
        ({"A.py": ""}, {("path/duplicate", "A.py", "error")}),
        ({"b": "x" * 2_000_000}, {("path/file-bytes", "b", "error"), ("text/long-line", "b", "warning")}),
    ],
)
def test_every_file_that_is_refused_is_a_finding(
    workspace: Workspace, files: dict[str, str | bytes], found: set[tuple[str, str, str]]
) -> None:
    drafted = {**FILES, **files}
    findings = workspace.inspect(drafted, origin="model")
    assert {(finding.rule, finding.path, finding.severity) for finding in findings} == found
    assert all(finding.message.isascii() for finding in findings)
    if any(severity == "error" for _, _, severity in found):
        with pytest.raises(PathError):
            workspace.write(drafted, origin="model")
    else:
        workspace.write(drafted, origin="model")
