"""Anthropic's dialect: messages, whole and as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gencode_graph.testing.wire.conversation import Conversation, Turn
from gencode_graph.testing.wire.faults import Fault
from gencode_graph.testing.wire.http import Request
from gencode_graph.testing.wire.said import Cost, Said

REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "filter": "refusal",
    "refusal": "refusal",
    "tool": "tool_use",
    "blocked": "refusal",
}

FAILURES: Mapping[str, tuple[int, str, str]] = {
    "429": (429, "rate_limit_error", "This request would exceed your organization's rate limit."),
    "500": (500, "api_error", "Internal server error"),
    "503": (529, "overloaded_error", "Overloaded"),
    "401": (401, "authentication_error", "The credentials are not accepted."),
    "bad_key": (401, "authentication_error", "invalid x-api-key"),
    "403": (403, "permission_error", "This key may not use this model."),
    "404": (404, "not_found_error", "model: {model}"),
    "quota": (400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    "context": (400, "invalid_request_error", "prompt is too long: {tokens} tokens > {limit} maximum"),
    "filter_prompt": (400, "invalid_request_error", "Output blocked by content filtering policy"),
}
"""Fault -> status, type, message."""


def read(request: Request, path: Mapping[str, str]) -> Conversation:
    """A call, out of its JSON."""
    body = request.json
    turns = [
        Turn("assistant" if message["role"] == "assistant" else "user", _text(message["content"]))
        for message in body["messages"]
    ]
    choice = body.get("tool_choice") or {}
    tools = {tool["name"]: tool.get("input_schema", {}) for tool in body.get("tools") or ()}
    return Conversation(
        dialect="anthropic",
        provider=path["provider"],
        model=body["model"],
        system=_text(body.get("system") or ""),
        turns=tuple(turns),
        stream=bool(body.get("stream")),
        schema=_schema(body),
        tools=tools,
        tool=choice.get("name") or (next(iter(tools), None) if choice.get("type") == "any" else None),
        max_tokens=body.get("max_tokens"),
        key=request.key,
    )


def _text(content: Any) -> str:
    """The text of a message's content; calls of tools and their results as JSON."""
    if isinstance(content, str):
        return content
    return "".join(block["text"] if block["type"] == "text" else json.dumps(block) for block in content)


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    schema: Mapping[str, Any] | None = wanted.get("schema")
    return schema


def failure(fault: Fault, call: Conversation) -> tuple[int, Mapping[str, Any]]:
    """Status and body of an error."""
    status, kind, message = FAILURES[fault.name]
    message = message.format(model=call.model, tokens=call.tokens, limit=max(1, call.tokens - 1))
    return status, {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_wire"}


def error_event() -> bytes:
    """An error in the middle of a stream."""
    return _event("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})


def whole(said: Said) -> Mapping[str, Any]:
    """A whole answer."""
    blocks: list[dict[str, Any]] = [{"type": "text", "text": said.text}] if said.text else []
    blocks += [_tool(said, place) for place in range(len(said.tools))]
    reason = REASONS[said.reason] if said.reason else None
    return {**_base(said), "content": [] if said.nothing else blocks, "stop_reason": reason, **_usage(said.told)}


def events(said: Said) -> Iterator[bytes]:
    """The events of a stream, up to its end."""
    begun = Cost(tokens_in=said.told.tokens_in, tokens_out=0) if said.told else None
    yield _event("message_start", {"message": {**_base(said), "content": [], "stop_reason": None, **_usage(begun)}})
    place = 0
    if said.text and not said.nothing:
        yield _event("content_block_start", {"index": place, "content_block": {"type": "text", "text": ""}})
        for text in said.pieces():
            yield _event("content_block_delta", {"index": place, "delta": {"type": "text_delta", "text": text}})
        yield _event("content_block_stop", {"index": place})
        place += 1
    for number in range(len(said.tools)):
        tool = _tool(said, number)
        arguments = json.dumps(tool["input"])
        yield _event("content_block_start", {"index": place, "content_block": {**tool, "input": {}}})
        delta = {"type": "input_json_delta", "partial_json": arguments}
        yield _event("content_block_delta", {"index": place, "delta": delta})
        yield _event("content_block_stop", {"index": place})
        place += 1
    if said.reason is None:
        return
    end = {"stop_reason": REASONS[said.reason], "stop_sequence": None}
    yield _event("message_delta", {"delta": end, **_usage(said.told)})
    yield _event("message_stop", {})


def _base(said: Said) -> dict[str, Any]:
    fixed = {"type": "message", "role": "assistant", "stop_sequence": None}
    return {"id": f"msg_{said.number}", "model": said.call.model, **fixed}


def _tool(said: Said, place: int) -> dict[str, Any]:
    name, arguments = said.tools[place]
    return {"type": "tool_use", "id": f"toolu_{said.number}_{place}", "name": name, "input": arguments}


def _usage(cost: Cost | None) -> dict[str, Any]:
    return {"usage": {"input_tokens": cost.tokens_in, "output_tokens": cost.tokens_out}} if cost else {}


def _event(kind: str, value: Mapping[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **value})}\n\n".encode()


def description(model: str) -> Mapping[str, Any]:
    """A model in the list of models."""
    return {"type": "model", "id": model, "display_name": model, "created_at": "2026-09-21T00:00:00Z"}
