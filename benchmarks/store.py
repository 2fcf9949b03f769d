"""The store at size: start, writes, queries with and without a filter, and two processes writing at once.

    python benchmarks/store.py [--rows 100000] [--writes 2000] [--json]

Rows are patterns with texts of the kind that error messages have, embedded by the lexical embedder; four in five are in
the large namespace. A filter passes one row in seven, a narrow one about one in two thousand. ``recall`` is the share
of the ten truly nearest that the index gives.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

import numpy as np
from langgraph.store.base import PutOp

from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import ChromaStore, connect_store

ARCHETYPES = ("admin", "saas", "content", "landing", "collab", "shop", "project")
LARGE = ("patterns", "repair")
QUERIES = 200


def text(draw: random.Random) -> str:
    word = lambda: "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(3, 8)))  # noqa: E731
    known = draw.choice(("ImportError cannot import name", "TS2339 Property does not exist on type", "KeyError in"))
    return f"{known} {word()} {draw.choice(('from', 'at', 'of'))} {word()}.{word()}"


class Cached:
    """Vectors made beforehand, so that the embedding is not timed."""

    name, dimensions = "lexical", 384

    def __init__(self) -> None:
        self.known: dict[str, list[float]] = {}

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        missing = [one for one in texts if one not in self.known]
        if missing:
            made = await Lexical(dimensions=self.dimensions).embed(missing)
            self.known.update(zip(missing, made, strict=True))
        return [self.known[one] for one in texts]


async def times(number: int, work: Callable[[int], Awaitable[Any]]) -> dict[str, float]:
    taken = []
    for i in range(number):
        begun = time.perf_counter()
        await work(i)
        taken.append((time.perf_counter() - begun) * 1000)
    return {f"p{p}_ms": round(float(np.percentile(taken, p)), 2) for p in (50, 95)}


async def written(store: ChromaStore, rows: int, draw: random.Random) -> list[str]:
    texts = [text(draw) for _ in range(rows)]
    ops = [
        PutOp(
            LARGE if i % 5 else ("patterns", "plan"),
            f"k{i}",
            {"text": one, "archetype": ARCHETYPES[i % 7], "signature": f"s{i // 2000}-{i % 2000}", "used": i % 10},
        )
        for i, one in enumerate(texts)
    ]
    for start in range(0, rows, 2000):
        await store.abatch(ops[start : start + 2000])
    return texts


async def queries(store: ChromaStore, asked: list[str]) -> dict[str, Any]:
    async def search(i: int, **how: Any) -> Any:
        return await store.asearch(LARGE, query=asked[i], **how)

    await search(0)
    return {
        "query": await times(QUERIES, search),
        "query_with_filter": await times(QUERIES, lambda i: search(i, filter={"archetype": ARCHETYPES[i % 7]})),
        "query_with_number_filter": await times(QUERIES, lambda i: search(i, filter={"used": {"$gte": 8}})),
        "query_with_narrow_filter": await times(20, lambda i: search(i, filter={"signature": f"s0-{i}"})),
        "query_all_namespaces": await times(QUERIES, lambda i: store.asearch((), query=asked[i])),
        "get": await times(QUERIES, lambda i: store.aget(LARGE, f"k{5 * i + 1}")),
    }


async def recall(store: ChromaStore, embedder: Cached, asked: list[str]) -> float:
    """Of the ten nearest, against comparing all."""
    from gencode_graph.memory.mirror import Mirror, unit

    (space,) = [space for space in store._items.spaces("") if space.space == ".".join(LARGE)]
    block = Mirror(store._items).after(space.space, 0, space.vectors)
    good = 0
    for one in asked:
        exact = {i for i, _ in block.nearest(unit((await embedder.embed([one]))[0]), 10)}
        keys = {row.key for row in store._items.by_id(list(store._items.owners(list(exact)).values())).values()}
        good += len(keys & {hit.key for hit in await store.asearch(LARGE, query=one)})
    return round(good / (10 * len(asked)), 4)


def start(folder: Path) -> dict[str, float]:
    """Seconds to open the store in a new process, without what Python takes to import it."""
    code = """
