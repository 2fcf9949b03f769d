"""Installs in Docker: volumes that are filled once for each lock file, and that pods have read-only."""

from __future__ import annotations

import asyncio
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gencode_graph.errors import SandboxError
from gencode_graph.sandbox.archives import pack
from gencode_graph.sandbox.commands import inside
from gencode_graph.sandbox.holding import Pod
from gencode_graph.sandbox.jobs import Job
from gencode_graph.sandbox.locks import Lock, read_lock, unreached

TIMEOUT = 900.0
ENVIRONMENT = {"npm_config_cache": "/installs/.cache/npm", "UV_CACHE_DIR": "/installs/.cache/uv"}


class PodInstalls:
    """What a pod has installed so far."""

    def __init__(self, pod: Pod) -> None:
        self._pod = pod
        self._one_at_a_time = asyncio.Lock()

    async def provide(self, found: Mapping[str, bytes], lock: str) -> None:
        """Install what a lock file names, unless that was done before, and link it beside the file.

        ``found`` has the files of the lock's folder.
        """
        folder = "/".join(lock.split("/")[:-1])
        named = await asyncio.to_thread(read_found, found, lock)
        place = f"/installs/{named.key(self._pod.image)}"
        async with self._one_at_a_time:
            if place in self._pod.mounts:
                return
            volume = f"gencode-install-{place.rpartition('/')[2]}"
            await self._fetch(named, volume)
            self._pod.mounts[place] = f"{volume}:ro"
            argv = ("sh", "-c", inside("link.sh"), "sh", f"{place}/{named.folder}", f"./{folder}/{named.folder}")
            linked = await self._pod.run(Job(place=self._pod.place(), argv=argv))
            if linked.verdict != "ok":
                raise SandboxError(f"{folder}/{named.folder} could not be linked: {linked.output}")

    async def _fetch(self, lock: Lock, volume: str) -> None:
        """Fill a volume, with a network and without the workspace."""
        await self._pod.call(self._pod.engine.make_volume, volume, {"gencode.install": lock.kind})
        place = replace(self._pod.place("bridge"), mounts={"/installs": volume}, environment=ENVIRONMENT)
        lines = [shlex.join(argv) for argv in lock.commands(uv="uv", python="/usr/bin/python3")]
        archive = pack({name: text.encode() for name, text in lock.files.items()}, dict.fromkeys(lock.files, 0))
        argv = ("sh", "-c", inside("install.sh"), "sh", lock.folder, *lines)
        job = Job(place=place, argv=argv, cwd="/installs", seconds=TIMEOUT, archive=("/installs", archive))
        result = await self._pod.run(job)
        if result.verdict != "ok":
            unreached("the packages' registry", result.output)
            raise SandboxError(f"the install failed ({result.verdict})\n{result.output[-1500:]}")


def read_found(found: Mapping[str, bytes], lock: str) -> Lock:
    """The lock among files that were read back."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in found.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return read_lock(Path(folder, lock))
