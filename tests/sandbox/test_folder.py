"""Files of a folder are written whole, inside, and only when they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.errors import PathError, SandboxError, StorageError
from gencode_graph.sandbox import folder
from gencode_graph.sandbox.folder import inside, parts, read_files, write_files


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        (".", ()),
        ("", ()),
        ("a", ("a",)),
        ("a/b", ("a", "b")),
        ("a/", ("a",)),
        ("..a/b..", ("..a", "b..")),
        ("a b", ("a b",)),
    ],
)
def test_a_path_is_its_segments(path: str, segments: tuple[str, ...]) -> None:
    assert parts(path) == segments


@pytest.mark.parametrize("path", ["..", "/", "/a", "a/..", "a//b", "./a", "a/.", "a\\b", "C:\\a", "a\0"])
def test_what_is_not_a_path_inside_is_refused(path: str) -> None:
    with pytest.raises(PathError, match="inside the sandbox"):
        parts(path)


def test_a_link_on_the_way_out_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "rooted"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    with pytest.raises(PathError, match="link"):
        inside(root, "link/a.txt")
    with pytest.raises(PathError, match="link"):
        write_files(root, {"link/a.txt": b"1"}, [])
    assert list(outside.iterdir()) == []


def test_a_folder_that_is_itself_reached_by_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_files(tmp_path / "link", {"a/b.txt": b"1"}, ["a"])
    assert read_files(tmp_path / "link", ["."]) == {"a/b.txt": b"1"}


def test_nothing_is_written_when_one_path_is_bad(tmp_path: Path) -> None:
    with pytest.raises(PathError):
        write_files(tmp_path, {"a.txt": b"1", "../b.txt": b"2"}, [])
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_makes_way_for_a_file_and_a_full_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    write_files(tmp_path, {"empty": b"1"}, [])
    with pytest.raises(StorageError):
        write_files(tmp_path, {"full": b"1"}, [])
    assert (tmp_path / "empty").read_bytes() == b"1"
    assert not list(tmp_path.glob(".put-*"))


def test_files_can_be_run_and_read_by_their_owner_only_as_files(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": b"1"}, [])
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_too_much_to_read_back_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "COLLECT_LIMIT", 10)
    write_files(tmp_path, {"a": b"123456", "b": b"123456"}, [])
    assert read_files(tmp_path, ["a"]) == {"a": b"123456"}
    with pytest.raises(SandboxError, match="read less"):
        read_files(tmp_path, ["a", "b"])
