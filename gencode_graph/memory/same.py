"""Same: a message in general form, so that the same error again reads the same."""

from __future__ import annotations

import re

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?\b"), "<time>"),
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"`<>)\]]{1,500}"), "<url>"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\b0x[0-9a-fA-F]{1,40}\b"), "<hex>"),
    (re.compile(r"\b(?=[0-9a-f]{0,40}[0-9])(?=[0-9a-f]{0,40}[a-f])[0-9a-f]{7,64}\b"), "<hex>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b|\blocalhost:\d{1,5}\b|\[?::1?\]?:\d{1,5}\b"), "<host>"),
)
_QUOTED = re.compile(
    r"'([^'\n]{0,400})'|\"([^\"\n]{0,400})\"|`([^`'\n]{0,400})[`']|‘([^’\n]{0,400})’|“([^”\n]{0,400})”"
)
_NAME = re.compile(r"@?[A-Za-z_$][\w$]*(?:[-./:][A-Za-z_$@][\w$]*)*(?:\(\))?")
_PATH = re.compile(r"(?<![\w.<])(?:[A-Za-z]:[\\/]|~?/|\.{1,2}/)[\w.@+~\\/-]{1,400}(?::\d+){0,2}")
_FOLDER_FILE = re.compile(r"(?<![\w./<])(?:[\w.@-]{1,80}/){1,20}([\w.@-]{1,80}\.\w{1,8})(?::\d+){0,2}")
_NUMBER = re.compile(r"(?<![\w<])[-+]?\d[\d_]*(?:[.,]\d+)*(?:e[-+]?\d+)?(?:\s?(?:ms|s|MB|kB|KB|GB|B|%)\b)?")
_TAIL_NUMBER = re.compile(r"(?<=[A-Za-z_-])\d{3,}")
_SPACE = re.compile(r"\s+")
LIMIT = 2_000
"""Characters of a message that count."""


def general(message: str) -> str:
    """A message without paths, numbers, addresses, times and values; names in quotes stay."""
    text = message[:LIMIT]
    for pattern, mark in _STEPS:
        text = pattern.sub(mark, text)
    text = _QUOTED.sub(_quoted, text)
    text = _PATH.sub("<path>", text)
    text = _FOLDER_FILE.sub("<path>", text)
    text = _NUMBER.sub("<n>", text)
    text = _TAIL_NUMBER.sub("<n>", text)
    return _SPACE.sub(" ", text).strip()


def _quoted(match: re.Match[str]) -> str:
    inner = next((group for group in match.groups() if group is not None), "")
    if inner.startswith(("./", "../")) and _NAME.fullmatch(inner.lstrip("./")):
        return f"'{inner}'"
    return f"'{inner}'" if len(inner) <= 80 and _NAME.fullmatch(inner) else "'<value>'"
