"""Writing that survives a kill at any moment, and folders reached without following links."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_SYNCS = 8


@contextlib.contextmanager
def storage(place: Path) -> Iterator[None]:
    """Turns what the operating system says about a full or broken disk into ``StorageError``."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            said, fix = "the disk is full", "free some space there"
        elif error.errno == errno.EFBIG:
            said, fix = "a file may not grow that large", "raise the file size limit (ulimit -f)"
        else:
            said, fix = error.strerror or str(error), "check that the folder can be written"
        raise StorageError(f"cannot write in {place}: {said}; {fix}, then resume the run") from error


def sync(places: Sequence[Path]) -> None:
    """Makes files, and what folders list, last over a power cut; together, so that the disk waits once."""
    if len(places) < 4:
        for place in places:
            _sync(place)
        return
    with ThreadPoolExecutor(_SYNCS, thread_name_prefix="gencode-sync") as pool:
        for done in [pool.submit(_sync, place) for place in places]:
            done.result()


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def staged(staging: Path, data: bytes, name: str) -> Iterator[Path]:
    """A new file in ``staging``, to be synced and renamed; gone at the end if it was not. In its middle lies the crash
    point ``<name>.half``."""
    path = staging / f"{os.getpid()}-{secrets.token_hex(6)}"
    try:
        with path.open("xb", buffering=0) as file:
            _write_all(file.write, data[: len(data) // 2])
            point(f"{name}.half")
            _write_all(file.write, data[len(data) // 2 :])
        yield path
    finally:
        path.unlink(missing_ok=True)


def replace(staging: Path, target: Path, data: bytes, name: str) -> None:
    """Writes a whole file or nothing; crash points ``<name>.half``, ``.rename`` and ``.renamed``."""
    with staged(staging, data, name) as temporary:
        sync([temporary])
        point(f"{name}.rename")
        temporary.replace(target)
        point(f"{name}.renamed")
        sync([target.parent])


def _write_all(write: Callable[[memoryview], int | None], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[write(rest) or 0 :]


def open_folder(name: str | Path, *, inside: int | None = None) -> int:
    """A descriptor of a real folder; ``OSError`` for a link to one."""
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside)


def read_regular(name: str, inside: int, limit: int) -> tuple[bytes, os.stat_result] | None:
    """Content and status of a regular file, None for anything else, or for a larger one; never follows a link."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EACCES, errno.ENOTDIR, errno.EISDIR):
            return None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(), status
    finally:
        os.close(descriptor)
