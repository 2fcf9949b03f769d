"""Tar streams to and from a sandbox: written in memory, read under a limit, regular files only."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gencode_graph.errors import SandboxError
from gencode_graph.sandbox.folder import COLLECT_LIMIT, CONTROL, UNTOUCHED

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

OWNER = 10001
"""User and group of everything in a sandbox's image."""


class _Stream(io.RawIOBase):
    """An iterator of chunks as a file, ended with an error when it gives more than ``limit`` bytes."""

    def __init__(self, chunks: Iterator[bytes], limit: int) -> None:
        self._chunks = chunks
        self._left = limit
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while not self._rest:
            self._rest = next(self._chunks, b"")
            if not self._rest:
                return 0
            self._left -= len(self._rest)
            if self._left < 0:
                raise SandboxError(f"what is read back is over {COLLECT_LIMIT} bytes; read less")
        view = memoryview(buffer).cast("B")
        taken = min(len(view), len(self._rest))
        view[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken


def pack(files: Mapping[str, bytes], times: Mapping[str, int]) -> bytes:
    """A tar of files and the folders above them, owned by the sandbox's user, with the given modification times."""
    out = io.BytesIO()
    folders = {str(parent): None for path in files for parent in reversed(PurePosixPath(path).parents)}
    with tarfile.open(fileobj=out, mode="w") as tar:
        for folder in folders:
            if folder != ".":
                tar.addfile(member(folder, tarfile.DIRTYPE, 0o755))
        for path, content in files.items():
            info = member(path, tarfile.REGTYPE, 0o644)
            info.size, info.mtime = len(content), times[path]
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def member(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    """The header of one member."""
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.uid, info.gid = kind, mode, OWNER, OWNER
    return info


def unpack(chunks: Iterator[bytes], path: str) -> dict[str, bytes]:
    """The regular files of a tar of ``path`` (a file or a folder), by their path in the sandbox.

    Links, pipes, devices and names with control characters are left out, and so is what lies in installed folders. A
    second name of one file comes in a tar as a reference to the first, and is read as that. Raises ``SandboxError``
    above the limit.
    """
    found: dict[str, bytes] = {}
    above = PurePosixPath(path).parent
    stream = _Stream(chunks, COLLECT_LIMIT + 10_000_000)
    with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as tar:
        for info in tar:
            names = PurePosixPath(info.name).parts
            unsafe = ".." in names or info.name.startswith("/") or CONTROL.search(info.name)
            if unsafe or UNTOUCHED.intersection(names):
                continue
            place = str(PurePosixPath(*names[1:])) if path == "." else str(above / info.name)
            if info.islnk() and info.linkname in found:
                found[place] = found[info.linkname]
            elif info.isreg() and (file := tar.extractfile(info)) is not None:
                found[place] = file.read()
    return found
