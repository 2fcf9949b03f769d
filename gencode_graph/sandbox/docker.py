"""The Docker engine, as far as sandboxes need it: volumes, attached containers, archives, and a reaper.

The only file that imports ``docker``. Everything here blocks: call it from a thread.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from tarfile import TarError
from typing import Any, cast, get_args

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.models.containers import Container
from requests.exceptions import RequestException

from gencode_graph import machine
from gencode_graph.errors import MissingError, SandboxError, SandboxLost
from gencode_graph.sandbox import owners
from gencode_graph.sandbox.archives import unpack
from gencode_graph.sandbox.assurance import assure_end, assure_holder
from gencode_graph.sandbox.attached import Running
from gencode_graph.sandbox.confinement import Place, container
from gencode_graph.sandbox.peak import Peak
from gencode_graph.sandbox.reaper import sweep
from gencode_graph.types import Limit

DEPENDING: Mapping[Limit, str] = {"memory": "MemoryLimit", "processes": "PidsLimit", "cpu": "CpuCfsQuota"}
"""Limit -> what the engine says of itself where its kernel can set it."""


@contextlib.contextmanager
def daemon() -> Iterator[None]:
    """Turns what the engine or the way to it does wrong into ``SandboxLost``; what it refuses as such is no loss."""
    try:
        yield
    except (DockerException, RequestException, TarError, OSError) as error:
        said = getattr(error, "explanation", None) or error
        kind = SandboxError if isinstance(error, APIError) and error.status_code == 400 else SandboxLost
        raise kind(f"Docker failed: {said}; see that `docker info` answers, then resume the run") from error


@dataclass(frozen=True, kw_only=True)
class End:
    """How a container ended."""

    code: int | None
    out_of_memory: bool
    seconds: float
    """By the engine's clock, from its start: 0 where it never did."""


class Engine:
    """One connection to the Docker daemon, for many threads."""

    def __init__(self) -> None:
        try:
            knock()
            self._client = docker.from_env(timeout=60, max_pool_size=64)
            self._info = self._client.info()
            self._removing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="gencode-removal")
        except (DockerException, OSError) as error:
            raise MissingError(f"Docker does not answer; {machine.how_to_get('docker')}") from error

    def close(self) -> None:
        self._removing.shutdown()
        self._client.close()

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What it can hold containers to: all, but for what its kernel or its configuration lacks."""
        has = {limit: bool(self._info.get(name)) for limit, name in DEPENDING.items()}
        has["syscalls"] = any(option.startswith("name=seccomp") for option in self._info.get("SecurityOptions") or ())
        return tuple(limit for limit in get_args(Limit) if has.get(limit, True))

    def within_its_means(self, place: Place) -> Place:
        """A place with no more processors than there are: the engine refuses to promise them."""
        return replace(place, cpus=min(place.cpus, float(self._info.get("NCPU") or place.cpus)))

    def need_runtime(self, name: str) -> None:
        """Raise ``MissingError`` where the engine has no runtime of this name."""
        if name not in (known := self._info.get("Runtimes") or {}):
            raise MissingError(
                f"Docker has no runtime {name!r} (it has {', '.join(sorted(known))}): install it, name it under "
                '"runtimes" in /etc/docker/daemon.json and restart Docker, or unset GENCODE_SANDBOX_RUNTIME'
            )

    def image_id(self, image: str) -> str:
        """The id of a local image; nothing is ever pulled. Raises ``MissingError`` when it is not there."""
        with daemon():
            try:
                return str(self._client.images.get(image).id)
            except ImageNotFound as error:
                raise MissingError(
                    f"there is no image {image}; make it: gencode images build {image.removeprefix('gencode/')}"
                ) from error

    def make_volume(self, name: str, labels: Mapping[str, str], options: Mapping[str, str] | None = None) -> None:
        """Make a volume, unless it is there; ``options`` as for ``docker volume create --opt``."""
        with daemon():
            self._client.volumes.create(name, driver="local", driver_opts=dict(options or {}), labels=dict(labels))

    def start(self, place: Place, argv: list[str], workdir: str, archive: tuple[str, bytes] | None = None) -> Running:
        """Create a container, unpack a tar in a folder of one of its volumes, attach to it, start it."""
        with daemon():
            config = container(self.within_its_means(place), argv, workdir, filtered="syscalls" in self.limits)
            api: Any = self._client.api
            made = Container({"Id": api.create_container_from_config(config)["Id"]}, client=self._client)
            streams = {"stdin": int(place.keep_input), "stdout": 1, "stderr": 1, "stream": 1}
            attached = api.attach_socket(str(made.id), params=streams)
            running = Running(container=made, socket=attached, peak=Peak(str(made.id)))
            try:
                if archive is not None:
                    made.put_archive(*archive)
                made.start()
            except BaseException:
                running.hang_up()
                self.remove(made)
                self._assure_holder_of(place)
                raise
            return running

    def end(self, running: Running, *, kill: bool, grace: float = 0.0) -> End:
        """End a container if asked, by its input's end if that does within ``grace`` seconds; how it ended."""
        running.hang_up()
        with daemon():
            if kill and not (grace and self._ends(running.container, grace)):
                with contextlib.suppress(APIError):
                    running.container.kill("SIGKILL")
            code = running.container.wait(timeout=30).get("StatusCode")
            state: dict[str, Any] = {}
            if code != 0:
                state = self._client.api.inspect_container(str(running.container.id))["State"]
        try:
            self._removing.submit(self._remove_later, running.container)
        except RuntimeError:  # we are closed meanwhile
            self._remove_later(running.container)
        seconds = moment(state.get("FinishedAt")) - moment(state.get("StartedAt"))
        return End(code=code, out_of_memory=bool(state.get("OOMKilled")), seconds=seconds)

    def _ends(self, container: Container, seconds: float) -> bool:
        """Whether a container ends by the end of its input, in time; a kill at that moment would take long."""
        try:
            container.wait(timeout=seconds)
        except RequestException:
            return False
        return True

    def _remove_later(self, container: Container) -> None:
        with contextlib.suppress(DockerException, RequestException, OSError):  # then a reaper does it
            self.remove(container)

    def let_go(self, holder: Running) -> None:
        """Let a holder end by the end of its input, and finish all removals."""
        holder.hang_up()
        with contextlib.suppress(DockerException, RequestException, OSError):
            self._ends(holder.container, 5)
        self._removing.shutdown()

    def assure(self, place: Place, running: Running, *, failed: bool = True) -> None:
        """Raise ``SandboxLost`` where a container did not end by itself, or the pod that it was in is no more."""
        with daemon():
            self._assure_holder_of(place)
            volumes = [name.removesuffix(":ro") for name in place.mounts.values()] if failed else []
            assure_end(self._client.api, str(running.container.id), volumes)

    def _assure_holder_of(self, place: Place) -> None:
        if holder := place.network.partition(":")[2]:
            assure_holder(self._client.api, holder)

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
        """Remove containers, volumes and networks of ours whose labels say so; how many there were."""
        with daemon():
            return sweep(self._client, dead)

    def reap(self) -> int:
        """Remove what dead owners left; how many objects."""
        return self.remove_labelled(owners.is_dead)


def knock() -> None:
    """Connect to the daemon's socket once; raises ``OSError`` when nothing listens. The SDK would leave its socket."""
    path = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if path.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path.removeprefix("unix://"))


def moment(text: str | None) -> float:
    """A time as the engine writes it, in seconds; it knows nanoseconds and years before the first."""
    if not text or text.startswith("0001"):
        return 0.0
    return datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00").timestamp()
