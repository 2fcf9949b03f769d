"""The folder that people see: it follows a tree, and keeps what they changed in it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from dulwich.objects import Blob

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError
from gencode_graph.types import Finding, Severity
from gencode_graph.workspace.disk import open_folder, read_regular, replace, staged, storage, sync
from gencode_graph.workspace.paths import fold

READ_LIMIT = 64 << 20
"""Bytes; we never write a larger file, so a larger one is the user's."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """What we wrote into the folder, and what we were about to write."""

    files: Mapping[str, str]
    """Path -> blob id."""
    target: Mapping[str, str] | None = None
    """Path -> blob id of an unfinished publication; such content counts as ours too."""


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What lies at a path now."""

    kind: Literal["missing", "file", "other"]
    """``other``: a link, a folder, a device, or behind one of them."""
    blob: str | None = None
    mark: tuple[int, int, int] | None = None
    """Inode, size and time of change: whether it is still the same a moment later."""


_MISSING = _Seen(kind="missing")
_OTHER = _Seen(kind="other")


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What a publication changes, and what it leaves alone."""

    removed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class Folder:
    """The files of one workspace as they lie on disk."""

    def __init__(self, root: Path, record: Path, staging: Path, content: Callable[[str], bytes]) -> None:
        self._root = root
        self._record = record
        self._staging = staging
        self._content = content
        self._lock = threading.Lock()

    def publish(self, target: Mapping[str, str]) -> tuple[Finding, ...]:
        """Makes the folder show ``target`` (path -> blob id); a finding for each file that stays as the user has it."""
        target = {path: blob for path, blob in target.items() if _inside(path)}
        with self._lock, storage(self._root):
            before = self._read()
            expected = {**before.files, **(before.target or {})}
            seen = {path: self._look(path) for path in sorted({*expected, *target})}
            kept = dict(before.files)
            for path, now in seen.items():
                if now.blob is not None and now.blob in (before.files.get(path), expected.get(path), target.get(path)):
                    kept[path] = now.blob
            plan = _plan(before, seen, target)
            if plan.removed or plan.written:
                with contextlib.ExitStack() as stack:
                    new = {path: stack.enter_context(self._new(target[path])) for path in plan.written}
                    sync(list(new.values()))
                    self._write(Published(files=kept, target=target), "intent")
                    plan.findings.extend(self._remove_all(plan.removed, seen, kept))
                    plan.findings.extend(self._move_all(new, seen, target, kept))
            for path in kept.keys() - target.keys():
                if seen[path].kind == "missing":
                    del kept[path]
            after = Published(files=kept)
            if after != before:
                self._write(after, "published")
            return tuple(sorted(plan.findings, key=lambda finding: finding.path or ""))

    def _new(self, blob: str) -> contextlib.AbstractContextManager[Path]:
        """A file with that content, ready to be put in its place."""
        return staged(self._staging, self._content(blob), "file")

    def _remove_all(self, paths: Sequence[str], seen: Mapping[str, _Seen], kept: dict[str, str]) -> list[Finding]:
        """Removes files and strikes them off ``kept``; a finding for each that the user changed meanwhile."""
        findings = []
        for path in paths:
            if self._remove(path, seen[path]):
                kept.pop(path, None)
                point("publish.file")
            else:
                findings.append(_kept(path, "it was not removed"))
        return findings

    def _move_all(
        self, new: Mapping[str, Path], seen: Mapping[str, _Seen], target: Mapping[str, str], kept: dict[str, str]
    ) -> list[Finding]:
        """Puts files in place and enters them in ``kept``; a finding for each that the user changed meanwhile."""
        findings = []
        touched: set[PurePosixPath] = set()
        for path, temporary in new.items():
            was = self._look(path) if seen[path].kind == "other" else seen[path]
            if self._move(temporary, path, was):
                kept[path] = target[path]
                touched.update(PurePosixPath(path).parents)
                point("publish.file")
            else:
                findings.append(_kept(path, "the new version was not written"))
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # where the user moved a folder meanwhile
            sync([self._root / folder for folder in sorted(touched)])
        return findings

    def _move(self, temporary: Path, path: str, was: _Seen) -> bool:
        """Puts a staged file in its place, unless something else came there since it was looked at."""
        with self._parent(path, make=True) as (place, name):
            if place is None or was.kind == "other" or _mark(name, place) != was.mark:
                return False
            point("publish.rename")
            os.rename(temporary, name, dst_dir_fd=place)
            return True

    def _remove(self, path: str, was: _Seen) -> bool:
        """Removes a file, and the folders that it leaves empty, unless it changed since it was looked at."""
        with self._parent(path) as (place, name):
            if place is None or _mark(name, place) != was.mark:
                return False
            os.unlink(name, dir_fd=place)
        for folder in list(PurePosixPath(path).parents)[:-1]:
            with self._parent(str(folder)) as (place, name), contextlib.suppress(OSError):
                os.rmdir(name, dir_fd=place)
        return True

    def _look(self, path: str) -> _Seen:
        with self._parent(path) as (folder, name):
            if folder is None:
                return _MISSING if name else _OTHER
            try:
                found = read_regular(name, folder, READ_LIMIT)
            except FileNotFoundError:
                return _MISSING
            if found is None:
                return _OTHER
            data, status = found
            return _Seen(kind="file", blob=Blob.from_string(data).id.decode(), mark=_stamp(status))

    @contextlib.contextmanager
    def _parent(self, path: str, *, make: bool = False) -> Iterator[tuple[int | None, str]]:
        """The folder of a path and its last segment; no folder where it is missing, and no name either where
        something else stands in its place. Every segment is opened by itself, so no link is ever followed."""
        *folders, name = path.split("/")
        with contextlib.ExitStack() as stack:
            place = open_folder(self._root)
            stack.callback(os.close, place)
            for folder in folders:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(folder, 0o755, dir_fd=place)
                try:
                    place = open_folder(folder, inside=place)
                except FileNotFoundError:
                    yield None, name
                    return
                except OSError as error:
                    if error.errno not in (errno.ELOOP, errno.ENOTDIR):
                        raise
                    yield None, ""
                    return
                stack.callback(os.close, place)
            yield place, name

    def _read(self) -> Published:
        try:
            data = json.loads(self._record.read_bytes())
            return Published(files=dict(data["files"]), target=data["target"])
        except FileNotFoundError:
            return Published(files={})
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{self._record} is damaged ({error}); delete it and resume: files that differ are then kept as yours"
            ) from error

    def _write(self, record: Published, name: str) -> None:
        text = json.dumps({"files": dict(record.files), "target": record.target}, indent=1, sort_keys=True)
        replace(self._staging, self._record, text.encode(), name)


