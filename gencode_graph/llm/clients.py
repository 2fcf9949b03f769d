"""A chat model of LangChain, asked for one answer: streamed, so that a cut is noticed, and told apart from its end."""

from __future__ import annotations

import asyncio
import warnings
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gencode_graph.errors import SettingError
from gencode_graph.llm.providers import provider_of
from gencode_graph.llm.redaction import redact
from gencode_graph.types import Finish, Prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

HARMLESS = ("Inheritance class AiohttpClientSession", "coroutine 'ClientResponse.json' was never awaited")
"""Warnings that google-genai causes by itself, at each client and at each error."""

FINISHES: Mapping[str, Finish] = {
    **dict.fromkeys(("stop", "end_turn", "stop_sequence", "tool_calls", "tool_use", "function_call"), "stop"),
    **dict.fromkeys(("complete", "completed", "eos", "eos_token"), "stop"),
    **dict.fromkeys(("length", "max_tokens", "model_length", "max_output_tokens"), "length"),
    **dict.fromkeys(("pause_turn", "model_context_window_exceeded"), "length"),
    **dict.fromkeys(("content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"), "filter"),
    **dict.fromkeys(("language", "image_safety", "error_toxic"), "filter"),
    "refusal": "refusal",
}
"""What providers say, in small letters -> what we call it; anything else is ``missing``."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a provider says a call cost."""

    tokens_in: int
    tokens_out: int
    cached: int = 0
    stored: int = 0


@dataclass(kw_only=True)
class Heard:
    """What came of an answer so far."""

    parts: list[str] = field(default_factory=list)
    reason: str = ""
    refusal: bool = False
    blocked: bool = False
    usage: Any = None
    begun: bool = False
    """Whether anything came at all."""

    @property
    def text(self) -> str:
        """All of it, without secrets."""
        return redact("".join(self.parts))

    @property
    def finish(self) -> Finish:
        """Why it ends there. To say nothing, and stop, is to refuse: streams of OpenAI show no more of a refusal."""
        if self.refusal or (self.reason and not self.text and FINISHES.get(self.reason.lower()) == "stop"):
            return "refusal"
        if self.blocked and not self.parts:
            return "filter"
        return FINISHES.get(self.reason.lower(), "missing")

    @property
    def told(self) -> Told | None:
        """The provider's own figures; None where there are none."""
        if not self.usage:
            return None
        details = self.usage.get("input_token_details") or {}
        return Told(
            tokens_in=self.usage["input_tokens"],
            tokens_out=self.usage["output_tokens"],
            cached=details.get("cache_read") or 0,
            stored=details.get("cache_creation") or 0,
        )

    def hear(self, chunk: AIMessageChunk) -> None:
        """Take the next piece in."""
        from langchain_core.messages.ai import add_usage

        self.begun = True
        self.parts += [chunk.text] if chunk.text else []
        if refusal := chunk.additional_kwargs.get("refusal"):
            self.refusal = True
            self.parts.append(str(refusal))
        if chunk.usage_metadata:
            self.usage = add_usage(self.usage, chunk.usage_metadata)
        metadata = chunk.response_metadata
        incomplete = (metadata.get("incomplete_details") or {}).get("reason")
        stopped = (metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason", "status"))
        self.reason = str(incomplete or next((reason for reason in stopped if reason), self.reason))
        self.blocked = self.blocked or bool((metadata.get("prompt_feedback") or {}).get("block_reason"))


class Client:
    """One model, with a client for each event loop that asks it."""

    def __init__(self, spec: str, timeout: float) -> None:
        self._spec = spec
        self._timeout = timeout
        self._models: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, BaseChatModel] = weakref.WeakKeyDictionary()

    async def connect(self) -> BaseChatModel:
        """The client of the running loop; ``SettingError`` where it cannot be made, for want of a key for instance."""
        loop = asyncio.get_running_loop()
        if loop not in self._models:
            self._models[loop] = await asyncio.to_thread(_build, self._spec, self._timeout)
        return self._models[loop]

    async def ask(self, prompt: Prompt, heard: Heard) -> None:
        """Hear an answer to its end. Raises whatever the SDK raises; what came before that has been heard."""
        model = await self.connect()
        stream = model.astream(_messages(prompt), **_options(model, self._spec, prompt))
        async for chunk in stream:
            heard.hear(chunk)

    async def close(self) -> None:
        """Close the connections of the running loop."""
        model = self._models.pop(asyncio.get_running_loop(), None)
        own = getattr(model, "http_async_client", None)
        if own is not None:
            await own.aclose()
        elif provider_of(self._spec) == "anthropic" and model is not None:
            await model.__dict__["_async_client"].close()
        elif model is not None and callable(close := getattr(model, "aclose", None)):
            await close()


