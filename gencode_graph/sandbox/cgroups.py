"""Control groups: the kernel's own limits on the memory, processes and processor time of all that a command starts."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from gencode_graph.errors import SandboxLost
from gencode_graph.sandbox import owners
from gencode_graph.sandbox.watcher import start_time

ROOT = Path("/sys/fs/cgroup")
PREFIX = "gencode-"
PERIOD = 100_000
"""Microseconds over which processor time is counted."""
CONTROLLERS = ("memory", "pids", "cpu")


@dataclass(frozen=True)
class Groups:
    """Where a sandbox's groups lie: one folder a controller in version 1, one for all in version 2."""

    folders: tuple[Path, ...]
    unified: bool

    def begin(self, name: str, *, memory: int, processes: int, cpus: float) -> Group:
        """A group for one command: bytes, processes, processors. Raises ``SandboxLost``."""
        group = Group(tuple(folder / name for folder in self.folders), self.unified)
        try:
            for folder in group.folders:
                folder.mkdir()
            self._limit(group, memory, processes, cpus)
        except OSError as error:
            group.remove()
            raise SandboxLost(f"no control group could be made ({error}); resume the run") from error
        return group

    def _limit(self, group: Group, memory: int, processes: int, cpus: float) -> None:
        quota = int(cpus * PERIOD)
        if self.unified:
            group.write("memory.max", memory)
            group.write("memory.swap.max", 0, needed=False)
            group.write("cpu.max", f"{quota} {PERIOD}")
        else:
            group.write("memory.limit_in_bytes", memory)
            group.write("memory.memsw.limit_in_bytes", memory, needed=False)
            group.write("cpu.cfs_period_us", PERIOD)
            group.write("cpu.cfs_quota_us", quota)
        group.write("pids.max", processes)

    def remove(self) -> None:
        """Kill what is left in them, and remove them."""
        for folder in self.folders:
            for below in folder.glob("*/"):
                Group((below,), self.unified).remove()
        Group(self.folders, self.unified).remove()


@dataclass(frozen=True)
class Group:
    """The group of one command."""

    folders: tuple[Path, ...]
    unified: bool

    def write(self, name: str, value: object, *, needed: bool = True) -> None:
        """Set one value, in whichever folder has it."""
        with contextlib.nullcontext() if needed else contextlib.suppress(OSError):
            place = next((folder / name for folder in self.folders if (folder / name).exists()), None)
            if place is None:
                raise FileNotFoundError(f"there is no {name} in this machine's control groups")
            place.write_text(str(value), encoding="ascii")

    def read(self, name: str) -> str:
        """One file's text; empty where there is none."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                return (folder / name).read_text(encoding="ascii")
        return ""

    def killed_for_memory(self) -> bool:
        """Whether the kernel killed a process because all together had too much memory."""
        said = self.read("memory.events") if self.unified else self.read("memory.oom_control")
        return any(line.startswith("oom_kill ") and line.split()[1] != "0" for line in said.splitlines())

    def peak(self) -> int | None:
        """Bytes at the highest point; None where the kernel does not tell."""
        said = self.read("memory.peak" if self.unified else "memory.max_usage_in_bytes").strip()
        return int(said) if said.isdigit() else None

    def kill(self, *, seconds: float = 5.0) -> None:
        """Kill all that is in it, and wait for the end of that. Blocks."""
        deadline = time.monotonic() + seconds
        while (left := self.read("cgroup.procs").split()) and time.monotonic() < deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.002)

    def remove(self) -> None:
        """Remove it, with all that is in it. Blocks."""
        self.kill()
        for folder in self.folders:
            for _ in range(200):
                with contextlib.suppress(FileNotFoundError), contextlib.suppress(OSError):
                    folder.rmdir()
                if not folder.exists():
                    break
                time.sleep(0.005)


def own_folders() -> tuple[tuple[Path, ...], bool] | None:
    """The folders of our own groups that have the controllers we need, and whether it is version 2; None without."""
    entries = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()]
    ours = {name: path for _, names, path in entries for name in names.split(",")}
    if all((ROOT / name).is_dir() for name in CONTROLLERS):
        places = [ROOT / name / ours.get(name, "/").lstrip("/") for name in CONTROLLERS]
        return tuple(
            place if place.is_dir() else ROOT / name for place, name in zip(places, CONTROLLERS, strict=True)
        ), False
    place = ROOT / ours.get("", "/").lstrip("/")
    for folder in (place, *place.parents):
        with contextlib.suppress(OSError):
            if set(CONTROLLERS) <= set((folder / "cgroup.subtree_control").read_text(encoding="ascii").split()):
                return (folder,), True
        if folder == ROOT:
            break
    return None


def open_groups() -> Groups | None:
    """Groups for one sandbox, those of dead owners removed first; None where we may not make them."""
    try:
        found = own_folders()
        if found is None:
            return None
        folders, unified = found
        reap(folders, unified)
        name = f"{PREFIX}{owner()}-{uuid.uuid4().hex[:8]}"
        groups = Groups(tuple(folder / name for folder in folders), unified)
        try:
            for folder in groups.folders:
                folder.mkdir()
            if unified:
                (groups.folders[0] / "cgroup.subtree_control").write_text("+memory +pids +cpu", encoding="ascii")
            groups.begin("try", memory=1 << 30, processes=64, cpus=1).remove()
        except (OSError, SandboxLost):
            groups.remove()
            return None
    except OSError:
        return None
    return groups


def owner() -> str:
    """Who we are, for the name of a group: pid namespace, process, and when it started."""
    namespace = "".join(letter for letter in owners.pid_namespace() if letter.isdigit())
    return f"{namespace}-{os.getpid()}-{start_time(os.getpid())}"


def reap(folders: tuple[Path, ...], unified: bool) -> None:
    """Remove groups whose owner, of our pid namespace, is dead."""
    namespace = owner().partition("-")[0]
    for place in folders:
        for folder in place.glob(f"{PREFIX}{namespace}-*-*-*"):
            _, _, pid, start, _ = folder.name.split("-")
            if start_time(int(pid)) != start:
                Groups((folder,), unified).remove()
