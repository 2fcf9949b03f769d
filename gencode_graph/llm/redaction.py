"""Keys, and everything that looks like one, taken out of what is sent, stored, shown or raised."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

HIDDEN = "[redacted]"
"""What stands where a secret stood."""

SHORTEST = 8
"""Characters of an environment value that is taken for a secret; shorter ones are words."""

_NAME = re.compile(
    r"(?:^|_)(?:API_?KEY|ACCESS_?KEY|KEYS?|TOKENS?|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|PAT|CREDENTIALS?|DSN)"
    r"(?:_(?:ID|VALUE|BASE64|B64|\d+))?$",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"PWD", "OLDPWD"})
_PLAIN = re.compile(r"[\d.,:_-]{,15}|(?:/[\w.@+-]+)+/?|[a-z]{,11}", re.IGNORECASE)
"""Short numbers, paths and short words (``postgres``, ``changeme``) stand everywhere in code: they are no secrets."""

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?=\\[rn]|\s)(?:"
        r"(?:\\[rn]|[\sA-Za-z0-9+/=:,.-]){1,8000}?-----END [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----"
        r"|(?:(?:\\[rn]|\s)+[A-Za-z0-9+/=]{20,})+)",  # whole, or cut off
        r"(?<![\w-])sk-(?=[\w-]*\d)(?=[\w-]*[A-Za-z0-9]{12})[A-Za-z0-9_-]{20,}",  # OpenAI, Anthropic and others
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",  # Stripe
        r"\bAIza[A-Za-z0-9_-]{35}",  # Google
        r"\bAQ\.[A-Za-z0-9_-]{30,}",  # Google, newer
        r"\bya29\.[A-Za-z0-9_-]{20,}",  # Google OAuth
        r"\bgh[pousr]_[A-Za-z0-9]{36,}",  # GitHub
        r"\bgithub_pat_[A-Za-z0-9_]{40,}",
        r"\bglpat-[A-Za-z0-9_-]{20,}",  # GitLab
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",  # AWS
        r"(?i:aws_?secret_?access_?key)[\"']?\s*[=:]\s*[\"']?(?P<secret>[A-Za-z0-9/+]{40})\b",
        r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",  # Slack
        r"\bhf_[A-Za-z0-9]{30,}",  # Hugging Face
        r"\bgsk_[A-Za-z0-9]{40,}",  # Groq
        r"\bxai-[A-Za-z0-9]{40,}",  # xAI
        r"\bnpm_[A-Za-z0-9]{36}",
        r"\bpypi-[A-Za-z0-9_-]{50,}",
        r"\blsv2_(?:pt|sk)_[A-Za-z0-9]{20,}(?:_[A-Za-z0-9]+)?",  # LangSmith
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",  # a JSON web token
        r"\b[Bb]earer (?P<secret>(?=[A-Za-z0-9._~+/-]*\d)[A-Za-z0-9._~+/-]{20,}=*)",
    )
)


def redact(text: str) -> str:
    """The text with every secret replaced by ``HIDDEN``."""
    for value in _from_environment():
        text = text.replace(value, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: match.group().replace(_secret(match), HIDDEN), text)
    return text


def secrets_in(text: str) -> tuple[str, ...]:
    """The secrets that a text holds, each once, in no order that means anything."""
    known = [value for value in _from_environment() if value in text]
    return tuple(dict.fromkeys([*known, *(_secret(match) for p in _PATTERNS for match in p.finditer(text))]))


def _secret(match: re.Match[str]) -> str:
    """The part of a match that has to go: all of it, unless the pattern says otherwise."""
    return match["secret"] if "secret" in match.re.groupindex else match.group()


def _from_environment() -> list[str]:
    """Values of key-like variables and passwords in URLs, as they are and as a URL shows them; longest first."""
    values = {value for name, value in os.environ.items() for value in _secret_values(name, value)}
    return sorted(values | {quote(value, safe="") for value in values}, key=lambda value: (-len(value), value))


def _secret_values(name: str, value: str) -> Iterator[str]:
    value = value.strip()
    if "://" in value:
        password = _password(value)
        if password is not None and len(password) >= SHORTEST:
            yield password
    elif _NAME.search(name) and name not in _NOT_SECRET and len(value) >= SHORTEST and not _PLAIN.fullmatch(value):
        yield value
        yield from (line for line in value.splitlines() if len(line) >= 2 * SHORTEST and not line.startswith("-----"))


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None
