"""Files and trees as git objects, written once, in one pack for each write."""

from __future__ import annotations

import io
import re
import threading
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dulwich.errors import ChecksumMismatch, ObjectFormatException
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID, ShaFile, Tree
from dulwich.pack import pack_objects_to_data, write_pack_data, write_pack_index_v2

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError
from gencode_graph.workspace.disk import halves, stage, storage, sync_folder
from gencode_graph.workspace.paths import check_tree

FILE_MODE = 0o100644
FOLDER_MODE = 0o040000

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
        self._flat: dict[str, dict[str, str]] = {}
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
        paths = {path: blob.id.decode() for path, blob in zip(files, blobs, strict=True)}
        with self._lock:
            tree, trees = self._build(paths)
            self.add([*blobs, *trees])
        return tree

    def merge(self, base: str | None, layers: Sequence[Layer]) -> str:
        """The base with each layer laid over the last, on disk when this returns.

        ``PathError`` when files of two layers cannot stand beside each other.
        """
        key = (base, *((tree, tuple(removed)) for tree, removed in layers))
        with self._lock:
            if key not in self._merged:
                paths = dict(self.paths(base)) if base else {}
                for tree, removed in layers:
                    for path in removed:
                        paths.pop(path, None)
                    paths.update(self.paths(tree))
                check_tree(paths, origin="builtin")
                name, trees = self._build(paths)
                self.add(trees)
                self._merged[key] = name
            return self._merged[key]

    def paths(self, tree: str) -> dict[str, str]:
        """Path -> blob id of every file; do not change it."""
        with self._lock:
            if tree not in self._flat:
                self._flat[tree] = dict(sorted(self._walk(tree, "")))
            return self._flat[tree]

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

    def _walk(self, tree: str, prefix: str) -> Iterator[tuple[str, str]]:
        found = self.get(tree)
        if not isinstance(found, Tree):
            raise KeyError(tree)
        for entry in found.iteritems():
            path, name = prefix + entry.path.decode(), entry.sha.decode()
            if entry.mode == FOLDER_MODE:
                yield from self._walk(name, f"{path}/")
            elif entry.mode & 0o170000 == 0o100000:
                yield path, name

    def _build(self, paths: Mapping[str, str]) -> tuple[str, list[ShaFile]]:
        """The id of the tree of ``paths`` and all tree objects in it."""
        root: dict[str, object] = {}
        for path, blob in paths.items():
            *folders, name = path.split("/")
            place = root
            for folder in folders:
                place = place.setdefault(folder, {})  # type: ignore[assignment]
            place[name] = blob
        made: list[ShaFile] = []
        tree = _tree(root, made).decode()
        self._flat.setdefault(tree, dict(sorted(paths.items())))
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
            pack = stage(self._staging, halves(b"".join(chunks)), "pack")
            listing = stage(self._staging, halves(index.getvalue()), "index")
            point("pack.rename")
            name = f"pack-{checksum.hex()}"
            pack.chmod(0o444)
            listing.chmod(0o444)
            pack.replace(self._folder / f"{name}.pack")
            point("pack.renamed")
            listing.replace(self._folder / f"{name}.idx")
            point("index.renamed")
            sync_folder(self._folder)
        return name


def _tree(place: Mapping[str, object], made: list[ShaFile]) -> ObjectID:
    tree = Tree()
    for name, value in place.items():
        if isinstance(value, dict):
            tree.add(name.encode(), FOLDER_MODE, _tree(value, made))
        else:
            tree.add(name.encode(), FILE_MODE, ObjectID(str(value).encode()))
    made.append(tree)
    return tree.id


EMPTY = Tree().id.decode()
"""The tree without files."""
