"""Keys, tokens and passwords written into code."""

from __future__ import annotations

import math
import re
from collections import Counter

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of

_KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")),
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[\w-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{20,}")),
    ("a Google API key", re.compile(r"\bAIza[\w-]{35}(?![\w-])")),
    ("an Anthropic key", re.compile(r"\bsk-ant-[\w-]{20,}")),
    ("an OpenAI key", re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}")),
    ("a Stripe key", re.compile(r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-[\w-]{60,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{20,}\.[\w-]{30,}")),
    ("a signed token", re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}")),
)
_NAMED = re.compile(
    r"(?P<name>password|passwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token)[\w-]{0,20}"
    r"[\"']?\s*(?::\s*\w+\s*)?(?:=|:|=>)\s*(?P<quote>[\"'`])(?P<value>[^\"'`\s$<>{}]{8,200})(?P=quote)",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"\b[a-z][a-z0-9+]{2,20}://[\w.-]+:(?P<value>[^@\s/:{}$<>\"']{6,})@(?P<host>[\w.-]+)")
_HARMLESS = re.compile(
    r"(?i)example|sample|dummy|change|placeholder|your|test|fake|mock|secret$|^secret|password|xxx|\*\*\*|\.\.\.|demo|local"
    r"|default|redacted|insert|enter|none|null|undefined|process\.env|os\.environ|import\.meta"
    r"|^[a-z]+(?:[-_. /][a-z]+)*$|^[A-Z]+(?:_[A-Z]+)*$|^\W+$|^[/.#@]|://"
)  # fmt: skip
_OWN_HOSTS = ("localhost", "127.0.0.1", "postgres", "db", "redis", "database", "mysql", "mongo")
_SKIPPED = ("package-lock.json", "schema.d.ts")
ENTROPY = 3.0
"""Bits a character, above which a value looks drawn at random."""


def leaked_secrets(path: str, text: str) -> list[Finding]:
    """A finding for each value that looks like a real secret; the value itself is never in it."""
    if path.endswith(_SKIPPED) or kind_of(path) in ("svg", "binary"):
        return []
    found: dict[int, Finding] = {}
    for what, pattern in _KNOWN:
        for match in pattern.finditer(text):
            if not re.search(r"(?i)example|x{6}|0{8}|1234567|your", match[0]):
                _say(found, path, text, match.start(), what)
    for match in _NAMED.finditer(text):
        if _is_random(match["value"]):
            _say(found, path, text, match.start("value"), f"a value for {match['name']}")
    for match in _IN_URL.finditer(text):
        if match["host"] not in _OWN_HOSTS and _is_random(match["value"]):
            _say(found, path, text, match.start("value"), "a password in an address")
    return [found[line] for line in sorted(found)]


def _is_random(value: str) -> bool:
    """Letters and digits mixed, of some entropy, and nothing that stands for a value."""
    if _HARMLESS.search(value):
        return False
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return mixed and bits >= ENTROPY


def _say(found: dict[int, Finding], path: str, text: str, at: int, what: str) -> None:
    line = text.count("\n", 0, at) + 1
    found.setdefault(
        line,
        Finding(
            rule="secrets/in-code",
            message=f"{what} is written into {path}",
            path=path,
            line=line,
            hint="read it from the environment, and revoke it if it is real",
        ),
    )
