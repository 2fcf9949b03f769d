"""What keeps a container in: no privileges, a filter of system calls, a read-only root, and limits to everything."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gencode_graph.sandbox.archives import OWNER

MB = 1_000_000
CPUS = 2.0
"""Processors that one container may use: bundlers, type checkers and browsers use more than one."""
MEMORY = 2048
"""MB for one container: a type check or a browser takes close to one gigabyte, and what is written to the workspace and
to ``/tmp`` counts as well."""
PROCESSES = 512
"""Threads included: a browser under test beside its server has some 200."""
WORKSPACE = f"size=512m,nr_inodes=50000,uid={OWNER},gid={OWNER},mode=0755,nosuid,nodev"
TEMPORARY = {
    "/tmp": "exec,size=256m,nr_inodes=20k,mode=1777,nosuid,nodev",
    "/home/app": f"size=64m,nr_inodes=4k,uid={OWNER},gid={OWNER},mode=0700,nosuid,nodev",
}
"""In memory, gone with the container; a browser keeps its profile in the first and tools their caches in the second."""
GVISOR = "runsc"
"""The runtime whose kernel is a program: it filters system calls itself and counts its own threads as processes."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a container runs: its image, its network, its mounts, its labels, and how much it may have."""

    image: str
    network: str
    mounts: Mapping[str, str]
    """Folder in the container -> ``volume`` or ``volume:ro``."""
    labels: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    memory: int = MEMORY
    """MB."""
    processes: int = PROCESSES
    cpus: float = CPUS
    keep_input: bool = False
    runtime: str | None = None
    """None is the engine's own."""


@functools.cache
def filter_of_calls() -> str:
    """The seccomp profile as the engine takes it: a list of what is allowed, so that what is new is not."""
    text = Path(__file__).with_name("seccomp.json").read_text(encoding="utf-8")
    return json.dumps(json.loads(text), separators=(",", ":"))


def mount(target: str, name: str) -> dict[str, Any]:
    """A volume in a container. The image's own files are copied only into install volumes, for their owner's sake."""
    return {
        "Type": "volume",
        "Source": name.removesuffix(":ro"),
        "Target": target,
        "ReadOnly": name.endswith(":ro"),
        "VolumeOptions": {"NoCopy": target == "/workspace"},
    }


def container(place: Place, argv: Sequence[str], workdir: str, *, filtered: bool = True) -> dict[str, Any]:
    """What the engine is to create, as its API has it; ``filtered`` where it knows seccomp."""
    environment = {"HOME": "/home/app", "LANG": "C.UTF-8", **place.environment}
    return {
        "Image": place.image,
        "Cmd": list(argv),
        "WorkingDir": workdir,
        "User": f"{OWNER}:{OWNER}",
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "Labels": dict(place.labels),
        "AttachStdin": place.keep_input,
        "AttachStdout": True,
        "AttachStderr": True,
        "OpenStdin": place.keep_input,
        "StdinOnce": place.keep_input,
        "HostConfig": host_config(place, filtered=filtered),
    }


def host_config(place: Place, *, filtered: bool) -> dict[str, Any]:
    """What holds a container in."""
    filters = [f"seccomp={filter_of_calls()}"] if filtered else []
    return {
        "NetworkMode": place.network,
        "Mounts": [mount(target, name) for target, name in place.mounts.items()],
        "Runtime": place.runtime or "",
        "Privileged": False,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges:true", *filters],
        "ReadonlyRootfs": True,
        "Tmpfs": TEMPORARY,
        "Init": True,
        "IpcMode": "private",
        "Memory": place.memory * MB,
        "MemorySwap": place.memory * MB,
        "PidsLimit": max(place.processes, 1024) if place.runtime == GVISOR else place.processes,
        "NanoCpus": int(place.cpus * 1e9),
        "ShmSize": 64 * MB,
        "OomScoreAdj": 500,
        "Ulimits": [
            {"Name": "nofile", "Soft": 1024, "Hard": 1024},
            {"Name": "core", "Soft": 0, "Hard": 0},
            {"Name": "fsize", "Soft": 256 * MB, "Hard": 256 * MB},
        ],
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "2m", "max-file": "1"}},
    }
