"""Workspace: a folder, everything that was ever made for it, and what of that it shows now."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gencode_graph.crashpoints import point
from gencode_graph.errors import StorageError, WorkspaceError
from gencode_graph.types import Finding, Origin
from gencode_graph.workspace.disk import storage
from gencode_graph.workspace.folder import Folder
from gencode_graph.workspace.history import Entry, History
from gencode_graph.workspace.index import Staged
from gencode_graph.workspace.inspection import inspect
from gencode_graph.workspace.lock import held
from gencode_graph.workspace.objects import EMPTY, Layer, Objects
from gencode_graph.workspace.paths import LIMITS, Limits, check_sizes, check_tree
from gencode_graph.workspace.text import check_content

OWN = ".gencode"
"""The folder for what is ours and not the app's."""

_UNFIT = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP,
)  # fmt: skip
"""What an unsuitable folder answers, in contrast to a full disk."""

_CONFIG = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
[gc]
\tauto = 0
"""


class Workspace:
    """All methods block on the disk: call them with ``asyncio.to_thread`` from async code. Safe to share by threads.

    Files are git objects in ``<root>/.git``; trees and commits are named by their hexadecimal ids.
    """

    def __init__(self, root: Path, *, limits: Limits = LIMITS) -> None:
        self.root = root
        self.artifacts = root / OWN / "artifacts"
        """For screenshots and reports."""
        self.build = root / OWN / "build"
        """For the sandbox."""
        self._limits = limits
        self._staging = root / OWN / "staging"
        self._objects = Objects(root / ".git", self._staging)
        self._staged = Staged(root / ".git", root / OWN / "index.json", self._staging, self._objects)
        self._history = History(root / ".git", self._objects, self._staged)
        self._folder = Folder(root, root / OWN / "published.json", self._staging, self._objects.data)

    @classmethod
    def open(cls, root: Path, *, create: bool) -> Workspace:
        """The workspace in that folder; ``create`` makes one in an empty or missing folder.

        ``WorkspaceError`` when the folder cannot be one, ``StorageError`` when the disk is full.
        """
        try:
            root = root.expanduser().resolve()
            _check_root(root, create=create)
            with storage(root):
                _create(root)
        except (OSError, RuntimeError) as error:
            if isinstance(error, StorageError) and getattr(error.__cause__, "errno", None) not in _UNFIT:
                raise
            raise WorkspaceError(
                f"{root} cannot be a workspace: {error}; choose another folder with --workspace"
            ) from error
        workspace = cls(root)
        with contextlib.suppress(WorkspaceError), held(root / OWN / "lock", patience=0):
            workspace._sweep()
        return workspace

    def close(self) -> None:
        """Lets go of open files, for good."""
        self._objects.close()

    @contextlib.contextmanager
    def lock(self, *, run_id: str = "") -> Iterator[None]:
        """Keeps every other run out; ``WorkspaceError`` names who is in. Ends with this process, whatever ends it."""
        with held(self.root / OWN / "lock", run_id=run_id):
            self._sweep()
            self._objects.compact()
            yield

    def write(self, files: Mapping[str, str | bytes], *, origin: Origin) -> str:
        """The tree of just these files, on disk when this returns; ``PathError`` for an unsafe name or text."""
        check_tree(files, origin=origin, limits=self._limits)
        contents = {path: check_content(path, content) for path, content in files.items()}
        check_sizes(((path, len(data)) for path, data in contents.items()), limits=self._limits)
        return self._objects.write(contents)

    def inspect(self, files: Mapping[str, str | bytes], *, origin: Origin) -> tuple[Finding, ...]:
        """What :meth:`write` would refuse, as errors, and what is odd in the texts, as warnings."""
        return inspect(files, origin=origin, limits=self._limits)

    def merge(self, base: str | None, *layers: Layer) -> str:
        """The tree of ``base`` with each layer, a tree and the paths removed before it, laid over the last."""
        return self._objects.merge(base, layers)

    def paths(self, tree: str) -> Mapping[str, str]:
        """Path -> blob id, in order."""
        return self._objects.paths(self._history.tree(tree))

    def read(self, tree: str, prefix: str = "") -> dict[str, bytes]:
        """Path -> content of all files, of those in the folder ``prefix``, or of the file of that name."""
        folder = prefix.rstrip("/")
        return {
            path: self._objects.data(blob)
            for path, blob in self.paths(tree).items()
            if not folder or path == folder or path.startswith(f"{folder}/")
        }

    def commit(
        self,
        tree: str,
        *,
        step: str,
        producer: str,
        attempt: int,
        run_id: str,
        subject: str,
        removed: Sequence[str] = (),
    ) -> str:
        """The commit that lays a step's files over the branch; the same again returns the commit that exists."""
        trailers = {
            "Gencode-Run": run_id,
            "Gencode-Step": step,
            "Gencode-Producer": producer,
            "Gencode-Attempt": str(attempt),
        }
        return self._history.record((tree, removed), subject, trailers)

    def publish(self, tree: str) -> tuple[Finding, ...]:
        """Makes the folder show the tree. What the user changed or added is kept, and is a finding each."""
        return self._folder.publish(self.paths(tree))

    @property
    def head(self) -> str:
        """The newest commit; ``EMPTY`` before the first."""
        return self._history.head or EMPTY

    def log(self) -> tuple[Entry, ...]:
        """All commits, newest first."""
        return tuple(self._history.log())

    def diff(self, old: str, new: str) -> str:
        """A unified diff between two trees or commits."""
        return self._history.diff(old, new)

    def restore(self, commit: str) -> tuple[Finding, ...]:
        """Makes branch and folder show an older commit, by a new commit; findings as of :meth:`publish`."""
        return self.publish(self._history.restore(commit))

    def _sweep(self) -> None:
        """Removes what a killed process left behind; only with the lock held."""
        with storage(self.root):
            for left in self._staging.iterdir():
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left)
                else:
                    left.unlink(missing_ok=True)
            packs = self.root / ".git" / "objects" / "pack"
            for pack in packs.glob("pack-*.pack"):
                if not pack.with_suffix(".idx").exists():
                    pack.unlink(missing_ok=True)
            _break_lock(self.root / ".git" / "refs" / "heads" / "main.lock")
            if self._staged.unfinished:
                _break_lock(self.root / ".git" / "index.lock")


