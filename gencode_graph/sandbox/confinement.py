"""What keeps a container in: no privileges, a filter of system calls, a read-only root, and limits to everything."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
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


def host_config(place: Place, *, filtered: bool = True) -> dict[str, Any]:
    """Everything that a container is created with; ``filtered`` where the engine knows seccomp."""
    memory = place.memory * MB
    filters = [f"seccomp={filter_of_calls()}"] if filtered else []
    return {
        "network_mode": place.network,
        "mounts": [mount(target, name) for target, name in place.mounts.items()],
        "labels": dict(place.labels),
        "environment": {"HOME": "/home/app", "LANG": "C.UTF-8", **place.environment},
        "stdin_open": place.keep_input,
        "user": f"{OWNER}:{OWNER}",
        "runtime": place.runtime,
        "init": True,
        "ipc_mode": "private",
        "read_only": True,
        "tmpfs": TEMPORARY,
        "mem_limit": memory,
        "memswap_limit": memory,
        "pids_limit": max(place.processes, 1024) if place.runtime == GVISOR else place.processes,
        "nano_cpus": int(place.cpus * 1e9),
        "shm_size": 64 * MB,
        "oom_score_adj": 500,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true", *filters],
        "ulimits": [
            {"name": "nofile", "soft": 1024, "hard": 1024},
            {"name": "core", "soft": 0, "hard": 0},
            {"name": "fsize", "soft": 256 * MB, "hard": 256 * MB},
        ],
        "log_config": {"type": "json-file", "config": {"max-size": "2m", "max-file": "1"}},
    }
