"""Archives from elsewhere, read whole or not at all; and ours, written the same way each time."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO

from gencode_graph.errors import PathError
from gencode_graph.workspace.paths import LIMITS, Limits, check_path, check_sizes, check_tree

RATIO = 200
"""Times its packed size that a member may have."""
SMALL = 1024
"""Bytes of a packed member below which its ratio says nothing."""
_CHUNK = 1 << 16
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_archive(data: bytes, *, limits: Limits = LIMITS) -> dict[str, bytes]:
    """The files of a zip or a tar, by path; archives among them stay as they are.

    ``PathError`` for the whole where a member is no ordinary file or folder, has an unsafe name, or where the bytes
    that really come out are too many. Headers are not believed, and nothing is written.
    """
    reader = _zip if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") else _tar
    found: dict[str, bytes] = {}
    total = 0
    try:
        for name, chunks, allowed in reader(data, limits):
            check_path(name, limits=limits)
            if name in found:
                raise _refused(name, "is in it twice")
            parts: list[bytes] = []
            size = 0
            for chunk in chunks:
                size, total = size + len(chunk), total + len(chunk)
                if size > min(allowed, limits.file_bytes) or total > limits.tree_bytes:
                    raise _refused(name, "unpacks to more than is allowed")
                parts.append(chunk)
            found[name] = b"".join(parts)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as e:
        if isinstance(e, PathError):
            raise
        raise _refused("", f"cannot be read: {type(e).__name__}") from e
    check_tree(found, limits=limits)
    check_sizes(((name, len(content)) for name, content in found.items()), limits=limits)
    return found


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of files, the same bytes for the same files; ``PathError`` for a name that could not be read back."""
    check_tree(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, _EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)
    return out.getvalue()


def _zip(data: bytes, limits: Limits) -> Iterator[tuple[str, Iterator[bytes], int]]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = archive.infolist()
    if len(members) > limits.files:
        raise _refused("", f"has more than {limits.files} members")
    for member in members:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(member.filename, "is a link or a device")
        if member.flag_bits & 1:
            raise _refused(member.filename, "is encrypted")
        if member.filename != member.orig_filename:
            raise _refused(member.orig_filename, "has an unsafe name")
        if member.is_dir():
            check_path(member.filename.rstrip("/"), limits=limits)
            continue
        yield member.filename, _chunks(archive.open(member)), RATIO * max(member.compress_size, SMALL)


def _tar(data: bytes, limits: Limits) -> Iterator[tuple[str, Iterator[bytes], int]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
        for number, member in enumerate(archive):
            name = member.name.removeprefix("./")
            if number >= limits.files:
                raise _refused(name, f"is one too many: at most {limits.files} members")
            if member.isdir():
                if name not in ("", "."):
                    check_path(name.rstrip("/"), limits=limits)
                continue
            file = archive.extractfile(member) if member.isreg() and not member.issparse() else None
            if file is None:
                raise _refused(name, "is a link, a device or has holes")
            if member.size > limits.file_bytes:
                raise _refused(name, "is larger than is allowed")
            yield name, _chunks(file), limits.file_bytes


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _refused(name: str, why: str) -> PathError:
    what = f"the member {name!a} of the archive" if name else "the archive"
    return PathError(f"{what} {why} (rule path/archive); nothing of it is taken", rule="path/archive", path=ascii(name))
