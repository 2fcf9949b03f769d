"""The commits of a workspace: one for each finished step, on the branch ``main``."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dulwich.file import FileLocked
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.patch import write_blob_diff
from dulwich.refs import DiskRefsContainer, Ref

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError, WorkspaceError
from gencode_graph.workspace.disk import storage, sync
from gencode_graph.workspace.index import Staged
from gencode_graph.workspace.objects import EMPTY, FILE_MODE, Layer, Objects
from gencode_graph.workspace.text import strip_hidden

BRANCH = Ref(b"refs/heads/main")
_AUTHOR = b"gencode-graph <gencode-graph@localhost>"
_NONE = ObjectID(b"0" * 40)
_TRIES = 300
"""How often another writer may come first; 10 ms apart."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One commit, as far as it tells of a step."""

    id: str
    tree: str
    """Id of all files after it."""
    layer: str | None
    """Id of the files that the step wrote; None for a commit that we did not make."""
    subject: str
    step: str | None
    producer: str | None
    attempt: int | None
    run_id: str | None
    at: datetime


class History:
    """The branch of one workspace."""

    def __init__(self, git: Path, objects: Objects, staged: Staged) -> None:
        self._git = git
        self._staged = staged
        self._objects = objects
        self._refs = DiskRefsContainer(str(git))
        self._lock = threading.Lock()
        self._read: dict[str, Commit] = {}

    @property
    def head(self) -> str | None:
        """The newest commit."""
        try:
            return self._refs[BRANCH].decode()
        except KeyError:
            return None

    def log(self) -> Iterator[Entry]:
        """Commits, newest first."""
        return (_entry(commit) for commit in self._commits())

    def record(self, layer: Layer, subject: str, trailers: dict[str, str]) -> str:
        """The commit that lays ``layer`` over the head; the existing one when this was recorded before."""
        footer = _footer(trailers | {"Gencode-Layer": layer[0]})
        with self._lock:
            for entry in self._commits():
                if entry.message.decode("utf-8", "replace").endswith(f"\n\n{footer}\n"):
                    self._staged.follow(self.tree(str(self.head)))
                    return entry.id.decode()
            return self._advance(lambda base: self._objects.overlay(base, layer), f"{_one_line(subject)}\n\n{footer}\n")

    def restore(self, name: str) -> str:
        """A new commit with the files of an older one; the head itself when it has them."""
        tree = self.tree(name)
        with self._lock:
            if (head := self.head) is not None and self.tree(head) == tree:
                return head
            return self._advance(lambda base: tree, f"Restore {name[:12]}\n")

    def tree(self, name: str) -> str:
        """The tree that a tree id, a commit id or the start of one stands for; ``WorkspaceError`` for anything else."""
        found: ShaFile | None
        try:
            found = self._objects.get(name)
        except KeyError:
            meant = [commit for commit in self._commits() if len(name) > 3 and commit.id.decode().startswith(name)]
            found = meant[0] if len(meant) == 1 else None
        if isinstance(found, Commit):
            return str(found.tree.decode())
        if isinstance(found, Tree):
            return name
        raise WorkspaceError(f"{name!a} is neither a commit nor a tree of this workspace; `git log` lists the commits")

    def diff(self, old: str, new: str) -> str:
        """A unified diff between two trees or commits."""
        before, after = self._objects.paths(self.tree(old)), self._objects.paths(self.tree(new))
        out = io.BytesIO()
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) != after.get(path):
                write_blob_diff(out, self._side(path, before), self._side(path, after))
        return out.getvalue().decode("utf-8", "replace")

    def _side(self, path: str, paths: dict[str, str]) -> tuple[bytes | None, int | None, Blob | None]:
        if path not in paths:
            return None, None, None
        return path.encode(), FILE_MODE, Blob.from_string(self._objects.data(paths[path]))

    def _advance(self, make: Callable[[str], str], message: str) -> str:
        """Commits ``make(tree of the head)``, again from the start when another writer comes first."""
        for _ in range(_TRIES):
            head = self.head
            commit = Commit()
            commit.tree = ObjectID(make(self.tree(head) if head else EMPTY).encode())
            commit.parents = [ObjectID(head.encode())] if head else []
            commit.author = commit.committer = _AUTHOR
            commit.author_time = commit.commit_time = int(time.time())
            commit.author_timezone = commit.commit_timezone = 0
            commit.encoding = b"UTF-8"
            commit.message = message.encode()
            self._objects.add([commit])
            point("ref.before")
            if self._move(head, commit.id):
                point("ref.after")
                self._staged.follow(commit.tree.decode())
                return commit.id.decode()
            time.sleep(0.01)
        raise StorageError(f"another program holds {self._git}/refs/heads/main.lock; end it, then resume the run")

    def _move(self, head: str | None, commit: ObjectID) -> bool:
        """Sets the branch if it still is where it was."""
        with storage(self._git):
            try:
                moved = self._refs.set_if_equals(BRANCH, ObjectID(head.encode()) if head else _NONE, commit)
            except FileLocked:
                return False
            sync([self._git / "refs" / "heads"])
            return moved

    def _commits(self) -> Iterator[Commit]:
        name = self.head
        while name is not None:
            if name not in self._read:
                commit = self._objects.get(name)
                assert isinstance(commit, Commit)
                self._read[name] = commit
            commit = self._read[name]
            yield commit
            name = commit.parents[0].decode() if commit.parents else None


def _entry(commit: Commit) -> Entry:
    message = commit.message.decode("utf-8", "replace").strip()
    lines = message.split("\n\n")[-1].splitlines()
    trailers = dict(line.split(": ", 1) for line in lines if line.startswith("Gencode-") and ": " in line)
    attempt = trailers.get("Gencode-Attempt", "")
    return Entry(
        id=commit.id.decode(),
        tree=commit.tree.decode(),
        layer=trailers.get("Gencode-Layer"),
        subject=message.split("\n")[0],
        step=trailers.get("Gencode-Step"),
        producer=trailers.get("Gencode-Producer"),
        attempt=int(attempt) if attempt.isdecimal() else None,
        run_id=trailers.get("Gencode-Run"),
        at=datetime.fromtimestamp(commit.commit_time, UTC),
    )


def _footer(trailers: dict[str, str]) -> str:
    return "\n".join(f"{key}: {_one_line(value)}" for key, value in trailers.items())


def _one_line(text: str) -> str:
    return " ".join(strip_hidden(text).split())[:200]
