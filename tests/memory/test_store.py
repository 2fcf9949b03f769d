"""The store beside other processes, over damaged files, with another embedder, and with an index over it."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.errors import StorageError
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import ChromaStore, connect_store

WRITER = """
import asyncio, sys
from pathlib import Path
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import connect_store

async def main(folder, name, number, least):
    async with connect_store(Path(folder), Lexical(), fields=["text"], indexed_from=int(least)) as store:
        for i in range(int(number)):
            await store.aput(("shared",), f"{name}{i}", {"text": f"{name} wrote number {i}"})
            print(i, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def writer(folder: Path, name: str, number: int, least: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(number), str(least)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def number_of(store: ChromaStore) -> int:
    return len(await store.asearch((), limit=100_000))


def words(number: int, seed: int = 0) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices([f"w{n}" for n in range(400)], k=6)) for _ in range(number)]


@pytest.mark.slow
@pytest.mark.parametrize("least", [50, 10_000])
async def test_two_processes_write_and_both_find_everything(tmp_path: Path, least: int) -> None:
    ran = [writer(tmp_path, name, 150, least) for name in ("ada", "bob")]
    async with connect_store(tmp_path, Lexical(), fields=["text"], indexed_from=least) as store:
        await store.asearch((), query="a mirror of the first rows")
        assert [len((await asyncio.to_thread(one.communicate))[0].split()) for one in ran] == [150, 150]
        await store.settle()
        for name in ("ada", "bob"):
            for i in range(150):
                text = f"{name} wrote number {i}"
                (hit,) = await store.asearch(("shared",), query=text, limit=1)
                assert (hit.value["text"], hit.score) == (text, pytest.approx(1, abs=1e-5))


@pytest.mark.slow
async def test_what_a_killed_writer_had_written_is_found(tmp_path: Path) -> None:
    killed = writer(tmp_path, "ada", 100_000, 50)
    assert killed.stdout
    for line in killed.stdout:
        if int(line) >= 600:
            break
    os.kill(killed.pid, signal.SIGKILL)
    last = int([line for line in killed.stdout.read().split("\n")[:-1] if line][-1:][0] if killed.poll() else line)
    killed.wait()
    killed.stdout.close()
    async with connect_store(tmp_path, Lexical(), fields=["text"], indexed_from=50) as store:
        await store.settle()
        for i in range(last + 1):
            (hit,) = await store.asearch((), query=f"ada wrote number {i}", limit=1)
            assert hit.value["text"] == f"ada wrote number {i}"


@pytest.mark.slow
async def test_with_an_index_the_same_is_found_as_without(tmp_path: Path) -> None:
    async with (
        connect_store(tmp_path / "a", Lexical(), fields=["text"], indexed_from=100) as indexed,
        connect_store(tmp_path / "b", Lexical(), fields=["text"]) as compared,
    ):
        texts = words(900)
        for store in (indexed, compared):
            await asyncio.gather(
                *(store.aput(("w", str(i % 2)), f"k{i}", {"text": text, "n": i % 3}) for i, text in enumerate(texts))
            )
            await store.settle()
            await asyncio.gather(*(store.adelete(("w", str(i % 2)), f"k{i}") for i in range(0, 900, 9)))
            await asyncio.gather(*(store.aput(("w", "0"), f"k{i}", {"text": "w0 w1", "n": 0}) for i in range(0, 50, 2)))
        assert indexed._index.ready(indexed._items.spaces("w.0")[0])
        same = total = 0
        for how in ({}, {"filter": {"n": 1}}, {"limit": 3, "offset": 2}, {"filter": {"text": texts[5]}}):
            for text in words(10, seed=1):
                one, other = [await store.asearch(("w",), query=text, **how) for store in (indexed, compared)]
                assert [hit.score for hit in one[:1]] == [pytest.approx(hit.score, abs=1e-4) for hit in other[:1]]
                same += len({hit.key for hit in one} & {hit.key for hit in other})
                total += len(other)
        assert same >= 0.98 * total


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "no folder": shutil.rmtree,
    "no index files": lambda folder: [file.unlink() for file in folder.glob("*/*")],
    "index files of noise": lambda folder: [file.write_bytes(os.urandom(500)) for file in folder.glob("*/*.bin")],
    "no database": lambda folder: (folder / "chroma.sqlite3").write_bytes(b"not a database " * 500),
    "a file": lambda folder: (shutil.rmtree(folder), folder.write_text("in its place")),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_index_is_made_again(tmp_path: Path, damage: str) -> None:
    texts = words(1200)
    async with connect_store(tmp_path, Lexical(), fields=["text"], indexed_from=100) as store:
        await asyncio.gather(*(store.aput(("w",), f"k{i}", {"text": text}) for i, text in enumerate(texts)))
        await store.settle()
    DAMAGE[damage](tmp_path / "chroma")
    async with connect_store(tmp_path, Lexical(), fields=["text"], indexed_from=100) as store:
        await store.settle()
        assert store._index.ready(store._items.spaces("")[0])
        for i in (0, 600, 1199):
            assert (await store.asearch((), query=texts[i], limit=1))[0].value["text"] == texts[i]


