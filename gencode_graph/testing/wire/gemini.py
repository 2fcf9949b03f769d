"""Gemini's dialect: generateContent, whole and as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gencode_graph.testing.wire.conversation import Conversation, Turn
from gencode_graph.testing.wire.faults import Fault
from gencode_graph.testing.wire.http import Request
from gencode_graph.testing.wire.said import Cost, Said

TYPE = "type.googleapis.com/google.rpc."
REASONS = {
    "stop": "STOP",
    "tool": "STOP",
    "length": "MAX_TOKENS",
    "filter": "SAFETY",
    "refusal": "STOP",
    "blocked": "SAFETY",
}

FAILURES: Mapping[str, tuple[int, str, str]] = {
    "429": (429, "RESOURCE_EXHAUSTED", "You sent too many requests this minute. Please retry in {wait}s."),
    "500": (500, "INTERNAL", "An internal error has occurred."),
    "503": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "401": (401, "UNAUTHENTICATED", "The request does not have valid authentication credentials."),
    "bad_key": (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    "403": (403, "PERMISSION_DENIED", "The caller does not have permission."),
    "404": (404, "NOT_FOUND", "models/{model} is not found."),
    "quota": (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing."),
    "context": (
        400,
        "INVALID_ARGUMENT",
        "The input token count ({tokens}) exceeds the maximum number of tokens allowed ({limit}).",
    ),
}
"""Fault -> code, status, message."""


def read(request: Request, path: Mapping[str, str]) -> Conversation:
    """A call, out of its JSON and its path."""
    body = request.json
    config = body.get("generationConfig") or {}
    turns = [
        Turn("assistant" if content.get("role") == "model" else "user", _text(content)) for content in body["contents"]
    ]
    declared = [tool for group in body.get("tools") or () for tool in group.get("functionDeclarations") or ()]
    tools = {tool["name"]: tool.get("parameters") or tool.get("parametersJsonSchema") or {} for tool in declared}
    return Conversation(
        dialect="gemini",
        provider=path["provider"],
        model=path["model"],
        system=_text(body.get("systemInstruction") or {}),
        turns=tuple(turns),
        stream=path["verb"] == "streamGenerateContent",
        schema=_schema(config),
        tools=tools,
        tool=_forced((body.get("toolConfig") or {}).get("functionCallingConfig") or {}, tools),
        max_tokens=config.get("maxOutputTokens"),
        key=request.key,
    )


def _text(content: Mapping[str, Any]) -> str:
    """The text of a content's parts; calls of tools and their results as JSON."""
    parts = content.get("parts") or ()
    others = ("functionCall", "functionResponse")
    return "".join(
        part.get("text") or next((json.dumps(part[name]) for name in others if name in part), "") for part in parts
    )


def _schema(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    schema: Mapping[str, Any] | None = config.get("responseJsonSchema") or config.get("responseSchema")
    return {} if schema is None and config.get("responseMimeType") == "application/json" else schema


def _forced(config: Mapping[str, Any], tools: Mapping[str, Any]) -> str | None:
    """The tool that has to be called."""
    if config.get("mode") != "ANY":
        return None
    allowed = config.get("allowedFunctionNames") or tools
    return next(iter(allowed), None)


def failure(fault: Fault, call: Conversation) -> tuple[int, Mapping[str, Any]]:
    """Status and body of an error."""
    code, status, message = FAILURES[fault.name]
    wait = 1 if fault.seconds is None else fault.seconds
    message = message.format(wait=wait, model=call.model, tokens=call.tokens, limit=max(1, call.tokens - 1))
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details := _details(fault.name, call, wait):
        error["details"] = details
    return code, {"error": error}


def _details(fault: str, call: Conversation, wait: float) -> list[dict[str, Any]]:
    if fault == "bad_key":
        domain = "googleapis.com"
        return [{"@type": f"{TYPE}ErrorInfo", "reason": "API_KEY_INVALID", "domain": domain}]
    if fault not in ("429", "quota"):
        return []
    span = "PerDay" if fault == "quota" else "PerMinute"
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": f"GenerateRequests{span}PerProjectPerModel-FreeTier",
        "quotaDimensions": {"location": "global", "model": call.model},
        "quotaValue": "50",
    }
    retry = [{"@type": f"{TYPE}RetryInfo", "retryDelay": f"{wait}s"}] if fault == "429" else []
    return [{"@type": f"{TYPE}QuotaFailure", "violations": [violation]}, *retry]


def error_event() -> bytes:
    """An error in the middle of a stream."""
    return _event({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}})


def whole(said: Said) -> Mapping[str, Any]:
    """A whole answer."""
    if said.reason == "blocked":
        return {"promptFeedback": {"blockReason": "SAFETY"}, **_tail(said)}
    if said.nothing:
        return {"candidates": [], **_tail(said)}
    return {"candidates": [_candidate(said, said.text, last=True)], **_tail(said)}


def events(said: Said) -> Iterator[bytes]:
    """The events of a stream, up to its end."""
    if said.reason == "blocked" or said.nothing:
        yield _event(whole(said))
        return
    *pieces, end = list(said.pieces()) or [""]
    for text in pieces:
        yield _event({"candidates": [_candidate(said, text, last=False)], **_tail(said, so_far=True)})
    yield _event({"candidates": [_candidate(said, end, last=True)], **_tail(said)})


def _candidate(said: Said, text: str, *, last: bool) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": text}] if text or not (last and said.tools) else []
    if last:
        parts += [{"functionCall": {"name": name, "args": _arguments(given)}} for name, given in said.tools]
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
    if last and said.reason == "filter" and not said.text:
        del candidate["content"]
    if last and said.reason:
        candidate["finishReason"] = REASONS[said.reason]
    return candidate


def _arguments(given: Mapping[str, Any] | str) -> Any:
    """What a tool is called with; text that is not JSON goes as it is, which is wrong here."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return given


def _tail(said: Said, *, so_far: bool = False) -> dict[str, Any]:
    """What stands at the end of every body and event."""
    tail: dict[str, Any] = {"modelVersion": said.call.model, "responseId": f"wire-{said.number}"}
    if said.told is not None:
        tail["usageMetadata"] = _usage(said.told, so_far)
    return tail


def _usage(cost: Cost, so_far: bool) -> dict[str, Any]:
    """In the middle of a stream only what was sent is known."""
    if so_far:
        return {"promptTokenCount": cost.tokens_in, "totalTokenCount": cost.tokens_in}
    usage = {"promptTokenCount": cost.tokens_in, "totalTokenCount": cost.tokens_in + cost.tokens_out}
    usage["candidatesTokenCount"] = cost.tokens_out - cost.thoughts
    return {**usage, "thoughtsTokenCount": cost.thoughts} if cost.thoughts else usage


def _event(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\r\n\r\n"


def description(model: str) -> Mapping[str, Any]:
    """A model in the list of models."""
    return {
        "name": f"models/{model}",
        "displayName": model,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }
