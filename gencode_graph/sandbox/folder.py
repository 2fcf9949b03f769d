"""Files of a sandbox that is a folder on this machine: written, stale ones deleted, read back."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gencode_graph.errors import PathError, SandboxError, StorageError

UNTOUCHED = frozenset({"node_modules", ".venv", "__pycache__"})
"""Folders that are neither cleared nor read back."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What no name of a file that is read back may have."""
COLLECT_LIMIT = 256 * 1024 * 1024
"""Bytes that one call reads back at most."""


def parts(path: str) -> tuple[str, ...]:
    """The segments of a relative path with forward slashes; raises ``PathError`` for anything else."""
    segments = tuple(path.rstrip("/").split("/")) if path not in (".", "") else ()
    if any(segment in ("", ".", "..") or "\\" in segment or "\0" in segment for segment in segments):
        raise PathError(f"{path!r} is not a path inside the sandbox; give it relative, with forward slashes")
    return segments


def inside(root: Path, path: str) -> Path:
    """The place of a path under ``root``; raises ``PathError`` if it, or a link on the way, leads out."""
    place = root.joinpath(*parts(path))
    if place != root and not place.parent.resolve().is_relative_to(root.resolve()):
        raise PathError(f"{path!r} leads out of the sandbox through a link; remove the link")
    return place


def write_files(root: Path, files: Mapping[str, bytes], owned: Sequence[str]) -> None:
    """Write the files that differ, each at once or not at all; delete others under the ``owned`` prefixes."""
    root = root.resolve()
    try:
        keep = {inside(root, path): content for path, content in files.items()}
        for prefix in owned:
            for place in list(regular_files(inside(root, prefix), links=True)):
                if place not in keep:
                    place.unlink()
        for place, content in keep.items():
            write_file(place, content)
    except PathError:
        raise
    except OSError as error:
        raise StorageError(f"cannot write to {root}: {error.strerror}; free space or rights, then resume") from error


def write_file(place: Path, content: bytes) -> None:
    """Write one file by a temporary neighbour and a rename, unless it is there with this content."""
    if place.is_file() and not place.is_symlink() and place.read_bytes() == content:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir() and not place.is_symlink():
        place.rmdir()
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".put-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def regular_files(place: Path, *, links: bool = False) -> Iterator[Path]:
    """A file, or all files below a folder, without following links; with ``links`` the links themselves too."""
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(mode) or (links and stat.S_ISLNK(mode)):
        yield place
    elif stat.S_ISDIR(mode):
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            if entry.name not in UNTOUCHED:
                yield from regular_files(Path(entry.path), links=links)


def read_files(root: Path, paths: Sequence[str]) -> dict[str, bytes]:
    """Regular files with safe names at or below the paths, by path; raises ``SandboxError`` above the size limit."""
    root = root.resolve()
    found: dict[str, bytes] = {}
    total = 0
    for path in paths:
        for place in (it for it in regular_files(inside(root, path)) if not CONTROL.search(str(it))):
            total += place.stat().st_size
            if total > COLLECT_LIMIT:
                raise SandboxError(f"{path} and what was read before it are over {COLLECT_LIMIT} bytes; read less")
            found[place.relative_to(root).as_posix()] = place.read_bytes()
    return found
