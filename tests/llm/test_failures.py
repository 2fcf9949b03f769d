"""What the errors of SDKs mean, those of packages that are not here as well."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from gencode_graph.llm.failures import Failure, failure_of


class ApiStatusError(Exception):
    """As most SDKs have one."""

    def __init__(self, message: str, status_code: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.response = SimpleNamespace(headers=headers or {})


class ConnectTimeout(Exception):  # noqa: N818
    """Named as httpx names it."""


class ReadTimeout(Exception):  # noqa: N818
    """The same."""


DATE = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
CASES: list[tuple[Exception, str, bool, bool]] = [
    (ApiStatusError("slow down", 429), "rate_limit", True, False),
    (ApiStatusError("You exceeded your current quota, please check your plan", 429), "quota", False, False),
    (ApiStatusError("Your credit balance is too low to access the API", 400), "quota", False, False),
    (ApiStatusError("Insufficient Balance", 402), "quota", False, False),
    (ApiStatusError("Overloaded", 529), "server_error", True, False),
    (ApiStatusError("bad gateway", 502), "server_error", True, False),
    (ApiStatusError("took too long", 504), "timeout", True, True),
    (ApiStatusError("no", 401), "unauthorised", False, False),
    (ApiStatusError("no", 403), "unauthorised", False, False),
    (ApiStatusError("API key not valid. Please pass a valid API key.", 400), "unauthorised", False, False),
    (ApiStatusError("what model", 404), "not_found", False, False),
    (ApiStatusError("prompt is too long: 300000 tokens > 200000 maximum", 400), "context", False, False),
    (ApiStatusError("request too large", 413), "context", False, False),
    (ApiStatusError("unsupported parameter", 400), "invalid", False, False),
    (ApiStatusError("unprocessable", 422), "invalid", False, False),
    (TimeoutError(), "timeout", True, True),
    (ReadTimeout("read"), "timeout", True, True),
    (ConnectTimeout("connect"), "unreachable", True, False),
    (ConnectionRefusedError(111, "refused"), "unreachable", True, False),
    (ConnectionResetError(104, "reset"), "connection", True, True),
    (json.JSONDecodeError("bad", "{", 1), "garbled", True, True),
    (ValueError("No generation chunks were returned"), "garbled", True, True),
    (IndexError("list index out of range"), "garbled", True, True),
]


@pytest.mark.parametrize(("error", "kind", "retryable", "paid"), CASES)
def test_an_error_is_one_of_these(error: Exception, kind: str, retryable: bool, paid: bool) -> None:
    failure = failure_of(error)
    assert (failure.kind, failure.retryable, failure.paid) == (kind, retryable, paid)


@pytest.mark.parametrize(("error", "kind", "retryable", "paid"), CASES)
def test_it_is_told_through_what_wraps_it(error: Exception, kind: str, retryable: bool, paid: bool) -> None:
    wrapped = RuntimeError("Error calling the model")
    wrapped.__cause__ = error
    assert failure_of(wrapped).kind == kind


@pytest.mark.parametrize("error", [ConnectionResetError(), ValueError("x"), ApiStatusError("overloaded", 529)])
def test_what_had_begun_may_have_to_be_paid(error: Exception) -> None:
    assert failure_of(error, begun=True).paid
    assert failure_of(error, begun=True).retryable


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ApiStatusError("x", 429, {"retry-after": "7"}), 7.0),
        (ApiStatusError("x", 429, {"retry-after": "0.5"}), 0.5),
        (ApiStatusError("x", 429, {"retry-after": "-3"}), 0.0),
        (ApiStatusError("x", 429, {"retry-after": "soon"}), None),
        (ApiStatusError("x", 429), None),
        (ApiStatusError("{'retryDelay': '34s'}", 429), 34.0),
        (ApiStatusError("You exceeded your current quota. Please retry in 12.5s.", 429), 12.5),
        (ApiStatusError("x", 500, {"retry-after": "7"}), None),
    ],
)
def test_the_time_to_wait_is_found(error: Exception, seconds: float | None) -> None:
    assert failure_of(error).wait == seconds


def test_the_time_to_wait_may_be_a_date() -> None:
    wait = failure_of(ApiStatusError("x", 429, {"retry-after": DATE})).wait
    assert wait is not None
    assert 0 <= wait <= 20


def test_a_message_is_short_and_on_one_line() -> None:
    message = failure_of(ValueError("a\nb " * 500)).message
    assert len(message) <= 300
    assert "\n" not in message
    assert failure_of(TimeoutError()).message == "TimeoutError"


def test_what_was_not_sent_costs_no_call() -> None:
    assert not Failure(kind="unreachable", message="").sent
    assert Failure(kind="timeout", message="").sent
