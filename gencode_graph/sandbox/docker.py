"""The Docker engine, as far as sandboxes need it: volumes, attached containers, archives, and a reaper.

The only file that imports ``docker``. Everything here blocks: call it from a thread.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from tarfile import TarError
from typing import Any, Literal, cast

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.models.containers import Container
from docker.types import LogConfig, Mount, Ulimit
from requests.exceptions import RequestException

from gencode_graph import machine
from gencode_graph.errors import MissingError, SandboxError, SandboxLost
from gencode_graph.sandbox import owners
from gencode_graph.sandbox.archives import OWNER, unpack
from gencode_graph.sandbox.assurance import assure_end, assure_holder

LABEL = "gencode.run"
MB = 1_000_000
Cut = Literal["timeout", "output_limit", "stopped"]


@contextlib.contextmanager
def daemon() -> Iterator[None]:
    """Turns what the engine or the way to it does wrong into ``SandboxLost``; what it refuses as such is no loss."""
    try:
        yield
    except (DockerException, RequestException, TarError, OSError) as error:
        said = getattr(error, "explanation", None) or error
        kind = SandboxError if isinstance(error, APIError) and error.status_code == 400 else SandboxLost
        raise kind(f"Docker failed: {said}; see that `docker info` answers, then resume the run") from error


@dataclass
class Running:
    """A started container with its outputs attached."""

    container: Container
    socket: Any
    kept: dict[int, bytearray] = field(default_factory=lambda: {1: bytearray(), 2: bytearray()})

    def read(self, *, limit: int, tail: bool, deadline: float, stop: threading.Event) -> Cut | None:
        """Read both outputs until the program's end, and keep up to ``limit`` bytes; why it was cut, or None."""
        seen, pieces = 0, self.pieces(deadline, stop)
        while True:
            try:
                number, data = next(pieces)
            except StopIteration as end:
                return cast("Cut | None", end.value)
            stream = self.kept[number]
            stream += data if tail else data[: max(0, limit - seen)]
            if tail:
                del stream[:-limit]
            seen += len(data)
            if seen > limit and not tail:
                return "output_limit"

    def send(self, data: bytes) -> None:
        """Write to the program's input, where that was kept open."""
        getattr(self.socket, "_sock", self.socket).sendall(data)

    def pieces(self, deadline: float, stop: threading.Event) -> Generator[tuple[int, bytes], None, Cut | None]:
        """What the program says as it says it: stream (1 or 2) and bytes. Returns why it was cut, or None."""
        raw = getattr(self.socket, "_sock", self.socket)
        waiting = b""
        while not stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            if not select.select([raw], [], [], min(left, 0.1))[0]:
                continue
            try:
                chunk = raw.recv(65_536)
            except ConnectionError:  # who asks for the exit code then hears that the engine is gone
                return None
            if not chunk:
                return None
            waiting += chunk
            while len(waiting) >= 8 and len(waiting) >= 8 + (size := struct.unpack(">I", waiting[4:8])[0]):
                piece, waiting = (waiting[0], waiting[8 : 8 + size]), waiting[8 + size :]
                yield piece
        return "stopped"

    def hang_up(self) -> None:
        """Close the attached socket. Before any kill: with a reader that stopped reading, the engine's kill hangs."""
        for part in (getattr(self.socket, "_response", None), self.socket, getattr(self.socket, "_sock", None)):
            if part is not None:
                with contextlib.suppress(OSError):
                    part.close()


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a container runs: its image, its network, its mounts and its labels."""

    image: str
    network: str
    mounts: Mapping[str, str]
    """Folder in the container -> ``volume`` or ``volume:ro``."""
    labels: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    memory: int = 2048
    """MB."""
    processes: int = 1024
    keep_input: bool = False


class Engine:
    """One connection to the Docker daemon, for many threads."""

    def __init__(self) -> None:
        try:
            knock()
            self._client = docker.from_env(timeout=60, max_pool_size=64)
            self._client.ping()
        except (DockerException, OSError) as error:
            raise MissingError(f"Docker does not answer; {machine.how_to_get('docker')}") from error

    def close(self) -> None:
        self._client.close()

    def image_id(self, image: str) -> str:
        """The id of a local image; nothing is ever pulled. Raises ``MissingError`` when it is not there."""
        with daemon():
            try:
                return str(self._client.images.get(image).id)
            except ImageNotFound as error:
                raise MissingError(f"there is no image {image}; make it: scripts/make-base-image.sh") from error

    def make_volume(self, name: str, labels: Mapping[str, str], options: Mapping[str, str] | None = None) -> None:
        """Make a volume, unless it is there; ``options`` as for ``docker volume create --opt``."""
        with daemon():
            self._client.volumes.create(name, driver="local", driver_opts=dict(options or {}), labels=dict(labels))

    def start(self, place: Place, argv: list[str], workdir: str, archive: tuple[str, bytes] | None = None) -> Running:
        """Create a container, unpack a tar in a folder of one of its volumes, attach to it, start it."""
        with daemon():
            container = self._client.containers.create(place.image, argv, working_dir=workdir, **host_config(place))
            streams = {"stdin": int(place.keep_input), "stdout": 1, "stderr": 1, "stream": 1}
            running = Running(container, self._client.api.attach_socket(str(container.id), params=streams))
            try:
                if archive is not None:
                    container.put_archive(*archive)
                container.start()
            except BaseException:
                running.hang_up()
                self.remove(container)
                raise
            return running

    def end(self, running: Running, *, kill: bool, grace: float = 0.0) -> tuple[int | None, bool]:
        """End a container if asked, gently first for ``grace`` seconds; remove it: (exit code, out of memory)."""
        running.hang_up()
        with daemon():
            if kill:
                with contextlib.suppress(APIError):
                    running.container.stop(timeout=int(grace)) if grace else running.container.kill("SIGKILL")
            code = running.container.wait(timeout=30).get("StatusCode")
            running.container.reload()
            memory = bool(running.container.attrs["State"].get("OOMKilled"))
            self.remove(running.container)
            return code, memory

    def assure(self, place: Place, running: Running, *, failed: bool = True) -> None:
        """Raise ``SandboxLost`` where a container did not end by itself, or the pod that it was in is no more."""
        with daemon():
            if holder := place.network.partition(":")[2]:
                assure_holder(self._client.api, holder)
            volumes = [name.removesuffix(":ro") for name in place.mounts.values()] if failed else []
            assure_end(self._client.api, str(running.container.id), volumes)

    def ask(self, container: Container, argv: list[str]) -> tuple[int, str]:
        """Run a program of ours (never of the app's) in a container that is there: (exit code, output)."""
        with daemon():
            ran = container.exec_run(argv, workdir="/workspace")
            assure_holder(self._client.api, str(container.id))
            return -1 if ran.exit_code is None else ran.exit_code, cast("bytes", ran.output).decode(errors="replace")

    def put(self, container: Container, archive: bytes) -> None:
        """Unpack a tar into the workspace."""
        with daemon():
            container.put_archive("/workspace", archive)
            assure_holder(self._client.api, str(container.id))

    def get(self, container: Container, path: str) -> dict[str, bytes]:
        """The regular files at or below a path of the workspace; empty when there is none."""
        with daemon():
            try:
                stream, _ = container.get_archive("/workspace" if path == "." else f"/workspace/{path}")
            except NotFound:
                assure_holder(self._client.api, str(container.id))
                return {}
            with contextlib.closing(cast("Any", stream)):
                found = unpack(iter(stream), path)
            assure_holder(self._client.api, str(container.id))
            return found

    def remove(self, container: Container) -> None:
        """Remove a container, however it is, and whoever else is at it."""
        with contextlib.suppress(NotFound):
            try:
                container.remove(force=True, v=True)
            except APIError as error:
                if error.status_code != 409:  # "removal already in progress"
                    raise

    def remove_labelled(self, dead: Callable[[Mapping[str, str]], bool]) -> int:
        """Remove containers and volumes of ours whose labels say so; how many there were."""
        removed = 0
        with daemon():
            ours: dict[str, str | list[str] | bool] = {"label": LABEL}
            for container in self._client.containers.list(all=True, filters=ours, ignore_removed=True):
                if dead(container.labels):
                    self.remove(container)
                    removed += 1
            for volume in self._client.volumes.list(filters=ours):
                if dead(volume.attrs.get("Labels") or {}):
                    with contextlib.suppress(APIError):
                        volume.remove(force=True)
                        removed += 1
        return removed

    def reap(self) -> int:
        """Remove what dead owners left; how many objects."""
        return self.remove_labelled(owners.is_dead)


def knock() -> None:
    """Connect to the daemon's socket once; raises ``OSError`` when nothing listens. The SDK would leave its socket."""
    path = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if path.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path.removeprefix("unix://"))