async def test_only_one_at_a_time_may_write_the_index(tmp_path: Path) -> None:
    async with connect_store(tmp_path, Lexical(), indexed_from=1) as one:
        for i in range(4):
            await one.aput(("w",), f"k{i}", {"i": i})
        await one.settle()
        async with connect_store(tmp_path, Lexical(), indexed_from=1) as other:
            await other.settle()
            (space,) = other._items.spaces("")
            assert one._index.ready(space)
            assert not other._index.ready(space)
            assert len(await other.asearch((), query="i")) == 4
    async with connect_store(tmp_path, Lexical(), indexed_from=1) as third:
        await third.settle()
        assert third._index.ready(third._items.spaces("")[0])


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda file: file.write_bytes(b"no database at all " * 100), "file is not a database; move it away"),
        (lambda file: sqlite3.connect(file).execute("pragma user_version=9").connection.close(), "is of version 9"),
        (lambda file: (file.unlink(), file.mkdir()), "unable to open"),
    ],
)
async def test_a_table_that_cannot_be_read_is_refused_with_the_fix(tmp_path: Path, damage: Any, says: str) -> None:
    async with connect_store(tmp_path, Lexical()) as store:
        await store.aput(("w",), "k", {})
    damage(tmp_path / "items.db")
    with pytest.raises(StorageError, match=says):
        async with connect_store(tmp_path, Lexical()):
            pass


async def test_a_folder_that_cannot_be_made_is_refused_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="set GENCODE_HOME"):
        async with connect_store(tmp_path / "file" / "memory", Lexical()):
            pass


@pytest.mark.parametrize("least", [1, 10_000])
async def test_another_embedder_embeds_everything_anew(opened: Any, letters: Any, least: int) -> None:
    async with opened(Lexical(), fields=["text"], indexed_from=least) as store:
        for i in range(300):
            await store.aput(("w",), f"k{i}", {"text": f"text {i}"})
        await store.settle()
    async with opened(letters, fields=["text"], indexed_from=least) as store:
        await store.settle()
        (hit,) = await store.asearch((), query="text 42", limit=1)
        assert hit.score == pytest.approx(1, abs=1e-5)
        assert sorted(hit.value["text"]) == sorted("text 42")


async def test_a_store_that_another_program_gave_another_embedder_is_refused(opened: Any, letters: Any) -> None:
    async with opened(Lexical()) as old:
        await old.aput(("w",), "k", {"a": 1})
        async with opened(letters) as new:
            with pytest.raises(StorageError, match="now holds vectors of the embedder letters, not of lexical"):
                await old.aput(("w",), "k2", {"a": 1})
            with pytest.raises(StorageError, match="set GENCODE_EMBEDDER=letters"):
                await old.asearch((), query="a")
            assert (await old.aget(("w",), "k")).value == {"a": 1}
            assert len(await new.asearch((), query="a")) == 1


async def test_vectors_of_another_size_under_the_same_name_are_refused(opened: Any) -> None:
    async with opened(Lexical()) as store:
        await store.aput(("w",), "k", {"a": 1})
    async with opened(Lexical(dimensions=64)) as store:
        with pytest.raises(StorageError, match="vectors of 512 numbers, the embedder lexical now gives 64"):
            await store.aput(("w",), "k2", {"a": 1})
        with pytest.raises(StorageError, match="now gives 64"):
            await store.asearch((), query="a")


async def test_a_write_that_cannot_be_kept_leaves_nothing_behind(opened: Any) -> None:
    async with opened() as store:
        await store.aput(("w",), "k", {"a": 1})
        with pytest.raises(TypeError):
            await store.aput(("w",), "k", {"a": object()}, index=False)
        assert (await store.aget(("w",), "k")).value == {"a": 1}
        assert await number_of(store) == 1


async def test_narrow_filters_are_exact_in_large_namespaces(tmp_path: Path) -> None:
    async with connect_store(tmp_path, Lexical(), fields=["text"]) as store:
        texts = words(1500)
        await asyncio.gather(
            *(store.aput(("w",), f"k{i}", {"text": t, "rare": str(i // 5), "n": i}) for i, t in enumerate(texts))
        )
        for wanted in ({"rare": "77"}, {"n": {"$gte": 385, "$lt": 390}}):
            hits = await store.asearch(("w",), query=texts[386], filter=wanted)
            assert {hit.key for hit in hits} == {f"k{i}" for i in range(385, 390)}
            assert hits[0].key == "k386"


def test_opening_and_writing_imports_neither_chroma_nor_numpy(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import connect_store

async def main():
    async with connect_store(Path(sys.argv[1]), Lexical()) as store:
        await store.aput(("w",), "k", {"a": 1}, index=False)
        await store.asearch(("w",))

asyncio.run(main())
print(*{"numpy", "chromadb", "onnxruntime", "torch"} & set(sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
