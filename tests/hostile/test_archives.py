"""Cases 26 to 32: archives from elsewhere, results that are read back, and git in a tree that code could write."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gencode_graph.errors import PathError, SandboxError
from gencode_graph.sandbox.archives import unpack
from gencode_graph.sandbox.folder import inside, read_files, write_files
from gencode_graph.workspace import Workspace
from gencode_graph.workspace.archive import read_archive, write_zip

FILE, LINK, FIFO = 0o100644, 0o120777, 0o010644
GOOD = {"README.md": b"# One\n", "src/a.py": b"A = 1\n", "docs/inner.zip": b"PK\x03\x04 not opened", "empty.txt": b""}


def zipped(*members: tuple[str, bytes, int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def tarred(
    name: str = "a.txt", kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0, mode: str = "w:gz"
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        archive.addfile(tarfile.TarInfo("first.txt"))
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, link, size
        archive.addfile(info, io.BytesIO(bytes(size)))
    return out.getvalue()


def lying() -> bytes:
    """A zip whose directory says that a member of 4 MB has 10 bytes."""
    data = bytearray(zipped(("b.txt", bytes(4 << 20), FILE)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def with_nul() -> bytes:
    return zipped(("a.txtXevil", b"1", FILE)).replace(b"a.txtXevil", b"a.txt\0evil")


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """300 MB of zeros in 300 kB."""
    return zipped(("b.txt", bytes(300 << 20), FILE))


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "26 up and out of a zip": lambda: zipped(("ok.txt", b"1", FILE), ("../../x.txt", b"a", FILE)),
    "26 an absolute member": lambda: zipped(("/etc/x", b"a", FILE)),
    "26 backslashes": lambda: zipped(("..\\..\\x", b"a", FILE)),
    "26 a link in a zip": lambda: zipped(("link", b"/etc/passwd", LINK)),
    "26 a pipe in a zip": lambda: zipped(("pipe", b"", FIFO)),
    "26 one name twice": lambda: tarred("first.txt"),
    "26 names that differ in case": lambda: zipped(("A.txt", b"1", FILE), ("a.txt", b"2", FILE)),
    "26 a NUL in a name": with_nul,
    "26 git's own folder": lambda: zipped((".git/config", b"", FILE)),
    "27 sizes that are not true": lying,
    "27 too many members": lambda: zipped(*((f"f{number}", b"", FILE) for number in range(2_001))),
    "27 cut off": lambda: zipped(("a.txt", os.urandom(5_000), FILE))[:-60],
    "27 no archive at all": lambda: b"PK\x03\x04" + b"\xff" * 500,
    "28 up and out of a tar": lambda: tarred("../x"),
    "28 an absolute member of a tar": lambda: tarred("/x"),
    "28 a symbolic link": lambda: tarred("link", tarfile.SYMTYPE, "/etc"),
    "28 a hard link": lambda: tarred("link", tarfile.LNKTYPE, "../../etc/passwd"),
    "28 a device": lambda: tarred("disk", tarfile.BLKTYPE),
    "28 a pipe": lambda: tarred("pipe", tarfile.FIFOTYPE),
    "28 a file with holes": lambda: tarred("sparse", tarfile.GNUTYPE_SPARSE, size=512, mode="w"),
    "28 100 MB of zeros in a gz": lambda: tarred("zeros", size=100 << 20),
}  # fmt: skip


@pytest.mark.parametrize("make", ARCHIVES.values(), ids=ARCHIVES)
def test_a_hostile_archive_is_refused_as_a_whole(make: Callable[[], bytes]) -> None:
    with pytest.raises(PathError) as raised:
        read_archive(make())
    assert str(raised.value).isascii()
    assert str(raised.value).isprintable()


def test_27_a_bomb_is_refused_by_what_comes_out_of_it(bomb: bytes) -> None:
    began = time.process_time()
    with pytest.raises(PathError, match="more than is allowed"):
        read_archive(bomb)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_an_ordinary_tar_is_read(mode: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        folder = tarfile.TarInfo("./src")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in GOOD.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert read_archive(out.getvalue()) == GOOD


def test_an_ordinary_zip_is_read_and_archives_in_it_are_not_opened() -> None:
    assert read_archive(write_zip(GOOD)) == GOOD
    assert write_zip(dict(reversed(GOOD.items()))) == write_zip(GOOD)
    with pytest.raises(PathError):
        write_zip({"../x": b""})


def hostile_folder(root: Path) -> None:
    """What code can leave where its results are read from."""
    (root / "out").mkdir(parents=True)
    (root / "out" / "good.txt").write_text("kept")
    (root / "out" / "link").symlink_to("/etc/passwd")
    (root / "out" / "folder").symlink_to("/etc")
    os.mkfifo(root / "out" / "pipe")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(root / "out" / "socket"))


def test_29_only_regular_files_are_read_back_from_a_folder(tmp_path: Path) -> None:
    hostile_folder(tmp_path)
    (tmp_path / "out" / "new\nline").write_text("a name that lies in a log")
    assert read_files(tmp_path, ["out"]) == {"out/good.txt": b"kept"}
    with pytest.raises(PathError):
        read_files(tmp_path, ["out/folder/passwd"])


def test_29_a_sparse_file_is_cut_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SandboxError, match="read less"):
        read_files(tmp_path, ["."])


def test_29_a_stream_out_of_a_container_gives_only_regular_files_with_safe_names(tmp_path: Path) -> None:
    hostile_folder(tmp_path)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.add(tmp_path / "out" / "good.txt", "out/good.txt")
        archive.add(tmp_path / "out" / "link", "out/link")
        archive.add(tmp_path / "out" / "pipe", "out/pipe")
        for name in ("/out/absolute", "out/../../above", "out/new\nline"):
            archive.addfile(tarfile.TarInfo(name))
        again = tarfile.TarInfo("out/second")
        again.type, again.linkname = tarfile.LNKTYPE, "/etc/passwd"
        archive.addfile(again)
    found = unpack(iter([out.getvalue()]), "out")
    assert found == {"out/good.txt": b"kept"}


def test_30_nothing_is_written_through_a_link_that_code_put_in_the_way(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "victim").write_text("whole")
    (root / "folder").symlink_to(outside)
    with pytest.raises(PathError):
        write_files(root, {"folder/victim": b"written"}, [])
    with pytest.raises(PathError):
        write_files(root, {"folder/deeper/new": b"written"}, [])
    (root / "file").symlink_to(outside / "victim")
    os.link(outside / "victim", root / "hard")
    write_files(root, {"file": b"mine", "hard": b"mine"}, [])
    assert (outside / "victim").read_text() == "whole"
    assert [entry.name for entry in outside.iterdir()] == ["victim"]
    assert (root / "file").read_text() == (root / "hard").read_text() == "mine"


@pytest.mark.parametrize("path", ["link", "link/x", "../x", "/etc/x", "a/../../x", "a\0b"])
def test_31_files_are_put_only_below_the_root_itself(tmp_path: Path, path: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to("/etc")
    if path == "link":
        assert inside(tmp_path / "root", path).parent == tmp_path / "root"  # the link itself, which is replaced
    else:
        with pytest.raises(PathError):
            inside(tmp_path / "root", path)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not on this machine; apt-get install git")
@pytest.mark.parametrize("where", [".git", "docs"], ids=["32 the tree's own .git", "32 a bare repository in docs"])
def test_32_no_configuration_or_hook_of_a_program_is_run(tmp_path: Path, where: str) -> None:
    canary = tmp_path / "canary"
    config = f'[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch {canary}; false"\n\tbare = '
    config += "true\n" if where == "docs" else "false\n"
    hostile = {
        f"{where}/config": config + f"\thooksPath = {tmp_path}/hooks\n[diff]\n\texternal = touch {canary}\n",
        f"{where}/HEAD": "ref: refs/heads/main\n",
        f"{where}/objects/info/.keep": "",
        f"{where}/refs/heads/.keep": "",
        ".gitattributes": "* filter=evil\n",
    }
    root = tmp_path / "app"
    workspace = Workspace.open(root, create=True)
    (tmp_path / "hooks").mkdir()
    for name in ("post-commit", "post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        (tmp_path / "hooks" / name).write_text(f"#!/bin/sh\ntouch {canary}\n")
        (tmp_path / "hooks" / name).chmod(0o755)
    for path, content in hostile.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    git = subprocess.run(
        ["git", "status"], cwd=root / (where if where == "docs" else "."), capture_output=True, check=False
    )
    assert canary.exists() or where == "docs", f"the bait does not work, so the test says nothing: {git.stderr!r}"
    canary.unlink(missing_ok=True)
    first = workspace.write({"README.md": "# One\n"}, origin="builtin")
    commit = workspace.commit(first, step="s", producer="p", attempt=1, run_id="r", subject="one")
    workspace.publish(commit)
    second = workspace.write({"README.md": "# Two\n"}, origin="model")
    workspace.commit(second, step="t", producer="p", attempt=1, run_id="r", subject="two")
    workspace.publish(workspace.head)
    assert "# Two" in workspace.diff(first, second)
    workspace.restore(commit)
    workspace.log()
    workspace.close()
    assert (root / "README.md").read_text() == "# One\n"
    assert not canary.exists()
