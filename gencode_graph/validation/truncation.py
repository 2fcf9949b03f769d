"""Files that stop before their end: something open, no end of line, or a part missing that only the end can hold."""

from __future__ import annotations

import ast
import re

from gencode_graph.types import Finding
from gencode_graph.validation import python_source, scripts
from gencode_graph.validation.endings import unfinished
from gencode_graph.validation.exports import exports_nothing, never_exported
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of, last_line
from gencode_graph.validation.returns import lacks_return
from gencode_graph.validation.syntax import problems

RULE = "file/truncated"
_HINT = "send the whole file again, complete; in parts if it is long"
_NATURAL: dict[Kind, re.Pattern[str]] = {
    "ts": re.compile(r"(?m)[};)\]]\s*\Z|^(?:[^/]*/\*(?!\*).*\*/|//# .*)\s*\Z"),
    "tsx": re.compile(r"(?m)[};)\]]\s*\Z|^(?:[^/]*/\*(?!\*).*\*/|//# .*)\s*\Z"),
    "css": re.compile(r"(?:[};]|\*/)\s*\Z"),
    "python": re.compile(r"(?:^[ ]*[)\]}]+|\"\"\")\s*\Z", re.MULTILINE),
}
"""How a file without a last line end may stop all the same."""
_SELF_CLOSED: tuple[Kind, ...] = ("json", "jsonc", "html", "svg", "markdown", "binary")


def truncation(path: str, text: str) -> list[Finding]:
    """At most one finding: why the file cannot be all there is."""
    kind = kind_of(path)
    if not text.strip():
        return []  # said as empty
    for problem in problems(kind, text):
        if problem.at_end:
            return [_finding(path, problem.message, problem.line)]
    if not text.endswith(("\n", "\r")) and kind not in _SELF_CLOSED and not _ends_naturally(kind, text):
        return [_finding(path, "the last line has no end", last_line(text))]
    if kind in SCRIPTS and not path.endswith((".d.ts", ".d.mts", ".d.cts")):
        line = exports_nothing(scripts.tree(kind, text).root_node)
        if line is not None:
            return [_finding(path, "it only declares things and neither exports nor uses them", line)]
        if name := never_exported(text):
            return [_finding(path, f"it announces the export {name} and never sets it", last_line(text))]
    if kind == "python":
        module = python_source.read(text)
        if isinstance(module, ast.Module) and (function := lacks_return(module)):
            message = f"{function.name} can end without the {ast.unparse(function.returns or ast.Constant(None))}"
            return [_finding(path, f"{message} that it promises", function.lineno)]
        if isinstance(module, ast.Module) and (why := unfinished(module)):
            return [_finding(path, why[1], why[0])]
    return []


def _ends_naturally(kind: Kind, text: str) -> bool:
    return kind in _NATURAL and _NATURAL[kind].search(text) is not None


def _finding(path: str, why: str, line: int | None) -> Finding:
    return Finding(rule=RULE, message=f"{path} stops before its end: {why}", path=path, line=line, hint=_HINT)
