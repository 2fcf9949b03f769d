"""Which paths belong to which provider, and what every dialect can do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gencode_graph.testing.wire import anthropic, gemini, openai
from gencode_graph.testing.wire.conversation import Conversation
from gencode_graph.testing.wire.faults import Fault
from gencode_graph.testing.wire.http import Request
from gencode_graph.testing.wire.said import Said

Failure = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one provider's clients ask and are answered."""

    path: re.Pattern[str]
    """Of the call; ``provider``, ``model`` and ``verb`` are taken from it where they are in it."""
    provider: str
    """Where the path names none."""
    read: Callable[[Request, Mapping[str, str]], Conversation]
    """Raises ``KeyError``, ``TypeError``, ``AttributeError`` or ``ValueError`` for a body that is no call."""
    failure: Callable[[Fault, Conversation], Failure]
    """Status and body of an error."""
    failures: Collection[str]
    """Faults that are such an error."""
    whole: Callable[[Said], Mapping[str, Any]]
    events: Callable[[Said], Iterator[bytes]]
    error_event: Callable[[], bytes]
    """What comes in a stream when the model fails in the middle of it."""
    garbled: bytes = b"data: {not json\n\n"
    """An event that cannot be read."""


DIALECTS = (
    Dialect(
        path=re.compile(r"(?:/(?P<provider>[\w-]+))?/v1/chat/completions"),
        provider="openai",
        read=openai.read,
        failure=openai.failure,
        failures=openai.FAILURES,
        whole=openai.whole,
        events=openai.events,
        error_event=openai.error_event,
    ),
    Dialect(
        path=re.compile(
            r"(?:/(?P<provider>[\w-]+))?/v1(?:beta|alpha)?/(?:\w+/)*?(?P<model>[^/:]+):"
            r"(?P<verb>generateContent|streamGenerateContent)"
        ),
        provider="google",
        read=gemini.read,
        failure=gemini.failure,
        failures=gemini.FAILURES,
        whole=gemini.whole,
        events=gemini.events,
        error_event=gemini.error_event,
    ),
    Dialect(
        path=re.compile(r"(?:/(?P<provider>[\w-]+))?/v1/messages"),
        provider="anthropic",
        read=anthropic.read,
        failure=anthropic.failure,
        failures=anthropic.FAILURES,
        whole=anthropic.whole,
        events=anthropic.events,
        error_event=anthropic.error_event,
        garbled=b"event: content_block_delta\ndata: {not json\n\n",
    ),
)


def dialect_of(request: Request) -> tuple[Dialect, dict[str, str]] | None:
    """The dialect that a request is in, with what its path says; None where it is not a call to a model."""
    for dialect in DIALECTS:
        if request.method == "POST" and (found := dialect.path.fullmatch(request.path)):
            named = {name: text for name, text in found.groupdict().items() if text}
            return dialect, {"provider": dialect.provider, **named}
    return None


def catalogue(request: Request, models: tuple[str, ...]) -> Mapping[str, Any] | None:
    """The list of models, if that is what a request asks for."""
    if request.method != "GET" or not re.fullmatch(r"(?:/[\w-]+)?/v1(?:beta|alpha)?/models/?", request.path):
        return None
    if "/v1beta" in request.path or "/v1alpha" in request.path or "x-goog-api-key" in request.headers:
        return {"models": [gemini.description(name) for name in models]}
    if "anthropic-version" in request.headers:
        return {"data": [anthropic.description(name) for name in models], "has_more": False}
    return {"object": "list", "data": [openai.description(name) for name in models]}
