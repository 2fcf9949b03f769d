"""Real clients of three providers, and an end to each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient

from gencode_graph.testing import Wire

PROVIDERS = ("openai", "google", "anthropic")
Connect = Callable[..., BaseChatModel]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """``connect(wire, "openai")``: a client that asks once, and waits for two seconds."""
    closers: list[Callable[[], Any]] = []

    def make(wire: Wire, provider: str, **options: Any) -> BaseChatModel:
        common = {"base_url": wire.base_url(provider), "api_key": f"key-of-{provider}", "timeout": 2.0, **options}
        if provider == "google":
            google = ChatGoogleGenerativeAI(**{"model": "gemini-x", "max_retries": 1, **common})
            assert google.client is not None
            closers.append(google.client.aio.aclose)
            return google
        if provider == "anthropic":
            anthropic = ChatAnthropic(**{"model": "claude-x", "max_retries": 0, **common})
            closers.append(anthropic._async_client.close)
            return anthropic
        http = DefaultAsyncHttpxClient()
        closers.append(http.aclose)
        own = {"model": "gpt-x", "max_retries": 0, "stream_usage": True, "http_async_client": http}
        return ChatOpenAI(**{**own, **common})

    yield make
    for close in closers:
        await close()
