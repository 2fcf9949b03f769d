"""Files and trees as git objects, written once, in one pack for each write."""

from __future__ import annotations

import io
import re
import threading
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from dulwich.errors import ChecksumMismatch, ObjectFormatException
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID, ShaFile, Tree
from dulwich.pack import pack_objects_to_data, write_pack_data, write_pack_index_v2

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError
from gencode_graph.workspace.disk import staged, storage, sync
from gencode_graph.workspace.paths import check_tree

FILE_MODE = 0o100644
FOLDER_MODE = 0o040000

_KIND, _REGULAR = 0o170000, 0o100000

Entry = tuple[int, str]
"""Mode and id, as git keeps them."""
Layer = tuple[str, Sequence[str]]
"""A tree, and the paths that are removed before it is laid over what is below."""


_ID = re.compile("[0-9a-f]{40}")


class Objects:
    """The object store of one workspace; may be used from several threads."""

    def __init__(self, git: Path, staging: Path) -> None:
        self._staging = staging
        self._folder = git / "objects" / "pack"
        self._store = DiskObjectStore(git / "objects")
        self.close = weakref.finalize(self, self._store.close)
        """Lets go of the files that are mapped; happens by itself in the end."""
        self._lock = threading.RLock()
        self._known: set[ObjectID] = set()
        self._flat: dict[str, dict[str, Entry]] = {}
        self._merged: dict[tuple[object, ...], str] = {}

    def get(self, name: str) -> ShaFile:
        """One object; ``KeyError`` when there is none, ``StorageError`` when it is damaged."""
        with self._lock:
            if name == EMPTY:
                return Tree()
            if not _ID.fullmatch(name):
                raise KeyError(name)
            try:
                return self._store[ObjectID(name.encode())]
            except KeyError:
                raise KeyError(name) from None
            except (ChecksumMismatch, ObjectFormatException, ValueError, OSError, zlib.error) as error:
                raise StorageError(f"the object {name} in {self._folder.parent} is damaged: {error}") from error

    def write(self, files: Mapping[str, bytes]) -> str:
        """The tree of these files, on disk when this returns."""
        blobs = [Blob.from_string(data) for data in files.values()]
        entries = {path: (FILE_MODE, blob.id.decode()) for path, blob in zip(files, blobs, strict=True)}
        with self._lock:
            tree, trees = self._build(entries)
            self.add([*blobs, *trees])
        return tree

    def merge(self, base: str | None, layers: Sequence[Layer]) -> str:
        """The base with each layer laid over the last, on disk when this returns.

        ``PathError`` when files of two layers cannot stand beside each other.
        """
        key = (base, *((tree, tuple(removed)) for tree, removed in layers))
        with self._lock:
            if key not in self._merged:
                entries = dict(self.entries(base)) if base else {}
                for tree, removed in layers:
                    for path in removed:
                        entries.pop(path, None)
                    entries.update(self.entries(tree))
                check_tree(entries, origin="builtin")
                self._merged[key] = self._store_tree(entries)
            return self._merged[key]

    def overlay(self, base: str, layer: Layer) -> str:
        """The base, which may hold anything, with a layer over it; what is in the way of the layer goes."""
        tree, removed = layer
        with self._lock:
            over = self.entries(tree)
            parents = {str(parent) for path in over for parent in PurePosixPath(path).parents}
            entries = {
                path: entry
                for path, entry in self.entries(base).items()
                if path not in removed
                and path not in parents
                and not any(str(parent) in over for parent in PurePosixPath(path).parents)
            }
            return self._store_tree({**entries, **over})

    def entries(self, tree: str) -> dict[str, Entry]:
        """Path -> mode and id of everything in a tree, in order; do not change it."""
        with self._lock:
            if tree not in self._flat:
                self._flat[tree] = dict(sorted(self._walk(tree, "")))
            return self._flat[tree]

    def paths(self, tree: str) -> dict[str, str]:
        """Path -> blob id of every file, in order; not of links and submodules that a user may have committed."""
        return {path: name for path, (mode, name) in self.entries(tree).items() if mode & _KIND == _REGULAR}

    def data(self, blob: str) -> bytes:
        """The content of one file."""
        found = self.get(blob)
        assert isinstance(found, Blob)
        return found.data

    def add(self, objects: Sequence[ShaFile]) -> None:
        """Stores objects that are not there yet, in one pack."""
        with self._lock:
            if not self._known:
                self._known.update(self._store)
            missing = {thing.id: thing for thing in objects if thing.id not in self._known}
            if missing:
                self._add_pack(list(missing.values()))
                self._known.update(missing)

    def compact(self, limit: int = 100) -> None:
        """Puts all packs into one when there are more than ``limit``; only while nobody else uses the workspace."""
        with self._lock, storage(self._folder):
            packs = sorted(self._folder.glob("pack-*.idx"))
            if len(packs) <= limit:
                return
            whole = self._add_pack([self._store[name] for name in sorted(set(self._store))])
            self._store.close()
            for index in packs:
                if index.stem != whole:
                    index.unlink()
                    index.with_suffix(".pack").unlink()

    def _walk(self, tree: str, prefix: str) -> Iterator[tuple[str, Entry]]:
        found = self.get(tree)
        if not isinstance(found, Tree):
            raise KeyError(tree)
        for entry in found.iteritems():
            path, name = prefix + entry.path.decode("utf-8", "surrogateescape"), entry.sha.decode()
            if entry.mode == FOLDER_MODE:
                yield from self._walk(name, f"{path}/")
            else:
                yield path, (entry.mode, name)

    def _store_tree(self, entries: Mapping[str, Entry]) -> str:
        name, trees = self._build(entries)
        self.add(trees)
        return name

    def _build(self, entries: Mapping[str, Entry]) -> tuple[str, list[ShaFile]]:
        """The id of the tree of ``entries`` and all tree objects in it."""
        root: dict[str, Any] = {}
        for path, entry in entries.items():
            *folders, name = path.split("/")
            place = root
            for folder in folders:
                place = place.setdefault(folder, {})
            place[name] = entry
        made: list[ShaFile] = []
        tree = _tree(root, made).decode()
        self._flat.setdefault(tree, dict(sorted(entries.items())))
        return tree, made

    def _add_pack(self, objects: Sequence[ShaFile]) -> str:
        """The name of a new pack; it and its index appear in the order in which git may see them."""
        chunks: list[bytes] = []
        with storage(self._folder):
            count, records = pack_objects_to_data(objects, deltify=False)
            entries, checksum = write_pack_data(
                lambda chunk: chunks.append(bytes(chunk)) or len(chunk),  # type: ignore[func-returns-value]
                records,
                DEFAULT_OBJECT_FORMAT,
                num_records=count,
                compression_level=1,
            )
            index = io.BytesIO()
            write_pack_index_v2(index, sorted((key, *place) for key, place in entries.items()), checksum)
            name = f"pack-{checksum.hex()}"
            with (
                staged(self._staging, b"".join(chunks), "pack") as pack,
                staged(self._staging, index.getvalue(), "index") as listing,
            ):
                pack.chmod(0o444)
                listing.chmod(0o444)
                sync([pack, listing])
                point("pack.rename")
                pack.replace(self._folder / f"{name}.pack")
                point("pack.renamed")
                listing.replace(self._folder / f"{name}.idx")
                point("index.renamed")
                sync([self._folder])
        return name


def _tree(place: Mapping[str, Any], made: list[ShaFile]) -> ObjectID:
    tree = Tree()
    for name, value in place.items():
        if isinstance(value, dict):
            mode, sha = FOLDER_MODE, _tree(value, made)
        else:
            mode, sha = value[0], ObjectID(value[1].encode())
        tree.add(name.encode("utf-8", "surrogateescape"), mode, sha)
    made.append(tree)
    return tree.id


EMPTY = Tree().id.decode()
"""The tree without files."""
