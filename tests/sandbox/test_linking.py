"""A tree is shared by hard links where it can be, and is the same tree where it cannot."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gencode_graph.sandbox import linking
from gencode_graph.sandbox.linking import link_tree


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/file.txt").write_text("1")
    (folder / "run").write_text("#!/bin/sh")
    (folder / "run").chmod(0o755)
    (folder / "link").symlink_to("deep/file.txt")
    (folder / "empty").mkdir()
    return folder


def shape(folder: Path) -> dict[str, object]:
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else (path.is_dir(), path.stat().st_mode)
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("by_cp", [True, False])
@pytest.mark.parametrize("across", [False, True])
def test_the_tree_is_the_same(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_cp: bool, across: bool
) -> None:
    if not by_cp:
        monkeypatch.setattr(linking, "cp_links", lambda source, target: False)
    if across:

        def refuse(*arguments: object, **options: object) -> None:
            raise OSError(errno.EXDEV, "another file system")

        monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "new" / "target"
    link_tree(source, target)
    assert shape(target) == shape(source)
    shared = (target / "deep/file.txt").stat().st_ino == (source / "deep/file.txt").stat().st_ino
    assert shared == (by_cp or not across)


def test_an_older_tree_and_what_a_killed_one_left_are_replaced(source: Path, tmp_path: Path) -> None:
    for name in ("target", "target.new", "target.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "stale").touch()
    link_tree(source, tmp_path / "target")
    assert shape(tmp_path / "target") == shape(source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_a_link_in_the_way_is_replaced_and_not_followed(source: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "target").symlink_to("elsewhere")
    link_tree(source, tmp_path / "target")
    assert not (tmp_path / "target").is_symlink()
    assert list((tmp_path / "elsewhere").iterdir()) == []