def host_config(place: Place) -> dict[str, Any]:
    """Everything that keeps a container in: no privileges, a read-only root, limits, an environment from nothing."""
    mounts = [
        Mount(target, name.removesuffix(":ro"), type="volume", read_only=name.endswith(":ro"))
        for target, name in place.mounts.items()
    ]
    memory = place.memory * MB
    return {
        "network_mode": place.network,
        "mounts": mounts,
        "labels": dict(place.labels),
        "environment": {"HOME": "/home/app", "LANG": "C.UTF-8", **place.environment},
        "stdin_open": place.keep_input,
        "user": f"{OWNER}:{OWNER}",
        "init": True,
        "ipc_mode": "private",
        "read_only": True,
        "tmpfs": {
            "/tmp": "size=256m,nr_inodes=20k,mode=1777,nosuid,nodev",
            "/home/app": f"size=64m,nr_inodes=4k,uid={OWNER},gid={OWNER},mode=0700,nosuid,nodev",
        },
        "mem_limit": memory,
        "memswap_limit": memory,
        "pids_limit": place.processes,
        "shm_size": 64 * MB,
        "oom_score_adj": 500,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "ulimits": [
            Ulimit(name="nofile", soft=4096, hard=4096),
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="fsize", soft=512 * MB, hard=512 * MB),
        ],
        "log_config": LogConfig(type="json-file", config={"max-size": "2m", "max-file": "1"}),
    }