def _check_root(root: Path, *, create: bool) -> None:
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root} is a file; choose a folder with --workspace")
    if not (root / OWN).exists():
        if not create:
            raise WorkspaceError(f"{root} is not a workspace; make one with `gencode new --workspace {root}`")
        if root.exists() and any(root.iterdir()):
            raise WorkspaceError(f"{root} is not empty and not a workspace; choose an empty or new folder")
    for name in (OWN, ".git"):
        place = root / name
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise WorkspaceError(f"{place} is not a real folder; put the original back or choose another workspace")
    if not create and not (root / ".git").exists():
        raise WorkspaceError(
            f"{root} has lost its .git folder, and with it all that was made; start a new run elsewhere"
        )
    if root.exists() and not os.access(root, os.W_OK | os.X_OK):
        raise WorkspaceError(f"{root} cannot be written; change its permissions or choose another folder")


def _create(root: Path) -> None:
    """Makes what is missing; the repository appears as a whole."""
    (root / OWN / "staging").mkdir(parents=True, exist_ok=True)
    point("workspace.begun")
    (root / OWN / ".gitignore").write_text("*\n", encoding="utf-8")
    if not (root / ".git").exists():
        made = root / OWN / "staging" / f"git-{os.getpid()}"
        shutil.rmtree(made, ignore_errors=True)
        for folder in ("objects/pack", "objects/info", "refs/heads", "refs/tags"):
            (made / folder).mkdir(parents=True)
        (made / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
        (made / "config").write_text(_CONFIG, encoding="ascii")
        point("repository.rename")
        made.rename(root / ".git")


def _break_lock(path: Path) -> None:
    """Removes git's lock file of the branch when nobody lets go of it; git itself holds one for milliseconds."""
    for _ in range(20):
        if not path.exists():
            return
        time.sleep(0.05)
    path.unlink(missing_ok=True)
