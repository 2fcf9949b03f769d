"""What dialects read and write, whatever comes."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.testing import Answer, Conversation, Fault
from gencode_graph.testing.wire import FAULTS, Turn, count_tokens
from gencode_graph.testing.wire.dialects import DIALECTS, dialect_of
from gencode_graph.testing.wire.http import Request, read_request
from gencode_graph.testing.wire.said import say

WORDS = st.sampled_from("""
    model messages role content user system assistant tool_calls function name arguments contents parts text type
    generationConfig responseSchema tools functionDeclarations stream toolConfig functionCallingConfig mode ANY any
    tool_choice required response_format json_schema schema max_tokens stream_options systemInstruction output_config
""".split())  # fmt: skip  # noqa: SIM905
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)
MESSAGES = st.lists(st.fixed_dictionaries({"role": WORDS, "content": JSON}) | JSON, max_size=3)
BODIES = JSON | st.fixed_dictionaries(
    {"model": st.just("m"), "messages": MESSAGES, "contents": MESSAGES},
    optional={"tools": JSON, "tool_choice": JSON, "response_format": JSON, "generationConfig": JSON, "system": JSON},
)
PATHS = ["/v1/chat/completions", "/v1beta/models/m:generateContent", "/v1/messages"]


def request(path: str, body: bytes = b"{}") -> Request:
    return Request(method="POST", path=path, query={}, headers={}, body=body)


@pytest.mark.parametrize("path", PATHS)
@given(body=BODIES)
def test_any_json_is_read_or_refused(path: str, body: Any) -> None:
    asked = request(path, json.dumps(body).encode())
    found = dialect_of(asked)
    assert found is not None
    try:
        conversation = found[0].read(asked, found[1])
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    assert conversation.tokens >= 0
    assert (conversation.digest, conversation.last, conversation.agent, conversation.step) is not None
    assert isinstance(conversation.user, str)


@pytest.mark.parametrize(
    ("path", "provider", "model"),
    [
        ("/v1/chat/completions", "openai", None),
        ("/deepseek/v1/chat/completions", "deepseek", None),
        ("/v1beta/models/gemini-2.5-flash:generateContent", "google", "gemini-2.5-flash"),
        ("/v1/models/x:streamGenerateContent", "google", "x"),
        ("/mine/v1beta/models/x:generateContent", "mine", "x"),
        ("/v1beta/publishers/google/models/x:generateContent", "google", "x"),
        ("/v1/messages", "anthropic", None),
        ("/other/v1/messages", "other", None),
    ],
)
def test_the_path_says_which_provider_is_meant(path: str, provider: str, model: str | None) -> None:
    found = dialect_of(request(path))
    assert found is not None
    assert (found[1]["provider"], found[1].get("model")) == (provider, model)


@pytest.mark.parametrize(
    "path", ["/v1/completions", "/v1/responses", "/v1beta/models/x:embedContent", "/v1/messages/x"]
)
def test_other_paths_are_no_calls(path: str) -> None:
    assert dialect_of(request(path)) is None


@given(
    text=st.text(st.characters(codec="utf-8")),
    fault=st.sampled_from([None, *FAULTS]),
    at=st.floats(0, 1),
    thoughts=st.integers(0, 50),
    room=st.none() | st.integers(1, 60),
)
def test_what_is_said_fits_and_is_counted(
    text: str, fault: str | None, at: float, thoughts: int, room: int | None
) -> None:
    call = Conversation(
        dialect="openai", provider="openai", model="m", turns=(Turn("user", "Hi"),), max_tokens=room, stream=True
    )
    said = say(call, 1, Answer(text=text, thoughts=thoughts), Fault(fault, at=at) if fault else None)
    assert "".join(said.pieces()) == said.text
    assert said.cost.tokens_out == count_tokens(said.text) + said.cost.thoughts
    assert said.cost.thoughts <= thoughts
    if said.reason == "length" and fault is None:
        assert said.cost.tokens_out <= (room or 0)
        assert text.startswith(said.text)
    if said.reason == "stop" and fault is None:
        assert said.text == text
    for dialect in DIALECTS:
        assert all(event.endswith(b"\n") for event in dialect.events(said))
        json.dumps(dialect.whole(said))


@given(body=st.binary(max_size=300), cuts=st.lists(st.integers(0, 400), max_size=6), chunked=st.booleans())
async def test_a_request_is_read_however_it_is_cut(body: bytes, cuts: list[int], chunked: bool) -> None:
    how = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked and body else b"0\r\n\r\n" if chunked else body
    data = b"POST /a/b?x=1&y=%20 HTTP/1.1\r\nHost: h\r\nX-API-Key:  k \r\n" + how + b"\r\n\r\n" + sent
    reader = asyncio.StreamReader()
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    reading = asyncio.ensure_future(read_request(reader))
    for start, end in pairwise(places):
        reader.feed_data(data[start:end])
        await asyncio.sleep(0)
    reader.feed_eof()
    read = await reading
    assert read is not None
    assert (read.method, read.path, read.query, read.key, read.body) == (
        "POST",
        "/a/b",
        {"x": "1", "y": " "},
        "k",
        body,
    )


@given(noise=st.binary(max_size=200))
async def test_noise_is_no_request(noise: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"\0" + noise)
    reader.feed_eof()
    read = await read_request(reader)
    assert read is None or read.method.startswith("\0")