import asyncio, sys, time
from pathlib import Path
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import connect_store
async def main():
    begun = time.perf_counter()
    async with connect_store(Path(sys.argv[1]), Lexical(dimensions=384)) as store:
        await store.aget(("patterns", "repair"), "k1")
        print((time.perf_counter() - begun) * 1000)
asyncio.run(main())
"""
    ran = [subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True) for _ in range(5)]
    taken = sorted(float(one.stdout) for one in ran)
    return {"p50_ms": round(taken[2], 1), "worst_ms": round(taken[-1], 1)}


async def two_writers(folder: Path, number: int) -> dict[str, Any]:
    """Two processes put ``number`` each, one by one; a third looks for every one of them by meaning."""
    code = """
import asyncio, sys
from pathlib import Path
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.store import connect_store
async def main(folder, name, number):
    async with connect_store(Path(folder), Lexical(), fields=["text"], indexed_from=1000) as store:
        for i in range(int(number)):
            await store.aput(("decisions",), f"{name}{i}", {"text": f"{name} decided number {i}"})
asyncio.run(main(*sys.argv[1:]))
"""
    begun = time.perf_counter()
    arguments = [[sys.executable, "-c", code, str(folder), name, str(number)] for name in ("ada", "bob")]
    ran = [await asyncio.create_subprocess_exec(*one) for one in arguments]
    for one in ran:
        assert await one.wait() == 0
    seconds = time.perf_counter() - begun
    async with connect_store(folder, Lexical(), fields=["text"], indexed_from=1000) as store:
        await store.settle()
        kept = len(await store.asearch((), limit=10 * number))
        wanted = [f"{name} decided number {i}" for name in ("ada", "bob") for i in range(number)]
        found = [await store.asearch((), query=one, limit=1) for one in wanted]
        right = sum(hits[0].value["text"] == one for hits, one in zip(found, wanted, strict=True))
    return {"written": 2 * number, "kept": kept, "found_by_query": right, "seconds": round(seconds, 1)}


async def measure(rows: int, writes: int) -> dict[str, Any]:
    draw = random.Random(0)
    embedder = Cached()
    result: dict[str, Any] = {"rows": rows}
    with tempfile.TemporaryDirectory() as folder:
        result["two_processes"] = await two_writers(Path(folder) / "two", writes)
        path = Path(folder) / "large"
        async with connect_store(path, embedder, fields=["text"], indexed_from=10**9) as store:
            begun = time.perf_counter()
            texts = await written(store, rows, draw)
            result["write_ms_each"] = round((time.perf_counter() - begun) * 1000 / rows, 3)
            asked = [" ".join(draw.sample(one.split(), k=4)) for one in draw.sample(texts, QUERIES)]
            await embedder.embed(asked)
            result["compared"] = await queries(store, asked)
        async with connect_store(path, embedder, fields=["text"]) as store:
            begun = time.perf_counter()
            await store.settle()
            result["index_seconds"] = round(time.perf_counter() - begun, 1)
            result["not_found_by_chroma"] = {k: len(v.ids) for k, v in store._index._sure.items()}
            result["indexed"] = await queries(store, asked)
            result["recall"] = await recall(store, embedder, asked)
        result["start"] = start(path)
        result["disk_mb"] = round(sum(one.stat().st_size for one in path.rglob("*") if one.is_file()) / 1e6)
    result["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--writes", type=int, default=2000, help="by each of the two processes")
    options.add_argument("--json", action="store_true", help="one object, for programs")
    chosen = options.parse_args()
    result = asyncio.run(measure(chosen.rows, chosen.writes))
    if chosen.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:22} {json.dumps(value) if not isinstance(value, dict) else ''}")
        if isinstance(value, dict):
            for inner, figure in value.items():
                print(f"  {inner:26} {json.dumps(figure)}")


if __name__ == "__main__":
    main()
