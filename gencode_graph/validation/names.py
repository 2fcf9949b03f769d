"""Python names that nothing defines."""

from __future__ import annotations

import ast

from gencode_graph.types import Finding
from gencode_graph.validation import newer_python, python_source
from gencode_graph.validation.kinds import kind_of

_SHELL = {"get_ipython"}
"""Names that interactive shells add."""


def names(path: str, text: str) -> list[Finding]:
    """A finding for each name that is used and never bound, by pyflakes; by ruff for syntax that only it can read."""
    if kind_of(path) != "python":
        return []
    module = python_source.read(text)
    if not isinstance(module, ast.Module):
        newer = None if python_source.problems(text) else newer_python.judged(text)
        return [_finding(path, problem.message, problem.line) for problem in newer.names] if newer else []
    if any(isinstance(node, ast.Name) and node.id == "exec" for node in ast.walk(module)):
        return []  # it may define anything
    from pyflakes import messages
    from pyflakes.checker import Checker

    guarded = _guarded(module)
    wrong = (messages.UndefinedName, messages.UndefinedExport, messages.UndefinedLocal)
    found = sorted(Checker(module, filename=path, builtins=_SHELL).messages, key=lambda message: int(message.lineno))
    return [
        _finding(path, message.message % message.message_args, message.lineno)
        for message in found
        if isinstance(message, wrong) and not any(message.lineno in lines for lines in guarded)
    ]


def _guarded(module: ast.Module) -> list[range]:
    """Lines that only some versions of Python reach."""
    return [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in ast.walk(module)
        if isinstance(node, ast.If) and "version_info" in ast.unparse(node.test)
    ]


def _finding(path: str, message: str, line: int | None) -> Finding:
    return Finding(
        rule="names/undefined", message=message, path=path, line=line, hint="import it or define it before its use"
    )