def _inside(path: str) -> bool:
    """Whether a path, perhaps out of somebody else's commit, lies in the folder and is neither git's nor ours."""
    segments = fold(path).split("/")
    return segments[0] != ".gencode" and not {"", ".", "..", ".git"}.intersection(segments)


def _plan(before: Published, seen: Mapping[str, _Seen], target: Mapping[str, str]) -> _Plan:
    plan = _Plan()
    pending = before.target or {}
    ours = {
        path
        for path, now in seen.items()
        if now.blob is not None and now.blob in (before.files.get(path), pending.get(path))
    }
    for path in seen.keys() - target.keys():
        if path in ours:
            plan.removed.append(path)
        elif seen[path].kind != "missing":
            plan.findings.append(_kept(path, "it was not removed"))
    for path, blob in target.items():
        if seen[path].blob == blob:
            continue
        if path in ours or seen[path].kind == "missing" or _makes_room(path, plan.removed):
            plan.written.append(path)
            if seen[path].kind == "missing" and before.target is None and path in before.files:
                plan.findings.append(_change(path, "was deleted by you and is needed, so it was written again", "note"))
        else:
            plan.findings.append(_kept(path, "the new version was not written"))
    return plan


def _makes_room(path: str, removed: Sequence[str]) -> bool:
    """Whether a file that we remove is where a folder is needed, or in a folder where the file is needed."""
    return any(f"{path}/".startswith(f"{other}/") or other.startswith(f"{path}/") for other in removed)


def _mark(name: str, place: int) -> tuple[int, int, int] | None:
    """Which file lies there in which state; None for none."""
    try:
        return _stamp(os.stat(name, dir_fd=place, follow_symlinks=False))
    except FileNotFoundError:
        return None


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _kept(path: str, consequence: str) -> Finding:
    return _change(path, f"was changed or added by you, so it is kept and {consequence}", "warning")


def _change(path: str, what: str, severity: Severity) -> Finding:
    return Finding(
        rule="workspace/user-change",
        message=f"{path} {what}",
        severity=severity,
        path=path,
        hint="compare with `gencode diff`; to take our version, delete yours and resume",
    )
