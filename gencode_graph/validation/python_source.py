"""Python: what keeps a text from being read, by the running interpreter or, for newer syntax, by ruff."""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from functools import lru_cache

from gencode_graph.validation.kinds import Problem, last_line
from gencode_graph.validation.newer_python import NEWEST, judged

_UNFINISHED = ("was never closed", "unexpected EOF", "unterminated triple-quoted", "expected an indented block")
_lock = threading.Lock()
"""``catch_warnings`` is not safe in threads."""


def read(text: str) -> ast.Module | Problem:
    """The tree of a module, or why there is none. Kept for the texts read last."""
    return _read(text)


@lru_cache(maxsize=512)
def _read(text: str) -> ast.Module | Problem:
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            line = error.lineno or 1
            unfinished = any(words in error.msg for words in _UNFINISHED)
            return Problem(message=error.msg, line=line, at_end=_at_end(text, line) or unfinished)
        except (ValueError, RecursionError, MemoryError) as error:
            return Problem(message=str(error) or "it is nested too deeply", line=1)


def problems(text: str) -> list[Problem]:
    """Nothing for a module that this Python, or the newest one, can read."""
    found = read(text)
    if isinstance(found, ast.Module):
        return []
    if sys.version_info < NEWEST and "was never closed" not in found.message:
        newer = judged(text)
        if newer is not None:
            return [found] if newer.syntax else []
    return [found]


def _at_end(text: str, line: int) -> bool:
    return line >= last_line(text)
