"""The store on a Chroma server: the same operations as in a folder, several writers, and a server in trouble."""

from __future__ import annotations

import asyncio
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from langgraph.store.base import PutOp

from gencode_graph.decisions import Context
from gencode_graph.errors import SettingError, StorageError
from gencode_graph.memory import address, connect_memory
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import ChromaStore, connect_store
from gencode_graph.settings import Settings
from tests.memory import test_store_conformance

pytestmark = pytest.mark.slow

WRITER = """
import asyncio, sys
from langgraph.store.base import PutOp
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import connect_store

async def main(url, name, number):
    async with connect_store(None, Lexical(), url=url, fields=["text"]) as store:
        for i in range(0, int(number), 10):
            texts = {f"{name}{j}": f"{name} wrote number {j}" for j in range(i, i + 10)}
            puts = [PutOp(("shared", name), key, {"text": text}) for key, text in texts.items()]
            await store.abatch([*puts, PutOp(("shared", "both"), f"{i % 50}", {"text": f"{name} was here"})])

asyncio.run(main(*sys.argv[1:]))
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Chroma's own server, until the block ends."""
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait(f"http://127.0.0.1:{port}/api/v2/heartbeat", server)
        yield server
    finally:
        server.kill()
        server.wait()


def writer(url: str, name: str, number: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, url, name, str(number)])


def wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """In memory, where there is such a folder: Chroma waits for the disk with each write."""
    port, memory = free_port(), Path("/dev/shm")
    folder = TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
    with folder as name, serving(Path(name), port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def url(server: str) -> str:
    """An empty database on the server."""
    name = f"d{uuid.uuid4().hex}"
    asked = urllib.request.Request(
        f"{server}/api/v2/tenants/default_tenant/databases",
        json.dumps({"name": name}).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(asked, timeout=30).close()
    return f"{server}?database={name}"


@pytest.fixture
def opened(url: str, letters: Any) -> Any:
    """Takes the place of the fixture that opens a store in a folder."""

    def opener(embedder: Any = letters, **options: Any) -> AbstractAsyncContextManager[ChromaStore]:
        return connect_store(None, embedder, url=url, **options)

    return opener


@pytest.fixture
def pace() -> float:
    """A server may take its time."""
    return 4.0


@pytest.fixture
async def store(opened: Any) -> AsyncIterator[ChromaStore]:
    async with opened() as one:
        yield one


def cases() -> dict[str, Any]:
    """The tests of a store in a folder, but for those of what is refused before a store is asked.

    They take the fixtures ``store``, ``opened`` and ``pace`` of the module that they are in.
    """
    every = vars(test_store_conformance).items()
    return {name: one for name, one in every if name.startswith("test_") and not name.startswith("test_invalid")}


globals().update(cases())


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that always says this."""

    class Says(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


async def test_two_processes_write_and_nothing_is_lost(url: str) -> None:
    ran = [writer(url, name, 200) for name in ("ada", "bob")]
    async with connect_store(None, Lexical(), url=url, fields=["text"]) as store:
        await store.asearch((), query="fetched while the others write")
        assert [await asyncio.to_thread(one.wait) for one in ran] == [0, 0]
        keys = {item.key for name in ("ada", "bob") for item in await store.asearch(("shared", name), limit=1000)}
        assert keys == {f"{name}{i}" for name in ("ada", "bob") for i in range(200)}
        for name in ("ada", "bob"):
            for i in range(0, 200, 7):
                text = f"{name} wrote number {i}"
                (hit,) = await store.asearch(("shared",), query=text, limit=1)
                assert (hit.value["text"], hit.score) == (text, pytest.approx(1, abs=1e-5))
        both = await store.asearch(("shared", "both"), query="was here", limit=100)
        assert len(both) == 5
        assert all(hit.score for hit in both), "each has the vectors of its last writer"


async def test_what_one_puts_the_other_finds_at_once(opened: Any) -> None:
    async with opened(Lexical()) as one, opened(Lexical()) as other:
        for i in range(5):
            await one.aput(("a",), "k", {"text": f"state {i}"})
            (hit,) = await other.asearch((), query=f'{{"text": "state {i}"}}')
            assert (hit.value, hit.score) == ({"text": f"state {i}"}, pytest.approx(1, abs=1e-5))
            assert (await other.aget(("a",), "k")).updated_at == hit.updated_at
        await other.adelete(("a",), "k")
        assert await one.asearch((), query="state") == []


async def test_a_large_namespace_is_asked_of_chroma_until_enough_passes_the_filter(opened: Any) -> None:
    async with opened(Lexical(), fields=["text"], indexed_from=50) as store:
        puts = [PutOp(("w", str(i % 3)), f"k{i}", {"text": f"w{i % 40} w{i % 37} w{i}", "n": i}) for i in range(600)]
        await store.abatch(puts)
        for i in (0, 77, 599):
            hits = await store.asearch(("w",), query=f"w{i % 40} w{i % 37} w{i}", limit=5)
            assert hits[0].key == f"k{i}"
        assert [hit.key for hit in await store.asearch(("w",), query="w1 w1", filter={"n": 401})] == ["k401"]
        assert len(await store.asearch(("w", "1"), query="w1", limit=150, offset=100)) == 100


async def test_what_is_the_same_is_found_where_the_index_misses_it(opened: Any) -> None:
    """Chroma's index has no way to some of many vectors that are nearly the same."""
    async with opened(Lexical(), fields=["text"], indexed_from=50) as store:
        texts = [f"ada wrote number {i}" for i in range(1500)]
        await store.abatch([PutOp(("w",), text, {"text": text}) for text in texts])
        for text in texts[::40]:
            assert [hit.key for hit in await store.asearch(("w",), query=text, limit=1)] == [text]
        assert len(await store.asearch((), limit=5000)) == 1500


async def test_another_embedder_makes_vectors_of_its_own(opened: Any, letters: Any) -> None:
    async with opened(Lexical(), fields=["text"]) as words:
        for i in range(30):
            await words.aput(("w",), f"k{i}", {"text": f"text {i}"})
        async with opened(letters, fields=["text"]) as new:
            assert (await new.asearch((), query="text 17", limit=1))[0].score == pytest.approx(1, abs=1e-5)
            await new.aput(("w",), "late", {"text": "other words"})
            await new.aput(("w",), "k3", {"text": "changed"})
        hits = await words.asearch((), query="other words", limit=40)
        assert len(hits) == 31
        assert {hit.key for hit in hits if hit.score is None} == {"late", "k3"}
    async with opened(Lexical(), fields=["text"]) as words:
        assert (await words.asearch((), query="other words"))[0].key == "late"
        assert all(hit.score is not None for hit in await words.asearch((), query="text", limit=40))
        assert len(words._items._vectors.ids()) == 31, "those of what was changed are gone"


async def test_vectors_of_another_length_are_refused(opened: Any) -> None:
    async with opened(Lexical()) as store:
        await store.aput(("w",), "k", {"a": 1})
    async with opened(Lexical(dimensions=64)) as store:
        with pytest.raises(StorageError, match="vectors of 512 numbers, the embedder lexical now gives 64"):
            await store.aput(("w",), "k2", {"a": 1})
        with pytest.raises(StorageError, match="now gives 64"):
            await store.asearch((), query="a")
        assert await store.aget(("w",), "k2") is None


async def test_a_collection_of_another_version_is_refused(opened: Any) -> None:
    async with opened() as store:
        store._items._items.modify(metadata={"version": 9})
    with pytest.raises(StorageError, match=r"gencode-items at http.* is not of version 1"):
        async with opened():
            pass


async def test_a_value_that_is_no_json_leaves_nothing_behind(opened: Any) -> None:
    async with opened() as store:
        with pytest.raises(TypeError):
            await store.aput(("w",), "k", {"a": object()}, index=False)
        assert await store.asearch(()) == []


async def test_a_server_that_is_killed_and_comes_back(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(tmp_path, port):
        opening = connect_store(None, Lexical(), url=f"http://ada:secret@127.0.0.1:{port}")
        store = await opening.__aenter__()
        await store.aput(("w",), "k", {"a": 1})
    for failing in (store.aget(("w",), "k"), store.aput(("w",), "k", {}), store.asearch((), query="a")):
        with pytest.raises(StorageError, match=f"no Chroma server answers at {url} .*chroma run") as raised:
            await failing
        assert "secret" not in str(raised.value)
    with serving(tmp_path, port):
        assert (await store.aget(("w",), "k")).value == {"a": 1}
        await opening.__aexit__(None, None, None)


@pytest.mark.parametrize(
    ("url", "error", "says"),
    [
        ("localhost:8000", SettingError, "give one like http://host:8000"),
        ("ftp://ada:secret@host", SettingError, "give one like"),
        ("http://ada:secret@host:port", SettingError, "cannot be read"),
        ("http://ada:secret@host/?secret=1", SettingError, "is none of a Chroma server"),
        ("http://ada:secret@127.0.0.1:1", StorageError, "no Chroma server answers at http://127.0.0.1:1 "),
    ],
)
async def test_a_url_that_is_wrong(url: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        async with connect_store(None, Lexical(), url=url):
            pass
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, b'"0.5.23"', "is of version 0.5.23, this program needs 1"),
        (200, b"<html>", "is no Chroma server of version 1"),
        (404, b"", "is no Chroma server of version 1 .*correct GENCODE_MEMORY_URL"),
        (401, b"", "refuses us: set CHROMA_API_KEY"),
        (502, b"", "status 502"),
    ],
)
async def test_a_server_that_is_another(status: int, body: bytes, says: str) -> None:
    with answering(status, body) as host, pytest.raises(StorageError, match=says) as raised:
        async with connect_store(None, Lexical(), url=f"http://ada:secret@{host}"):
            pass
    assert "secret" not in str(raised.value)


async def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "WAIT", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(StorageError, match=r"no Chroma server answers at .* \(ReadTimeout\)"),
    ):
        async with connect_store(None, Lexical(), url=f"http://127.0.0.1:{silent.getsockname()[1]}"):
            pass


