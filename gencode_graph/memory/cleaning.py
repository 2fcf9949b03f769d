"""What is kept of texts: no secrets, and not too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gencode_graph.decisions import Option

LONGEST = 2000
"""Characters of a query that are looked at and kept: its first and its last half."""
BETWEEN = "\0\0"
"""Between texts that are searched at once; no secret has it."""
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
    """JSON without secrets, wherever they stand; all its texts are searched at once."""
    texts = sorted(set(_texts(value)))
    done = redact(BETWEEN.join(texts)).split(BETWEEN)
    if len(done) != len(texts) or any(BETWEEN[0] in text for text in texts):
        done = [redact(text) for text in texts]
    return _with(value, dict(zip(texts, done, strict=True)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _with(value: Any, said: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return said[value]
    if isinstance(value, dict):
        return {said[key]: _with(item, said) for key, item in value.items()}
    return [_with(item, said) for item in value] if isinstance(value, list | tuple) else value


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
