"""Control groups hold a command to its share, and go with their owner."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gencode_graph.errors import SandboxLost
from gencode_graph.sandbox.cgroups import Groups, open_groups, own_folders, owner, reap

MB = 1_000_000


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    """A folder such as version 2 of control groups has."""
    return Groups((tmp_path,), True)


def as_version_2(group: Path) -> None:
    for name in (
        "memory.max",
        "memory.swap.max",
        "cpu.max",
        "pids.max",
        "memory.peak",
        "memory.events",
        "cgroup.procs",
    ):
        (group / name).write_text("", encoding="ascii")


def test_version_2_is_told_in_one_folder(groups: Groups, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Path.mkdir
    monkeypatch.setattr(Path, "mkdir", lambda self, *a, **k: (made(self, *a, **k), as_version_2(self)))
    group = groups.begin("one", memory=256 * MB, processes=64, cpus=1.5)
    folder = groups.folders[0] / "one"
    told = {name: (folder / name).read_text() for name in ("memory.max", "memory.swap.max", "cpu.max", "pids.max")}
    assert told == {
        "memory.max": "256000000", "memory.swap.max": "0", "cpu.max": "150000 100000", "pids.max": "64",
    }  # fmt: skip
    (folder / "memory.peak").write_text("1234\n")
    assert (group.peak(), group.killed_for_memory()) == (1234, False)
    (folder / "memory.events").write_text("low 0\nhigh 0\nmax 4\noom 1\noom_kill 1\n")
    assert group.killed_for_memory()


def test_a_machine_without_what_we_need_says_so(groups: Groups) -> None:
    with pytest.raises(SandboxLost, match=r"memory\.max"):
        groups.begin("one", memory=1, processes=1, cpus=1)
    assert list(groups.folders[0].iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make control groups everywhere")
def test_too_much_memory_is_seen_and_all_is_removed() -> None:
    groups = open_groups()
    assert groups is not None
    try:
        group = groups.begin("one", memory=64 * MB, processes=8, cpus=1)
        join = "".join(f"open('{folder}/cgroup.procs', 'w').write(str(os.getpid()));" for folder in group.folders)
        hog = f"import os; {join} x = bytearray(b'x') * 200_000_000"
        ran = subprocess.run([sys.executable, "-c", hog], check=False)
        assert ran.returncode == -9
        assert group.killed_for_memory()
        assert 50 * MB < (group.peak() or 0) <= 64 * MB
    finally:
        groups.remove()
    assert not any(folder.exists() for folder in groups.folders)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make control groups everywhere")
def test_groups_of_the_dead_are_removed_and_those_of_the_living_are_not() -> None:
    found = own_folders()
    assert found is not None
    folders, unified = found
    namespace = owner().partition("-")[0]
    dead, alive = f"gencode-{namespace}-{os.getpid()}-1-dead", f"gencode-{owner()}-alive"
    for name in (dead, alive):
        for folder in folders:
            (folder / name).mkdir()
    reap(folders, unified)
    left = {name for name in (dead, alive) for folder in folders if (folder / name).exists()}
    Groups(tuple(folder / alive for folder in folders), unified).remove()
    assert left == {alive}