async def test_a_database_that_is_not_there(server: str) -> None:
    with pytest.raises(StorageError, match="no database 'nothing' of the tenant 'default_tenant'"):
        async with connect_store(None, Lexical(), url=f"{server}?database=nothing"):
            pass


async def test_neither_a_folder_nor_a_url() -> None:
    with pytest.raises(SettingError, match="needs a folder, or the URL"):
        async with connect_store(None, Lexical()):
            pass


async def test_what_a_run_learned_is_published_there(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENCODE_MEMORY_URL", url.replace("://", "://ada:secret@"))
    settings = Settings(home=tmp_path)
    assert settings.memory_url == url
    async with connect_memory(settings, redact=str) as memory:
        await memory.decide("vibe", "frosted glass", key="a", context=Context())
    async with connect_store(None, Lexical(), url=url) as store:
        (option, *_) = await store.asearch(("options", "vibe"), query="translucent frosted panels")
        assert option.key == "glass"
    assert not (tmp_path / "memory" / "store" / "items.db").exists()


async def test_a_server_that_is_not_there_keeps_nothing_from_being_learned(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, memory_url="http://127.0.0.1:1")
    async with connect_memory(settings, redact=str) as memory:
        decision = await memory.decide("vibe", "frosted glass", key="a", context=Context())
    async with connect_memory(settings, redact=str) as memory:
        assert (await memory.decide("vibe", "frosted glass", key="a", context=Context())) == decision
