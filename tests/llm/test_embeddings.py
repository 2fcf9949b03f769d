"""A provider's embedder: its name, its key, and what comes when the provider does not answer."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from gencode_graph.errors import MissingError, ModelError, SettingError
from gencode_graph.memory.embedders import embedder

NAME = "openai:text-embedding-3-small"


class Endpoint(BaseHTTPRequestHandler):
    """Answers as OpenAI's endpoint does: a vector of three numbers a text; an error for a text ``fail``."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        failing = asked["input"] == ["fail"]
        data = [{"index": i, "object": "embedding", "embedding": [3.0, 4.0, 0.0]} for i in range(len(asked["input"]))]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        answer = {"object": "list", "data": data, "model": asked["model"], "usage": usage}
        body = json.dumps({"error": {"message": "no such model"}} if failing else answer).encode()
        self.send_response(404 if failing else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("endpoint")
async def test_its_vectors_are_brought_to_unit_length() -> None:
    one = embedder(NAME)
    assert one.dimensions == 1536
    assert await one.embed([]) == []
    vectors = await one.embed(["a", "b"])
    assert [[round(x, 6) for x in vector] for vector in vectors] == [[0.6, 0.8, 0.0]] * 2
    assert one.dimensions == 3


@pytest.mark.usefixtures("endpoint")
async def test_a_provider_that_refuses_is_named_with_what_else_could_be_used() -> None:
    with pytest.raises(ModelError, match=r"text-embedding-3-small embedded nothing.*lexical or minilm"):
        await embedder(NAME).embed(["fail"])


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        (NAME, SettingError, "set OPENAI_API_KEY"),
        ("nobody:model", SettingError, "no provider 'nobody'; known: .*openai"),
        ("cohere:embed-v4.0", MissingError, "pip install langchain-cohere"),
    ],
)
def test_what_is_missing_is_named(name: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        embedder(name)


def test_unknown_dimensions_are_not_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with pytest.raises(SettingError, match="after its first text"):
        _ = embedder("openai:another").dimensions


def test_length_is_taken_from_the_numbers() -> None:
    from gencode_graph.llm.embeddings import _unit

    assert math.isclose(sum(x * x for x in _unit([1.0, 2.0, 2.0])), 1)
