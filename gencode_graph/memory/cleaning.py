"""What is kept of texts: no secrets, and not too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from gencode_graph.decisions import Option

LONGEST = 2000
"""Characters of a query that are looked at and kept: its first and its last half."""
_HOME = re.compile(r"(?:/home/|/Users/|\b[A-Za-z]:\\Users\\)[^/\\\s:'\"]{1,100}")
_ADDRESS = re.compile(r"\b[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})\b")
_MADE_UP = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|example|test|invalid|localhost)", re.IGNORECASE)


def impersonal(text: str) -> str:
    """A text without the addresses of people and the names of their folders; ``@example.com`` is nobody's."""
    text = _ADDRESS.sub(lambda match: match.group() if _MADE_UP.fullmatch(match[1]) else "[e-mail]", text)
    return _HOME.sub("~", text)


def cut(text: str, longest: int = LONGEST) -> str:
    """A text's first and last part, where it is long."""
    return text if len(text) <= longest else f"{text[: longest // 2 - 2]} … {text[1 - longest // 2 :]}"


def short(text: str, redact: Callable[[str], str]) -> str:
    """A text without secrets, cut; what is far too long is not even searched for them."""
    return cut(redact(cut(text, 10 * LONGEST)))


def redacted(value: Any, redact: Callable[[str], str]) -> Any:
    """JSON without secrets, wherever they stand."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(key): redacted(item, redact) for key, item in value.items()}
    return [redacted(item, redact) for item in value] if isinstance(value, list | tuple) else value


def clean(options: Sequence[Option], redact: Callable[[str], str]) -> tuple[Option, ...]:
    """Options under the same names, without secrets."""
    return tuple(
        option.model_copy(
            update={
                "description": short(option.description, redact),
                "examples": tuple(short(example, redact) for example in option.examples),
                "value": redacted(option.value, redact),
            }
        )
        for option in options
    )
