"""Git's index: it follows our commits, so that ``git status`` and ``git commit`` say and do what the user expects."""

from __future__ import annotations

import json
from pathlib import Path

from dulwich.file import FileLocked
from dulwich.index import ConflictedIndexEntry, Index, IndexEntry, SparseDirExtension
from dulwich.objects import ObjectID

from gencode_graph.crashpoints import point
from gencode_graph.workspace.disk import replace, storage
from gencode_graph.workspace.objects import Entry, Objects


class Staged:
    """The index of one workspace. What the user staged in it stays."""

    def __init__(self, git: Path, record: Path, staging: Path, objects: Objects) -> None:
        self._git = git
        self._record = record
        self._staging = staging
        self._objects = objects

    @property
    def unfinished(self) -> bool:
        """Whether a killed process was about to write the index, and may have left it locked."""
        return len(self._before()) > 1

    def follow(self, tree: str) -> None:
        """Moves every entry that is as we left it to ``tree``; does nothing on another branch or while git works."""
        with storage(self._git):
            if (self._git / "HEAD").read_text(encoding="utf-8").strip() != "ref: refs/heads/main":
                return
            before = self._before()
            if before == [tree] and (self._git / "index").exists():
                return
            try:
                index = Index(self._git / "index")
            except (AssertionError, ValueError):  # one of a kind that only git understands
                return
            if any(isinstance(extension, SparseDirExtension) for extension in index._extensions):
                return
            self._note([*before, tree])
            self._move(index, [self._objects.entries(name) for name in before], self._objects.entries(tree))
            try:
                index.write()
            except FileLocked:
                self._note(before)
                return
            point("staged.written")
            self._note([tree])

    def _move(self, index: Index, before: list[dict[str, Entry]], after: dict[str, Entry]) -> None:
        index._extensions = []  # what git had worked out from the old entries
        present = dict(index.items())
        for path in {*after, *(path for entries in before for path in entries)}:
            name = path.encode("utf-8", "surrogateescape")
            staged = present.get(name)
            if isinstance(staged, ConflictedIndexEntry):
                continue
            now = (staged.mode, staged.sha.decode()) if staged else None
            if now != after.get(path) and now in [None, *(entries.get(path) for entries in before)]:
                if path in after:
                    index[name] = _entry(*after[path])
                else:
                    del index[name]

    def _before(self) -> list[str]:
        """The trees that the index was last at, or on its way to."""
        try:
            return [str(name) for name in json.loads(self._record.read_bytes())]
        except (FileNotFoundError, ValueError):
            return []

    def _note(self, trees: list[str]) -> None:
        replace(self._staging, self._record, json.dumps(trees).encode(), "staged")


def _entry(mode: int, name: str) -> IndexEntry:
    """Without the times of a file, so that git looks at it before it believes that nothing changed."""
    return IndexEntry(0, 0, 0, 0, mode, 0, 0, 0, ObjectID(name.encode()))
