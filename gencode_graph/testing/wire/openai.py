"""OpenAI's dialect: chat completions, whole and as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gencode_graph.testing.wire.conversation import Conversation, Role, Turn
from gencode_graph.testing.wire.faults import Fault
from gencode_graph.testing.wire.http import Request
from gencode_graph.testing.wire.said import Cost, Said

CREATED = 1_790_000_000
"""When every answer was made, in seconds since 1970; the same for all, so that answers can be compared."""
REASONS = {
    "stop": "stop",
    "length": "length",
    "filter": "content_filter",
    "refusal": "stop",
    "tool": "tool_calls",
    "blocked": "content_filter",
}

FAILURES: Mapping[str, tuple[int, str, str, str | None]] = {
    "429": (429, "Rate limit reached for requests per minute.", "requests", "rate_limit_exceeded"),
    "500": (500, "The server had an error while processing your request.", "server_error", None),
    "503": (503, "The engine is currently overloaded, please try again later.", "server_error", "overloaded"),
    "401": (401, "Your authentication credentials are not accepted.", "invalid_request_error", "invalid_api_key"),
    "bad_key": (401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    "403": (403, "This project may not use this model.", "invalid_request_error", "model_not_allowed"),
    "404": (404, "The model {model} does not exist.", "invalid_request_error", "model_not_found"),
    "quota": (429, "You exceeded your current quota, check your plan.", "insufficient_quota", "insufficient_quota"),
    "context": (
        400,
        "This model's maximum context length is {limit} tokens. However, your messages resulted in {tokens} tokens.",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    "filter_prompt": (400, "The prompt was refused by a filter.", "invalid_request_error", "content_filter"),
}
"""Fault -> status, message, type, code."""


def read(request: Request, path: Mapping[str, str]) -> Conversation:
    """A call, out of its JSON."""
    body = request.json
    system, turns = [], []
    for message in body["messages"]:
        role = message["role"]
        if role in ("system", "developer"):
            system.append(_text(message.get("content")))
        else:
            calls = [f"{c['function']['name']}({c['function']['arguments']})" for c in message.get("tool_calls") or ()]
            known: dict[str, Role] = {"assistant": "assistant", "tool": "tool"}
            turns.append(
                Turn(known.get(role, "user"), "\n".join(filter(None, [_text(message.get("content")), *calls])))
            )
    tools = {tool["function"]["name"]: tool["function"].get("parameters", {}) for tool in body.get("tools") or ()}
    stream = bool(body.get("stream"))
    return Conversation(
        dialect="openai",
        provider=path["provider"],
        model=body["model"],
        system="\n\n".join(system),
        turns=tuple(turns),
        stream=stream,
        usage_wanted=not stream or bool((body.get("stream_options") or {}).get("include_usage")),
        schema=_schema(body.get("response_format")),
        tools=tools,
        tool=_forced(body.get("tool_choice"), tools),
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        key=request.key,
    )


def _text(content: Any) -> str:
    """The text of a message's content, which is text, a list of parts, or nothing."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def _schema(wanted: Any) -> Mapping[str, Any] | None:
    if not wanted or wanted["type"] == "text":
        return None
    schema: Mapping[str, Any] = wanted["json_schema"]["schema"] if wanted["type"] == "json_schema" else {}
    return schema


def _forced(choice: Any, tools: Mapping[str, Any]) -> str | None:
    """The tool that has to be called."""
    if isinstance(choice, dict):
        return str(choice["function"]["name"])
    return next(iter(tools), None) if choice == "required" else None


def failure(fault: Fault, call: Conversation) -> tuple[int, Mapping[str, Any]]:
    """Status and body of an error."""
    status, message, kind, code = FAILURES[fault.name]
    message = message.format(model=f"`{call.model}`", tokens=call.tokens, limit=max(1, call.tokens - 1))
    return status, {"error": {"message": message, "type": kind, "param": None, "code": code}}


def error_event() -> bytes:
    """An error in the middle of a stream."""
    return _event({"error": {"message": "The server is overloaded.", "type": "server_error", "code": "overloaded"}})


def whole(said: Said) -> Mapping[str, Any]:
    """A whole answer."""
    refused = said.reason == "refusal"
    message: dict[str, Any] = {"role": "assistant", "content": None if refused or said.tools else said.text}
    message["refusal"] = said.text if refused else None
    if said.tools:
        message["tool_calls"] = [_tool(said, place) for place in range(len(said.tools))]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(said)}
    told = {"usage": _usage(said.told)} if said.told else {}
    return {**_base(said, "chat.completion"), "choices": [] if said.nothing else [choice], **told}


def events(said: Said) -> Iterator[bytes]:
    """The events of a stream, up to its end."""

    def piece(delta: Mapping[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return _event({**_base(said, "chat.completion.chunk"), "choices": [choice]})

    if not said.nothing:
        yield piece({"role": "assistant", "content": ""})
        for text in said.pieces():
            yield piece({"refusal" if said.reason == "refusal" else "content": text})
        for place in range(len(said.tools)):
            tool = {"index": place, **_tool(said, place)}
            arguments, half = tool["function"]["arguments"], len(tool["function"]["arguments"]) // 2
            named = {**tool, "function": {**tool["function"], "arguments": arguments[:half]}}
            yield piece({"tool_calls": [named]})
            yield piece({"tool_calls": [{"index": place, "function": {"arguments": arguments[half:]}}]})
        if said.reason is None:
            return
        yield piece({}, _reason(said))
    if said.told and said.call.usage_wanted:
        yield _event({**_base(said, "chat.completion.chunk"), "choices": [], "usage": _usage(said.told)})
    yield b"data: [DONE]\n\n"


def _base(said: Said, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{said.number}", "object": kind, "created": CREATED, "model": said.call.model}


def _reason(said: Said) -> str | None:
    return REASONS[said.reason] if said.reason else None


def _tool(said: Said, place: int) -> dict[str, Any]:
    name, arguments = said.tools[place]
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    function = {"name": name, "arguments": text}
    return {"id": f"call_{said.number}_{place}", "type": "function", "function": function}


def _usage(cost: Cost) -> dict[str, Any]:
    return {
        "prompt_tokens": cost.tokens_in,
        "completion_tokens": cost.tokens_out,
        "total_tokens": cost.tokens_in + cost.tokens_out,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": cost.thoughts, "audio_tokens": 0},
    }


def _event(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def description(model: str) -> Mapping[str, Any]:
    """A model in the list of models."""
    return {"id": model, "object": "model", "created": CREATED, "owned_by": "gencode-wire"}
