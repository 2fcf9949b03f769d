"""What is asked of a Chroma server, and what its troubles mean; every call blocks."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from gencode_graph.errors import StorageError
from gencode_graph.memory.address import Address, greet, refusing, silent
from gencode_graph.memory.index import HNSW, Engine

VERSION = 1
BATCH = 200
"""Items, or vectors, that are sent or fetched at once."""
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds before the same is asked once more."""
T = TypeVar("T")


class _TooEarlyError(StorageError):
    """What may pass."""


class Link:
    """An open client of one server; ``client`` makes it."""

    def __init__(self, place: Address, client: Callable[[Address], Engine]) -> None:
        self._place = place
        greet(place)
        self._client = self.ask(client, place=place).client

    def ask(self, what: Callable[..., Any], **how: Any) -> Any:
        """What a method of Chroma's answers. Raises ``StorageError``, with the fix, where it does not.

        A server that two ask at once of a new collection may say that there is nothing on disk, and is asked again:
        whatever is asked here does the same when it is done twice.
        """
        for pause in PAUSES:
            with contextlib.suppress(_TooEarlyError):
                return self._asked(what, how)
            time.sleep(pause)
        return self._asked(what, how)

    def collection(self, name: str, **facts: str) -> Any:
        """A collection of ours, made when it is not there."""
        found = self.ask(
            self._client.get_or_create_collection,
            name=name,
            embedding_function=None,
            configuration={"hnsw": {**HNSW, "space": "ip"}},
            metadata={"version": VERSION, **facts},
        )
        if (found.metadata or {}).get("version") != VERSION:
            raise StorageError(
                f"the collection {name} at {self._place.url} is not of version {VERSION}, which this program reads: "
                "use the program that wrote it, or another database on that server"
            )
        return found

    def close(self) -> None:
        """Let the connections go, which Chroma's own close leaves open."""
        self._client.close()
        for one in (self._client, self._client._admin_client):
            one._server._session.close()

    def _asked(self, what: Callable[..., Any], how: Mapping[str, Any]) -> Any:
        try:
            return what(**how)
        except TypeError:
            raise
        except Exception as error:  # Chroma raises bare ones for answers that it does not know
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> StorageError:
        name, said = type(error).__name__, str(error).partition("\n")[0][:200]
        if name in ("AuthorizationError", "ChromaAuthError"):
            return refusing(self._place)
        if type(error).__module__.startswith(("httpx", "httpcore")) or "Could not connect" in said:
            return silent(self._place, name)
        kind = _TooEarlyError if name == "InternalError" else StorageError
        return kind(f"the Chroma server at {self._place.url} cannot do that ({name}: {said}); look at its log")


def item_id(space: str, key: str) -> str:
    """The id of an item: 32 hexadecimal digits."""
    return hashlib.blake2b(f"{space}\0{key}".encode(), digest_size=16).hexdigest()


def head_of(item: str, meta: Mapping[str, Any]) -> str:
    """An item and the mark of its last put."""
    return f"{item}-{meta['mark']}"


def labels_of(space: str) -> dict[str, str]:
    """A namespace as metadata: a field for each label."""
    return {f"n{i}": label for i, label in enumerate(space.split("."))}


def under(prefix: str, **more: str) -> dict[str, Any] | None:
    """Chroma's condition for a namespace and all below it, and for other fields."""
    every = {**(labels_of(prefix) if prefix else {}), **more}
    each: list[dict[str, Any]] = [{name: label} for name, label in every.items()]
    return {"$and": each} if len(each) > 1 else (each[0] if each else None)


def parts(every: Sequence[T], size: int = BATCH) -> Iterator[list[T]]:
    """All of it, some at a time."""
    return (list(every[start : start + size]) for start in range(0, len(every), size))
