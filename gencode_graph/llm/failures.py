"""What went wrong with a call, the same for every provider: whether to try again, where, and what it may have cost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gencode_graph.llm.redaction import redact

Kind = Literal[
    "rate_limit", "server_error", "timeout", "connection", "unreachable", "cut", "garbled", "empty",
    "unauthorised", "quota", "not_found", "invalid", "context",
]  # fmt: skip

RETRYABLE: frozenset[Kind] = frozenset(
    {"rate_limit", "server_error", "timeout", "connection", "unreachable", "cut", "garbled", "empty"}
)
"""Worth another call with the same words to the same model."""

STOPPING: frozenset[Kind] = frozenset({"unauthorised", "quota"})
"""After these the provider is of no use for the rest of the run."""

UNPAID: frozenset[Kind] = frozenset(
    {"rate_limit", "server_error", "unreachable", "unauthorised", "quota", "not_found", "invalid", "context"}
)
"""A provider that answers so, or cannot be reached, charges nothing. Of all else nobody knows."""

MESSAGE = 300
"""Characters kept of what a provider says."""

_QUOTA = re.compile(
    r"insufficient_quota|billing|credit balance|insufficient.{0,10}(?:balance|credit|fund)|exceeded your current quota"
    r"|quota.{0,40}per ?day|PerDay|payment required",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"context.{0,3}(?:length|window)|maximum number of tokens|too many tokens|prompt is too long|token limit"
    r"|input is too long|reduce the length",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"api.?key.{0,30}(?:not valid|invalid|expired|incorrect)|invalid.{0,5}api.?key", re.IGNORECASE)
_WAIT = re.compile(r"retryDelay\W+([\d.]+)s|retry in ([\d.]+) ?s", re.IGNORECASE)
_NOT_SENT = ("ConnectError", "ConnectTimeout", "ClientConnectorError", "ConnectionRefusedError", "gaierror")
"""Names of errors after which surely nothing was sent."""
_LOST = ("Payload", "RemoteProtocol", "IncompleteRead", "ServerDisconnected", "Connection", "ReadError")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One call that failed."""

    kind: Kind
    message: str
    """Without secrets, and short."""
    wait: float | None = None
    """Seconds that the provider asks to wait before the next call."""
    begun: bool = False
    """Whether a part of the answer had come."""

    @property
    def retryable(self) -> bool:
        """Whether the same call may work in a moment."""
        return self.kind in RETRYABLE

    @property
    def paid(self) -> bool:
        """Whether it may have cost something."""
        return self.begun or self.kind not in UNPAID

    @property
    def sent(self) -> bool:
        """Whether the provider saw it."""
        return self.kind != "unreachable"


class CallFailedError(Exception):
    """Carries a failure up to the loop that tries again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def failure_of(error: BaseException, *, begun: bool = False) -> Failure:
    """What an error of any SDK means. ``begun``: a part of the answer had come."""
    chain = tuple(_chain(error))
    said = " ".join(str(link) for link in chain)
    status = next((code for link in chain if (code := _status(link)) is not None), None)
    kind = _kind(chain, said, status, begun)
    wait = _wait(chain, said) if kind == "rate_limit" else None
    first = " ".join(str(error).split()) or type(error).__name__
    return Failure(kind=kind, message=redact(first)[:MESSAGE], wait=wait, begun=begun)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it."""
    seen: BaseException | None = error
    for _ in range(8):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _status(error: BaseException) -> int | None:
    for value in (getattr(error, name, None) for name in ("status_code", "http_status", "code", "status")):
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600:
            return value
    return None


def _kind(chain: tuple[BaseException, ...], said: str, status: int | None, begun: bool) -> Kind:
    names = " ".join(cls.__name__ for link in chain for cls in type(link).__mro__)
    if "ContextOverflow" in names:
        return "context"
    if begun and any(name in names for name in _LOST):
        return "cut"
    if status is not None and status >= 400 and not begun:
        return _of_status(status, said, retry_hint=_wait(chain, said) is not None)
    if any(name in names for name in _NOT_SENT) and not begun:
        return "unreachable"
    if "Timeout" in names:
        return "timeout"
    if any(isinstance(link, json.JSONDecodeError | UnicodeDecodeError) for link in chain):
        return "garbled"
    if any(name in names for name in _LOST):
        return "connection"
    if begun:  # an error object in the middle of a stream
        return "server_error" if status is not None or "APIError" in names else "garbled"
    return "garbled"


def _of_status(status: int, said: str, *, retry_hint: bool) -> Kind:
    if status == 402 or (status in (400, 403, 429) and _QUOTA.search(said) and not retry_hint):
        return "quota"
    if status in (401, 403) or (status == 400 and _BAD_KEY.search(said)):
        return "unauthorised"
    if status == 404:
        return "not_found"
    if status in (408, 504):
        return "timeout"
    if status == 429:
        return "rate_limit"
    if status == 413 or (status < 500 and _CONTEXT.search(said)):
        return "context"
    return "server_error" if status >= 500 else "invalid"


def _wait(chain: tuple[BaseException, ...], said: str) -> float | None:
    """Seconds, from the header or from what Google writes into the message."""
    for link in chain:
        headers: Any = getattr(getattr(link, "response", None), "headers", None)
        value = headers.get("retry-after") if isinstance(headers, Mapping) or hasattr(headers, "get") else None
        if value is not None:
            try:
                return max(0.0, float(value))
            except ValueError:
                return _until(str(value))
    found = _WAIT.search(said)
    return float(found[1] or found[2]) if found else None


def _until(date: str) -> float | None:
    """Seconds until a date as HTTP writes it."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
