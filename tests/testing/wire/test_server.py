"""The server as the real clients meet it: who asked, what was said, what was counted, what is left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from blockbuster import blockbuster_ctx
from pydantic import BaseModel

from gencode_graph.errors import MissingError, SettingError, WiringError
from gencode_graph.testing import Answer, Conversation, Fault, Rule, Wire
from gencode_graph.testing.wire import count_tokens, read_log

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
]

PROVIDERS = ("openai", "google", "anthropic")
ASKED = [("system", "You are Derek, who writes code."), ("user", "Task: contracts, attempt 2\nWrite it.")]


class Place(BaseModel):
    """A line of a file."""

    path: str
    line: int


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_server_knows_who_asks_for_what(provider: str, connect) -> None:
    with Wire([Rule(agent="derek", kind="task", step="contracts", attempt=2, reply="Here it is.")]) as wire:
        assert (await connect(wire, provider).ainvoke(ASKED)).text == "Here it is."
    call = wire.calls[0]
    who = (call.provider, call.agent, call.kind, call.step, call.attempt, call.key, call.end)
    assert who == (provider, "derek", "task", "contracts", 2, f"key-of-{provider}", "sent")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_conversation_arrives_whole(provider: str, connect) -> None:
    asked = [*ASKED, ("assistant", "Which one?"), ("user", "All \u00fc of \u4e2d them.")]
    with Wire() as wire:
        await connect(wire, provider).ainvoke(asked)
    asked_for = wire.calls[0].conversation
    assert asked_for.system == "You are Derek, who writes code."
    assert [(turn.role, turn.text) for turn in asked_for.turns] == [
        ("user", "Task: contracts, attempt 2\nWrite it."),
        ("assistant", "Which one?"),
        ("user", "All \u00fc of \u4e2d them."),
    ]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("text", ["Short.", "Some \u00fcber \u4e2d \U0001f600 text\r\n\r\ndata: x\n" * 200])
async def test_a_stream_says_the_same_in_pieces(provider: str, text: str, connect) -> None:
    with Wire([Rule(reply=text)]) as wire:
        chunks = [chunk async for chunk in connect(wire, provider).astream(ASKED)]
    assert "".join(chunk.text for chunk in chunks) == text
    assert len([chunk for chunk in chunks if chunk.text]) > (1 if len(text) > 50 else 0)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("stream", [False, True])
async def test_clients_are_told_the_tokens_that_the_server_counts(provider: str, stream: bool, connect) -> None:
    said = Answer(text="Twelve bytes", thoughts=40)
    with Wire([Rule(reply=said)]) as wire:
        client = connect(wire, provider)
        if stream:
            usages = [chunk.usage_metadata async for chunk in client.astream(ASKED)]
            told = [sum(usage[name] for usage in usages if usage) for name in ("input_tokens", "output_tokens")]
        else:
            usage = (await client.ainvoke(ASKED)).usage_metadata
            told = [usage["input_tokens"], usage["output_tokens"]]
        assert wire.usage == wire.told, "known as soon as the client has its answer"
    assert told == [wire.usage.tokens_in, wire.usage.tokens_out]
    assert wire.usage.tokens_out == 40 + count_tokens("Twelve bytes") == 43


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
async def test_structured_answers_are_read_by_the_clients(provider: str, method: str, connect) -> None:
    with Wire([Rule(reply='{"path": "a.py", "line": 3}')]) as wire:
        client = connect(wire, provider).with_structured_output(Place, method=method)
        assert await client.ainvoke(ASKED) == Place(path="a.py", line=3)
    asked = wire.calls[0].conversation
    schema = asked.schema if method == "json_schema" else asked.tools["Place"]
    assert schema is not None
    assert set(schema["properties"]) == {"path", "line"}
    assert asked.tool == (None if method == "json_schema" else "Place")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("stream", [False, True])
async def test_tools_are_called_beside_text(provider: str, stream: bool, connect) -> None:
    said = Answer(text="I look.", calls=(("Place", {"path": "a.py", "line": 3}), ("Place", {"path": "b", "line": 4})))
    with Wire([Rule(reply=said)]) as wire:
        client = connect(wire, provider).bind_tools([Place])
        if stream:
            message = None
            async for chunk in client.astream(ASKED):
                message = chunk if message is None else message + chunk
        else:
            message = await client.ainvoke(ASKED)
    assert message is not None
    assert [(call["name"], call["args"]) for call in message.tool_calls] == list(said.calls)
    assert message.text in ("I look.", "")


async def test_only_json_may_be_asked_for(connect) -> None:
    with Wire([Rule(reply="{}")]) as wire:
        await connect(wire, "openai").bind(response_format={"type": "json_object"}).ainvoke(ASKED)
        await connect(wire, "google", response_mime_type="application/json").ainvoke(ASKED)
        await connect(wire, "openai").ainvoke(ASKED)
    assert [call.conversation.schema for call in wire.calls] == [{}, {}, None]


@pytest.mark.parametrize(
    ("provider", "option"), [("openai", "max_tokens"), ("google", "max_output_tokens"), ("anthropic", "max_tokens")]
)
async def test_an_answer_ends_where_the_client_says(provider: str, option: str, connect) -> None:
    with Wire([Rule(reply="four" * 100)]) as wire:
        message = await connect(wire, provider, **{option: 25}).ainvoke(ASKED)
    assert message.text == "four" * 25
    assert wire.usage.tokens_out == 25
    about = message.response_metadata
    assert (about.get("finish_reason") or about["stop_reason"]).lower() in ("length", "max_tokens")


async def test_a_client_that_waits_as_it_is_told_gets_an_answer(connect) -> None:
    rules = [Rule(fault=Fault("429", seconds=0.3), times=1), Rule(fault="503", times=1), Rule(reply="At last.")]
    with Wire(rules) as wire:
        began = time.monotonic()
        assert (await connect(wire, "openai", max_retries=2).ainvoke(ASKED)).text == "At last."
        assert time.monotonic() - began >= 0.3
    assert [call.fault for call in wire.calls] == ["429", "503", None]
    assert wire.usage.calls == 1


@pytest.mark.parametrize(
    ("provider", "kind", "code", "detail"),
    [
        ("openai", "quota", 429, "insufficient_quota"),
        ("openai", "429", 429, "rate_limit_exceeded"),
        ("openai", "context", 400, "context_length_exceeded"),
        ("google", "quota", 429, "PerDay"),
        ("google", "429", 429, "PerMinute"),
        ("google", "429", 429, '"retryDelay": "7s"'),
        ("google", "bad_key", 400, "API_KEY_INVALID"),
        ("openai", "503", 503, "overloaded"),
        ("anthropic", "503", 529, "overloaded_error"),
    ],
)
async def test_an_error_says_in_the_providers_words_what_it_is(
    provider: str, kind: str, code: int, detail: str
) -> None:
    with Wire([Rule(fault=Fault(kind, seconds=7))]) as wire:
        answer = await post(wire, provider)
    assert (answer.status_code, answer.headers.get("retry-after")) == (code, "7" if kind in ("429", "503") else None)
    assert detail in answer.text


BODIES = {
    "openai": ("/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}),
    "google": ("/v1beta/models/m:generateContent", {"contents": [{"parts": [{"text": "Hi"}]}]}),
    "anthropic": ("/v1/messages", {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}),
}


async def post(wire: Wire, provider: str) -> httpx.Response:
    path, body = BODIES[provider]
    async with httpx.AsyncClient() as client:
        return await client.post(wire.url + path, json=body)


async def test_other_providers_that_speak_openais_dialect_are_told_apart(connect) -> None:
    with Wire([Rule(provider="deepseek", reply="Deep."), Rule(reply="Open.")]) as wire:
        texts = [(await connect(wire, name).ainvoke(ASKED)).text for name in ("openai", "deepseek", "groq")]
    assert texts == ["Open.", "Deep.", "Open."]
    assert [call.provider for call in wire.calls] == ["openai", "deepseek", "groq"]


async def test_the_environment_points_clients_at_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "from langchain_openai import ChatOpenAI; from langchain_google_genai import ChatGoogleGenerativeAI\n"
        "print(ChatOpenAI(model='m').invoke('x').text, ChatGoogleGenerativeAI(model='m').invoke('x').text)"
    )
    with Wire(otherwise="Heard.") as wire:
        ran = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", script],
            env={**os.environ, **wire.env},
            capture_output=True,
            text=True,
        )
    assert ran.stdout.split() == ["Heard.", "Heard."], ran.stderr[-500:]
    assert {call.key for call in wire.calls} == {"wire-key"}


async def test_the_models_are_listed_for_every_dialect() -> None:
    with Wire(models=("one", "two")) as wire:
        async with httpx.AsyncClient(base_url=wire.url) as client:
            openai = (await client.get("/v1/models")).json()
            google = (await client.get("/v1beta/models")).json()
            anthropic = (await client.get("/v1/models", headers={"anthropic-version": "2023-06-01"})).json()
    assert [model["id"] for model in openai["data"]] == ["one", "two"]
    assert [model["name"] for model in google["models"]] == ["models/one", "models/two"]
    assert [model["type"] for model in anthropic["data"]] == ["model", "model"]
    assert wire.calls == ()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/nothing", b"{}", 404),
        ("/v1/chat/completions", b"{", 400),
        ("/v1/chat/completions", b'{"model": 1}', 400),
        ("/v1/chat/completions", b"[]", 400),
        ("/v1/chat/completions", b'{"model": 1, "messages": []}', 400),
        ("/v1/messages", b"null", 400),
        ("/v1beta/models/m:generateContent", b"{}", 400),
    ],
)
async def test_what_is_no_call_is_refused_and_not_counted(path: str, body: bytes, status: int) -> None:
    with Wire() as wire:
        async with httpx.AsyncClient(base_url=wire.url) as client:
            assert (await client.post(path, content=body)).status_code == status
    assert wire.calls == ()


async def test_bytes_that_are_no_http_end_the_connection_and_nothing_else() -> None:
    with Wire(otherwise="Still here.") as wire:
        for noise in (b"\0\1\2\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b""):
            with socket.create_connection(("127.0.0.1", wire.port), timeout=5) as plug:
                plug.sendall(noise)
                plug.shutdown(socket.SHUT_WR)
                assert plug.recv(1) == b""
        assert (await post(wire, "openai")).json()["choices"][0]["message"]["content"] == "Still here."


async def test_a_request_may_come_in_chunks() -> None:
    path, body = BODIES["openai"]

    async def pieces():
        text = str(body).replace("'", '"').encode()
        yield text[:10]
        yield text[10:]

    with Wire(otherwise="Heard.") as wire:
        async with httpx.AsyncClient(base_url=wire.url) as client:
            assert (await client.post(path, content=pieces())).status_code == 200


async def test_fifty_calls_at_once_are_answered_side_by_side(connect) -> None:
    with Wire([Rule(reply=lambda call: call.last.upper(), delay=0.5)]) as wire:
        clients = [connect(wire, provider, timeout=20) for provider in PROVIDERS]
        began = time.monotonic()
        answers = await asyncio.gather(*(clients[n % 3].ainvoke(f"number {n}") for n in range(50)))
        seconds = time.monotonic() - began
    assert [answer.text for answer in answers] == [f"NUMBER {n}" for n in range(50)]
    assert sorted(call.number for call in wire.calls) == list(range(1, 51))
    assert wire.usage.calls == 50
    assert 40 <= wire.at_once <= 50
    assert seconds < 10


def open_sockets() -> int:
    return sum(fd.is_socket() for fd in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("fault", [None, "hang", "stall", "drip"])
def test_nothing_is_left_when_the_block_ends(fault: str | None) -> None:
    gc.collect()
    threads, sockets = threading.active_count(), open_sockets()
    path, body = BODIES["openai"]
    text = str(body).replace("'", '"')
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {len(text)}\r\n\r\n"
    plugs = []
    with Wire([Rule(reply="x" * 500_000, fault=fault and Fault(fault, seconds=60))]) as wire:
        for _ in range(10):
            plugs.append(socket.create_connection(("127.0.0.1", wire.port), timeout=5))
            plugs[-1].sendall((head + text).encode())
        while len(wire.calls) < 10:
            time.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    for plug in plugs:
        plug.close()
    gc.collect()
    assert threading.active_count() == threads
    assert open_sockets() == sockets


async def test_it_starts_and_stops_in_async_code_without_blocking_it(connect) -> None:
    async with Wire(otherwise="Heard.") as wire:
        assert (await connect(wire, "google").ainvoke(ASKED)).text == "Heard."
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", wire.port), timeout=1)


async def test_it_keeps_its_port_and_its_record_when_it_is_started_again() -> None:
    wire = Wire(otherwise="Heard.")
    for round_ in (1, 2):
        with wire:
            port = wire.port
            await post(wire, "openai")
        assert (wire.port, len(wire.calls)) == (port, round_)


def test_a_port_in_use_is_an_error_that_says_what_to_do() -> None:
    with Wire() as wire, pytest.raises(MissingError, match=f"port {wire.port}.*choose another, or 0"):
        Wire(port=wire.port).start()
    with wire, pytest.raises(WiringError, match="runs already"):
        wire.start()
    with pytest.raises(SettingError, match="from 0 to 65535, not 70000"):
        Wire(port=70_000)


async def test_a_reply_that_raises_is_told_to_the_client_and_at_the_end() -> None:
    def broken(call: Conversation) -> str:
        raise LookupError("no such text")

    wire = Wire([Rule(reply=broken)])
    wire.start()
    answer = await post(wire, "openai")
    assert answer.status_code == 500
    assert "no such text" in answer.text
    with pytest.raises(WiringError, match="no such text"):
        wire.__exit__(None, None, None)


async def test_a_client_that_leaves_is_noticed() -> None:
    with Wire([Rule(reply="Late.", delay=30)]) as wire:
        with pytest.raises(httpx.ReadTimeout):
            async with httpx.AsyncClient(timeout=0.2) as client:
                await client.post(wire.url + BODIES["openai"][0], json=BODIES["openai"][1])
        for _ in range(100):
            if wire.calls[0].end == "left":
                break
            await asyncio.sleep(0.05)
    assert wire.calls[0].end == "left"
    assert wire.usage.calls == 1, "the model had begun: it is paid for"


async def test_nothing_blocks_the_servers_own_loop(tmp_path: Path) -> None:
    async with Wire([Rule(reply="Said.", delay=0.05)], log=tmp_path / "calls.jsonl") as wire:
        with blockbuster_ctx():
            assert (await post(wire, "openai")).status_code == 200
    assert read_log(tmp_path / "calls.jsonl")[0]["end"] == "sent"


async def test_the_record_is_on_disk_while_the_server_runs(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    for fault in (None, "cut", "401"):
        with Wire([Rule(reply="Said.", fault=fault)], log=log) as wire:
            try:
                await post(wire, "openai")
            except httpx.RemoteProtocolError:
                assert fault == "cut"
            assert read_log(log)[-1]["text"] == ("" if fault == "401" else "Said.")
    calls = read_log(log)
    assert [(call["fault"], call["end"], call["tokens_out"]) for call in calls] == [
        (None, "sent", 2), ("cut", "broken", 2), ("401", "sent", 0),
    ]  # fmt: skip
    assert len({call["digest"] for call in calls}) == 1
    assert len({call["server"] for call in calls}) == 3
    assert wire.calls[0].conversation.digest == calls[0]["digest"]
    log.write_text(log.read_text() + '{"server": "x", "num')
    assert read_log(log) == calls
