"""Code that is not there: notes to self, empty bodies, filler text."""

from __future__ import annotations

import ast
import re

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict

CODE = (".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".yaml", ".toml")
_NOTE = re.compile(
    r"(?:#|//|/\*|<!--)\s*(?:TODO|FIXME|XXX|HACK)\b|lorem ipsum|\bcoming soon\b|\byour code (?:goes )?here\b"
    r"|\bnot (?:yet )?implemented\b|(?:#|//|/\*)\s*\.\.\. ?(?:existing|rest of|remaining)",
    re.IGNORECASE,
)


async def placeholders(task: Task, draft: Draft, services: Services) -> Verdict:
    """No placeholder in any code file of the draft."""
    findings: list[Finding] = []
    for path, content in draft.files.items():
        if not path.endswith(CODE):
            continue
        text = content.decode() if isinstance(content, bytes) else content
        findings += [_finding(path, text.count("\n", 0, m.start()) + 1, m[0]) for m in _NOTE.finditer(text)]
        if path.endswith(".py"):
            findings += [_finding(path, line, f"the body of {name} is empty") for name, line in _empty(text)]
    return Verdict(findings=tuple(findings))


def _finding(path: str, line: int, what: str) -> Finding:
    return Finding(rule="placeholder", message=what.strip(), path=path, line=line, hint="write the code itself")


def _empty(text: str) -> list[tuple[str, int]]:
    """Functions whose body is only ``pass`` or ``...``, with their lines."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []  # said by the syntax check
    return [
        (node.name, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and all(
            isinstance(part, ast.Pass)
            or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and part.value.value is Ellipsis)
            for part in node.body
        )
    ]
