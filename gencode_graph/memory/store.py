"""What is remembered by meaning, as a LangGraph store: ``store=`` of any graph.

Items live in one SQLite table, which is the truth for every process at once; a namespace with many vectors is also in
Chroma, for speed (``index.py``). So nothing is lost by construction, and a search always finds what was put before it:
what the index lacks is compared one by one. Nothing heavy is imported before the first search or the first large
namespace. With a URL items are on a Chroma server instead, for several machines (``server_store.py``).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    TTLConfig,
    get_text_at_path,
    validate_op_namespace,
)

from gencode_graph.errors import InputError, SettingError, StorageError
from gencode_graph.memory.address import WAIT, Address, address
from gencode_graph.memory.embedders import embedded
from gencode_graph.memory.index import Engine, Index, remove
from gencode_graph.memory.items import Items, Row, Table, Write
from gencode_graph.memory.matching import namespaces
from gencode_graph.memory.seeking import Finder, Seeking, embedded_anew, packed
from gencode_graph.memory.server_store import ServerItems, embedded_there
from gencode_graph.protocols import Embedder

INDEXED_FROM = 10_000
"""Vectors in a namespace from which Chroma is faster than comparing all."""
TTL: TTLConfig = {"omit_expired": True, "refresh_on_read": True}


class ChromaStore(BaseStore):
    """Items by namespace and key, found by field and by meaning. Make one with :func:`connect_store`."""

    supports_ttl = True

    def __init__(
        self,
        items: Table,
        seeking: Finder,
        index: Index | None,
        embedder: Embedder,
        *,
        fields: Sequence[str],
        ttl: TTLConfig | None,
    ) -> None:
        self.embedder = embedder
        self.fields = tuple(fields)
        self.ttl_config = ttl
        self._items = items
        self._index = index
        self._seeking = seeking
        self._following: asyncio.Task[None] | None = None

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do all at once; reads see what was there before the writes. Blocks: in async code use ``abatch``."""
        asked = _checked(ops)
        texts = self._texts(asked)
        vectors = embedded(self.embedder, texts) if texts else []
        return self._do(asked, dict(zip(texts, vectors, strict=True)))

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do all at once; reads see what was there before the writes."""
        asked = _checked(ops)
        texts = self._texts(asked)
        vectors = await self.embedder.embed(texts) if texts else []
        done = await asyncio.to_thread(self._do, asked, dict(zip(texts, vectors, strict=True)))
        if texts and self._index:
            self._follow(self._index)
        return done

    async def sweep(self) -> int:
        """Delete what is past its time; returns how many items that were."""
        return await asyncio.to_thread(self._items.sweep)

    async def settle(self) -> None:
        """Wait until the index holds what it is to hold, as far as this process may write it."""
        if self._following:
            await self._following
        if self._index:
            await asyncio.to_thread(self._index.catch_up)

    async def aclose(self) -> None:
        """Put the index away and close the table."""
        if self._following:
            await self._following
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """The same for those without an event loop; blocks."""
        if self._index:
            self._index.close()
        self._items.close()

    def _follow(self, index: Index) -> None:
        """Without an index all vectors are compared, which is slower and as good; ``settle`` says what is wrong."""

        def catch_up() -> None:
            with contextlib.suppress(StorageError):
                if index.wanted():
                    index.catch_up()

        if self._following is None or self._following.done():
            self._following = asyncio.create_task(asyncio.to_thread(catch_up))

    def _texts(self, ops: Sequence[Op]) -> list[str]:
        """Every text of these that has to be embedded, once."""
        found: dict[str, None] = {}
        for op in ops:
            if isinstance(op, SearchOp) and op.query:
                found[op.query] = None
            elif isinstance(op, PutOp):
                found.update(dict.fromkeys(self._texts_of(op)))
        return list(found)

    def _texts_of(self, op: PutOp) -> list[str]:
        if op.value is None or op.index is False:
            return []
        paths = self.fields if op.index is None else op.index
        return [text for path in paths for text in get_text_at_path(dict(op.value), path)]

    def _do(self, ops: Sequence[Op], vectors: Mapping[str, Sequence[float]]) -> list[Result]:
        done: list[Result] = []
        writes: dict[tuple[str, str], Write] = {}
        for op in ops:
            if isinstance(op, GetOp):
                done.append(self._get(op))
            elif isinstance(op, SearchOp):
                done.append(self._search(op, vectors))
            elif isinstance(op, ListNamespacesOp):
                done.append(self._namespaces(op))
            else:
                one = self._write(op, vectors)
                writes[one.space, one.key] = one
                done.append(None)
        if writes:
            self._items.write(list(writes.values()))
        return done

    def _write(self, op: PutOp, vectors: Mapping[str, Sequence[float]]) -> Write:
        texts = self._texts_of(op)
        return Write(
            space=".".join(op.namespace),
            key=op.key,
            value=op.value,
            ttl=op.ttl,
            texts=texts,
            vectors=[packed(vectors[text]) for text in texts],
        )

    def _get(self, op: GetOp) -> Item | None:
        row = self._items.get(".".join(op.namespace), op.key)
        if row is None:
            return None
        if op.refresh_ttl:
            self._items.refresh([row.id])
        return Item(**_parts(row))

    def _search(self, op: SearchOp, vectors: Mapping[str, Sequence[float]]) -> list[SearchItem]:
        if op.limit < 0 or op.offset < 0:
            raise InputError(f"a search with limit {op.limit} and offset {op.offset}: neither can be below 0")
        query = vectors[op.query] if op.query else None
        found = self._seeking.find(".".join(op.namespace_prefix), query, op.filter, op.offset + op.limit)
        page = found[op.offset :]
        if op.refresh_ttl:
            self._items.refresh([row.id for row, _ in page])
        return [SearchItem(**_parts(row), score=score) for row, score in page]

    def _namespaces(self, op: ListNamespacesOp) -> list[tuple[str, ...]]:
        conditions = [(condition.path, condition.match_type == "suffix") for condition in op.match_conditions or ()]
        return namespaces(self._items.namespaces(), conditions, op.max_depth)[op.offset : op.offset + op.limit]


@contextlib.asynccontextmanager
async def connect_store(
    path: Path | None,
    embedder: Embedder,
    *,
    url: str | None = None,
    fields: Sequence[str] = ("$",),
    ttl: TTLConfig | None = TTL,
    indexed_from: int = INDEXED_FROM,
) -> AsyncIterator[ChromaStore]:
    """The store in a folder, which is made when it is not there; opens in milliseconds. With ``url``: on that server.

    ``fields`` are the paths of a value that are embedded where a put names none (``$``: all of it as JSON). A store
    that another embedder wrote is embedded anew before it is handed out; on a server, where each embedder has vectors
    of its own, what this one lacks. Raises ``StorageError``, with the fix, for a folder that cannot be written, a
    damaged table, one of a newer version, or a server that does not answer or fit; ``SettingError`` for a wrong URL.
    """
    omit = bool(ttl and ttl.get("omit_expired"))
    items: Items | ServerItems
    if url is not None:
        place = address(url)
        items = await asyncio.to_thread(
            ServerItems, place, _served, embedder.name, omit_expired=omit, least=indexed_from
        )
        store = ChromaStore(items, items, None, embedder, fields=fields, ttl=ttl)
    elif path is not None:
        items = await asyncio.to_thread(Items, path / "items.db", embedder.name, omit_expired=omit)
        index = Index(items, path, _chroma, least=indexed_from)
        store = ChromaStore(items, Seeking(items, index), index, embedder, fields=fields, ttl=ttl)
    else:
        raise SettingError("a store needs a folder, or the URL of a Chroma server")
    sweeper = None
    try:
        if isinstance(items, Items):
            await embedded_anew(items, embedder)
        else:
            await embedded_there(items, embedder)
        if minutes := (ttl or {}).get("sweep_interval_minutes"):
            sweeper = asyncio.create_task(_sweep_often(store, minutes * 60))
        yield store
    finally:
        if sweeper:
            sweeper.cancel()
        await store.aclose()


async def _sweep_often(store: ChromaStore, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        with contextlib.suppress(StorageError):  # the next sweep tries again
            await store.sweep()


def _chroma(folder: Path) -> Engine:
    """Chroma in a folder; where that cannot be read it is removed, for the index is made from the table again."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    def opened() -> Engine:
        client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
        return Engine(client, ChromaError)

    try:
        return opened()
    except ChromaError:
        SharedSystemClient._identifier_to_system.pop(str(folder), None)  # or the one that failed is handed out again
        remove(folder)
    try:
        return opened()
    except ChromaError as error:
        raise StorageError(f"cannot make an index in {folder} ({error}); make that folder writable") from error


def _served(place: Address) -> Engine:
    """Chroma on a server."""
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    settings = Settings(anonymized_telemetry=False, chroma_server_ssl_verify=place.secure)
    headers = dict(place.headers)
    client: Any = chromadb.HttpClient(
        place.url, headers=headers, settings=settings, tenant=place.tenant, database=place.database
    )
    client._server._session.timeout = WAIT  # Chroma's own is to wait for ever
    return Engine(client, ChromaError)


def _checked(ops: Iterable[Op]) -> list[Op]:
    asked = list(ops)
    for op in asked:
        if not isinstance(op, GetOp | SearchOp | PutOp | ListNamespacesOp):
            raise InputError(f"a store cannot do {type(op).__name__}; it knows get, search, put and list of namespaces")
        validate_op_namespace(op)
    return asked


def _parts(row: Row) -> dict[str, Any]:
    made, changed = (datetime.fromtimestamp(at, UTC) for at in (row.created, row.updated))
    namespace = tuple(row.space.split("."))
    return {"namespace": namespace, "key": row.key, "value": row.value, "created_at": made, "updated_at": changed}
