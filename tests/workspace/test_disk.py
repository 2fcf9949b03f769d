"""Full disks, files that may not grow, folders that may not be written, and what a kill leaves behind."""

import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gencode_graph.errors import StorageError, WorkspaceError
from gencode_graph.workspace import Workspace

pytestmark = pytest.mark.slow

NOISE = {f"f{i}.txt": os.urandom(15_000).hex() for i in range(40)}
"""1.2 MB that do not get smaller than 0.6 MB."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0755", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_while_writing_is_an_error_and_loses_nothing(small_disk: Path) -> None:
    workspace = Workspace.open(small_disk / "app", create=True)
    tree = workspace.write({"a": "1"}, origin="builtin")
    workspace.publish(tree)
    (small_disk / "filler").write_bytes(b"x" * 500_000)
    with pytest.raises(StorageError, match="the disk is full; free some space there, then resume the run"):
        workspace.write(NOISE, origin="builtin")
    assert not list((workspace.root / ".gencode" / "staging").iterdir())
    assert workspace.read(tree) == {"a": b"1"}
    (small_disk / "filler").unlink()
    assert len(workspace.read(workspace.write(NOISE, origin="builtin"))) == 40
    workspace.close()


def test_a_full_disk_while_publishing_is_an_error_and_can_go_on(small_disk: Path) -> None:
    workspace = Workspace.open(small_disk / "app", create=True)
    first = workspace.write({"a": "1"}, origin="builtin")
    second = workspace.write({"a": "2", **dict(list(NOISE.items())[:8])}, origin="builtin")
    workspace.publish(first)
    free = shutil.disk_usage(small_disk).free
    (small_disk / "filler").write_bytes(b"x" * (free - 120_000))
    with pytest.raises(StorageError, match="the disk is full"):
        workspace.publish(second)
    assert (small_disk / "app" / "a").read_text() == "1"
    assert not list((workspace.root / ".gencode" / "staging").iterdir())
    (small_disk / "filler").unlink()
    assert workspace.publish(second) == ()
    assert (small_disk / "app" / "a").read_text() == "2"
    workspace.close()


def test_a_full_disk_where_a_workspace_should_begin(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "filler").write_bytes(b"x" * (2 << 20))
    with pytest.raises(StorageError, match="the disk is full"):
        Workspace.open(small_disk / "app", create=True)
    (small_disk / "filler").unlink()
    Workspace.open(small_disk / "app", create=True).close()


def test_a_file_that_may_not_grow_is_an_error(workspace: Workspace) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StorageError, match="may not grow that large; raise the file size limit"):
            workspace.write(NOISE, origin="builtin")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert workspace.write(NOISE, origin="builtin")


def as_nobody(place: Path) -> str:
    """What opening a workspace there says to a user without rights."""
    if os.geteuid() != 0:
        with pytest.raises(WorkspaceError) as raised:
            Workspace.open(place, create=True)
        return str(raised.value)
    for folder in [folder for folder in place.parents[:-1] if folder.exists() and folder.name != "closed"]:
        folder.chmod(folder.stat().st_mode | 0o055)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setuid(65534)
            Workspace.open(place, create=True)
        except WorkspaceError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(writer)
    with os.fdopen(reader) as said:
        return said.read()


@pytest.mark.parametrize("name", ["closed", "closed/new"])
def test_a_folder_that_may_not_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    assert re.search(r"cannot be (written|a workspace).*; .*choose another folder", as_nobody(tmp_path / name))


def test_a_damaged_pack_is_an_error(workspace: Workspace, root: Path) -> None:
    tree = workspace.write({"a": "x" * 5_000}, origin="builtin")
    (pack,) = (root / ".git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:12] + b"\0" * (pack.stat().st_size - 12))
    with pytest.raises(StorageError, match="is damaged"):
        Workspace.open(root, create=False).read(tree)


def test_what_a_kill_left_goes_when_the_workspace_is_opened(workspace: Workspace, root: Path) -> None:
    tree = workspace.write({"a": "1"}, origin="builtin")
    workspace.commit(tree, step="s", producer="p", attempt=1, run_id="r", subject="s")
    staging, packs = root / ".gencode" / "staging", root / ".git" / "objects" / "pack"
    (staging / "123-0").write_text("half")
    (packs / "pack-0000000000000000000000000000000000000000.pack").write_text("no index")
    locks = [root / ".git" / "refs" / "heads" / "main.lock", root / ".git" / "index.lock"]
    for lock in locks:
        lock.write_text("")
    (root / ".gencode" / "index.json").write_text(f'["{tree}", "{tree}"]')
    started = time.monotonic()
    again = Workspace.open(root, create=False)
    assert time.monotonic() - started < 3
    assert not any(lock.exists() for lock in locks)
    assert not list(staging.iterdir())
    assert not (packs / "pack-0000000000000000000000000000000000000000.pack").exists()
    other = again.write({"b": "1"}, origin="builtin")
    assert again.commit(other, step="t", producer="p", attempt=1, run_id="r", subject="t") == again.head


def test_what_a_living_process_is_writing_stays(workspace: Workspace, root: Path) -> None:
    with workspace.lock():
        (root / ".gencode" / "staging" / "123-0").write_text("half")
        Workspace.open(root, create=False)
        assert (root / ".gencode" / "staging" / "123-0").exists()


def test_many_packs_become_one(workspace: Workspace, root: Path) -> None:
    trees = [workspace.write({f"f{i}": str(i)}, origin="builtin") for i in range(101)]
    packs = root / ".git" / "objects" / "pack"
    assert len(list(packs.glob("*.pack"))) == 101
    with workspace.lock():
        assert [path.suffix for path in sorted(packs.iterdir())] == [".idx", ".pack"]
    for i, tree in enumerate(trees):
        assert workspace.read(tree) == {f"f{i}": str(i).encode()}
    assert Workspace.open(root, create=False).read(trees[7]) == {"f7": b"7"}
    subprocess.run(["git", "-C", str(root), "fsck", "--full", "--strict"], check=True, capture_output=True)