def _build(spec: str, timeout: float) -> BaseChatModel:
    """A chat model with our time-out and without retries of its own, as far as its class knows such options."""
    from langchain.chat_models import init_chat_model

    for message in HARMLESS:
        warnings.filterwarnings("ignore", message=message)
    try:
        known = _options_of(init_chat_model(spec))
        wanted: dict[str, Any] = {"timeout": timeout, "max_retries": 0, "stream_usage": True}
        if provider_of(spec) == "ollama":
            wanted = {"client_kwargs": {"timeout": timeout}}
        if "http_async_client" in known:  # LangChain's own is shared between event loops, and cannot be closed
            import openai

            wanted["http_async_client"] = openai.DefaultAsyncHttpxClient(timeout=timeout)
        made: BaseChatModel = init_chat_model(spec, **{name: value for name, value in wanted.items() if name in known})
        if provider_of(spec) == "anthropic":
            _own_connections(made, timeout)
        return made
    except ImportError:
        raise
    except Exception as error:  # each provider's package has its own; at worst it shows a key
        reason = redact(str(error)).strip().splitlines()
        message = f"{spec} cannot be used: {reason[0] if reason else type(error).__name__}"
    raise SettingError(f"{message}; set its key, or another model with GENCODE_MODEL")


def _own_connections(model: Any, timeout: float) -> None:
    """LangChain lets all clients of Anthropic share one pool, whatever their event loop: give this one its own."""
    import anthropic

    pool = anthropic.DefaultAsyncHttpxClient(timeout=timeout)
    model.__dict__["_async_client"] = anthropic.AsyncAnthropic(**model._client_params, http_client=pool)


def _options_of(model: BaseChatModel) -> set[str]:
    fields = type(model).model_fields
    return set(fields) | {field.alias for field in fields.values() if field.alias}


def _messages(prompt: Prompt) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    turns: list[BaseMessage] = [
        AIMessage(text) if number % 2 else HumanMessage(text) for number, text in enumerate(prompt.messages)
    ]
    return [SystemMessage(prompt.system), *turns]


def _options(model: BaseChatModel, spec: str, prompt: Prompt) -> dict[str, Any]:
    """What differs from call to call: the room for the answer, and its JSON schema in the provider's own words.

    The schema is a hint, never strict: each provider's strict mode refuses other keywords. Parsing is the caller's.
    """
    provider = provider_of(spec)
    room = {"google_genai": "max_output_tokens", "google_vertexai": "max_output_tokens", "ollama": "num_predict"}
    options: dict[str, Any] = {room.get(provider, "max_tokens"): prompt.max_tokens}
    if prompt.shape is None:
        return options
    schema = prompt.shape.model_json_schema()
    if provider == "openai" and not getattr(model, "use_responses_api", None):
        named = {"name": prompt.shape.__name__, "schema": schema, "strict": False}
        options["extra_body"] = {"response_format": {"type": "json_schema", "json_schema": named}}
    elif provider == "google_genai":
        options |= {"response_mime_type": "application/json", "response_json_schema": schema}
    elif provider == "ollama":
        options["format"] = schema
    return options
