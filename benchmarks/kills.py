"""Runs that are killed, and whose containers and daemon are killed: is every one delivered, and nothing left behind?

    python benchmarks/kills.py [--runs N] [--daemon N] [--at-once N] [--seed N] [--json]

A run makes the backend of an app, with its real checks in the Docker sandbox. Up to three faults strike it at random
times: SIGKILL of the controller, which is then started again, of the pod's holder, or of a command's container. The
--daemon runs have an engine of their own, beside the one of this machine, that is stopped or killed and started again;
that needs root. All the while a sandbox of another owner is open. Fails when a run is not delivered, differs in a byte
from an undisturbed one, takes a fault for an attempt that failed, or leaves a container, volume, network, process or
temporary file; or when the bystander is touched.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

if Path(sys.path[0]) == Path(__file__).parent:
    sys.path.pop(0)  # `import requests`, anywhere, would find the benchmark of that name

import psutil

from gencode_graph.checkpoints import checkpointer
from gencode_graph.errors import MissingError, StoppedError
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import build, series
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.owners import ENDS
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.testing import sh

REQUEST = "Build a notes app with notes and folders"
BACKEND = series("analysis", "architecture", "contracts", "backend_models", "backend_implementation")
KINDS = ("controller", "holder", "command")
SECONDS = 300.0
"""A run may take, at most, with all that happens to it."""
STARTS = 10
IMAGE = "gencode/app"
MARK = "GENCODE_KILLS"
TEMPORARY = (".put-*", "*.tmp", "*.part", ".put.json")


@dataclass
class Ran:
    """How a run went."""

    seed: int
    faults: list[str] = field(default_factory=list)
    starts: int = 0
    ended: str = ""
    seconds: float = 0.0
    lost: int = 0
    """How often its sandbox was lost."""
    failed_attempts: int = 0
    same: bool = False
    left: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.ended == "delivered" and self.same and not self.left and not self.failed_attempts


async def work(folder: Path) -> int:
    """The controller: goes on with the run in a folder to its end; what it says goes to a file."""
    settings = Settings(
        workspace=folder / "app", home=folder / "home", sandbox="docker", agents=False, memory=False, jobs=2
    )
    config: Any = {"configurable": {"thread_id": folder.name}, "recursion_limit": 100}
    try:
        async with connect(settings, folder.name), checkpointer(settings) as saver:
            graph = build(BACKEND, STEPS).compile(checkpointer=saver)
            asked = None if (await graph.aget_state(config)).created_at else {"request": REQUEST}
            with (folder / "events.txt").open("a", encoding="utf-8") as events:
                parts = graph.astream(
                    asked, config, context=settings, stream_mode="custom", subgraphs=True, durability="sync"
                )
                async for _, event in parts:
                    print(json.dumps(event), file=events, flush=True)
            steps = (await graph.aget_state(config)).values["steps"]
    except (StoppedError, MissingError) as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0 if all(result.status == "passed" for result in steps.values()) else 1


async def docker(*words: str, host: str | None = None) -> list[str]:
    """What the client says; nothing when it fails."""
    argv = ["docker", *(("--host", host) if host else ()), *words]
    pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    client = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=none)
    return (await client.communicate())[0].decode().split()


async def strike(kind: str, run_id: str, host: str | None) -> str:
    """Kill a container of a run; what was hit."""
    form = f'{{{{.ID}}}}={{{{.Label "{ENDS}"}}}}'  # only a command's container has an end
    for _ in range(100):
        told = await docker(
            "ps", "--no-trunc", "--filter", f"label=gencode.thread={run_id}", "--format", form, host=host
        )
        found = [word.partition("=") for word in told]
        wanted = [it for it, _, ends in found if bool(ends) == (kind == "command")]
        if wanted and await docker("kill", random.choice(wanted), host=host):  # else it was gone before
            return kind
        await asyncio.sleep(0.05)
    return f"{kind}, none there"


async def controller(folder: Path, host: str | None) -> asyncio.subprocess.Process:
    """A process that works on the run of a folder."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, MARK: folder.name, "TMPDIR": str(folder / "tmp")}
    if host:
        environment["DOCKER_HOST"] = host
    argv = (sys.executable, __file__, "--work", str(folder))
    with (folder / "errors.txt").open("ab") as errors:
        return await asyncio.create_subprocess_exec(*argv, env=environment, stdout=errors, stderr=errors)


async def one(seed: int, folder: Path, usual: float, host: str | None = None, daemon: Daemon | None = None) -> Ran:
    """A run with its faults; ``usual`` is how long it takes without."""
    dice, ran, began, told = random.Random(seed), Ran(seed), time.monotonic(), Counter[str]()
    kinds = [dice.choice(KINDS) for _ in range(dice.randint(1, 3))] if usual else []
    if daemon is not None:
        kinds = ["SIGTERM" if seed % 2 else "SIGKILL"]
    while time.monotonic() - began < SECONDS and ran.starts < STARTS:
        ran.starts += 1
        process = await controller(folder, host)
        over = asyncio.create_task(process.wait())
        while kinds and not over.done():
            if daemon is not None:
                await opened(folder.name, host)
            await asyncio.wait([over], timeout=dice.uniform(0.1, 8.0) if daemon else dice.uniform(0.1, 0.9) * usual)
            kind = kinds.pop(0)
            if over.done():
                break
            if daemon is not None:
                await daemon.stop(getattr(signal, kind))
                await asyncio.sleep(dice.uniform(0.1, 3))
                await daemon.start()
            elif kind == "controller":
                process.kill()
                await over
            ran.faults.append(kind if kind not in KINDS[1:] else await strike(kind, folder.name, host))
        try:
            code = await asyncio.wait_for(over, SECONDS)
        except TimeoutError:
            process.kill()
            ran.ended = "hung"
            break
        if code not in (-signal.SIGKILL, StoppedError.exit_status, MissingError.exit_status):
            ran.ended = "delivered" if code == 0 else (folder / "errors.txt").read_text()[-3000:]
            break
    ran.ended = ran.ended or f"not over after {ran.starts} starts: {(folder / 'errors.txt').read_text()[-1000:]}"
    ran.seconds = round(time.monotonic() - began, 1)
    with contextlib.suppress(FileNotFoundError):  # it never began
        told.update(json.loads(line)["type"] for line in (folder / "events.txt").read_text().splitlines())
    ran.lost, ran.failed_attempts = told["warning"], told["attempt_failed"]
    ran.left = [*await objects(folder.name, host), *processes(folder.name), *temporary(folder)]
    return ran


async def opened(run_id: str, host: str | None) -> None:
    """Wait until a run has a sandbox."""
    for _ in range(600):
        if await docker("ps", "-q", "--filter", f"label=gencode.thread={run_id}", host=host):
            return
        await asyncio.sleep(0.1)


async def objects(run_id: str, host: str | None) -> list[str]:
    """What the engine still has of a run."""
    label = ("--filter", f"label=gencode.thread={run_id}")
    lists = {"container": ("ps", "-aq", *label), "volume": ("volume", "ls", "-q", *label)}
    lists["network"] = ("network", "ls", "-q", *label)
    return [f"{kind} {it}" for kind, words in lists.items() for it in await docker(*words, host=host)]


def processes(run_id: str) -> Iterator[str]:
    """What its controllers started and did not end."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == run_id:
                yield f"process {process.pid} {process.name()}"


def temporary(folder: Path) -> Iterator[str]:
    """Files and folders that were to be there for a moment only."""
    for path in (folder / "tmp").iterdir():
        yield f"file {path}"
    for place, name in ((place, name) for place in (folder / "app", folder / "home") for name in TEMPORARY):
        yield from (f"file {path}" for path in place.rglob(name))
    yield from (f"file {path}" for path in folder.glob("app/.gencode/staging/*"))


def product(folder: Path) -> dict[str, bytes]:
    """Every file that the user sees."""
    app = folder / "app"
    files = (path for path in app.rglob("*") if path.is_file() and path.relative_to(app).parts[0][:2] not in (".g",))
    return {path.relative_to(app).as_posix(): path.read_bytes() for path in files}


class Bystander:
    """A sandbox of another owner, which must not notice anything."""

    @contextlib.asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[Bystander]:
        """Open it until the block ends."""
        self._sandbox = await open_sandbox(Settings(sandbox="docker"), folder, "bystander")
        await self._sandbox.put({"mine.txt": b"mine"})
        try:
            yield self
        finally:
            await self._sandbox.close()

    async def well(self) -> bool:
        """Whether it answers and has what it had."""
        return (await self._sandbox.run(sh("cat mine.txt"))).stdout == "mine"


class Daemon:
    """An engine of our own, beside the one of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        (self._folder / "docker.pid").unlink(missing_ok=True)
        argv = [
            "dockerd",
            f"--host={self.host}",
            f"--data-root={self._folder}/data",
            f"--exec-root={self._folder}/exec",
        ]
        argv += [
            f"--pidfile={self._folder}/docker.pid",
            "--bridge=gencode-kills",
            "--iptables=false",
            "--ip-masq=false",
        ]
        for _ in range(600):
            if self._process is None or self._process.poll() is not None:  # the first may meet what the killed one left
                with (self._folder / "dockerd.log").open("ab") as log:
                    self._process = subprocess.Popen(argv, stdout=log, stderr=log, start_new_session=True)  # noqa: ASYNC220
            if await docker("info", "--format", "{{.ID}}", host=self.host):
                return
            await asyncio.sleep(0.1)
        raise SystemExit(f"the engine did not come up; see {self._folder}/dockerd.log")

    async def stop(self, number: signal.Signals) -> None:
        """End it, in one way or another."""
        assert self._process is not None
        self._process.send_signal(number)
        await asyncio.to_thread(self._process.wait, 60)

    async def furnish(self, since: float) -> None:
        """Give it the image of this machine's engine, and the installs that were used there lately."""
        shell = f"docker save {IMAGE} | docker --host {self.host} load"
        await (await asyncio.create_subprocess_shell(shell, stdout=subprocess.DEVNULL)).wait()
        for volume in await docker("volume", "ls", "-q", "--filter", "label=gencode.install"):
            [here] = await docker("volume", "inspect", "-f", "{{.Mountpoint}}", volume)
            if (Path(here) / ".lock").stat().st_mtime < since:
                continue
            await docker("volume", "create", "--label", "gencode.install=copied", volume, host=self.host)
            [there] = await docker("volume", "inspect", "-f", "{{.Mountpoint}}", volume, host=self.host)
            await (await asyncio.create_subprocess_exec("cp", "-a", f"{here}/.", there)).wait()


@contextlib.asynccontextmanager
async def own_daemon(since: float) -> AsyncIterator[Daemon]:
    """An engine of our own until the block ends; all that it had is gone then."""
    bridge = ["ip", "link", "add", "gencode-kills", "type", "bridge"]
    with tempfile.TemporaryDirectory(prefix="gencode-kills-engine-", ignore_cleanup_errors=True) as scratch:
        subprocess.run(bridge, check=False, capture_output=True)  # noqa: ASYNC221
        for words in (["addr", "add", "172.31.250.1/24", "dev"], ["link", "set", "up", "dev"]):
            subprocess.run(["ip", *words, "gencode-kills"], check=False, capture_output=True)  # noqa: ASYNC221
        daemon = Daemon(Path(scratch))
        await daemon.start()
        try:
            await daemon.furnish(since)
            yield daemon
        finally:
            await daemon.stop(signal.SIGTERM)
            for process in psutil.process_iter():  # what a killed engine started
                with contextlib.suppress(psutil.Error):
                    if any(scratch in word for word in process.cmdline()):
                        process.kill()
            for words in (["umount", "-R", f"{scratch}/data"], ["ip", "link", "delete", "gencode-kills"]):
                subprocess.run(words, check=False, capture_output=True)  # noqa: ASYNC221


async def measure(runs: int, daemons: int, at_once: int, seed: int, say: Callable[[Ran], None]) -> dict[str, Any]:
    """All runs, those with an engine of their own one after the other."""
    with tempfile.TemporaryDirectory(prefix="gencode-kills-") as scratch:
        place, began = Path(scratch), time.time()
        first = Ran(0)
        for name in ("installed", "undisturbed"):  # the first may have to install
            (place / name).mkdir()
            first = await one(0, place / name, 0.0)
        if not first.good and first.ended != "delivered":
            raise SystemExit(f"the undisturbed run was not delivered: {first.ended}")
        wanted, ran = product(place / "undisturbed"), list[Ran]()

        async def strike_one(number: int, host: str | None, daemon: Daemon | None) -> None:
            folder = place / f"kills-{os.getpid()}-{number}{'-daemon' if daemon else ''}"
            folder.mkdir()
            it = await one(number, folder, first.seconds, host, daemon)
            it.same = product(folder) == wanted
            ran.append(it)
            say(it)
            if it.good:
                subprocess.run(["rm", "-rf", str(folder)], check=False)  # noqa: ASYNC221

        turn = asyncio.Semaphore(at_once)

        async def in_turn(number: int) -> bool:
            async with turn:
                await strike_one(number, None, None)
                return await bystander.well()

        async with Bystander().open(place) as bystander:
            touched = (await asyncio.gather(*(in_turn(number) for number in range(seed, seed + runs)))).count(False)
        if daemons:
            async with own_daemon(began) as daemon:
                for number in range(seed, seed + daemons):
                    await strike_one(number, daemon.host, daemon)
    return {
        "undisturbed_seconds": first.seconds,
        "runs": len(ran),
        "delivered": sum(it.ended == "delivered" for it in ran),
        "same_product": sum(it.same for it in ran),
        "faults": dict(Counter(fault for it in ran for fault in it.faults)),
        "sandboxes_lost": sum(it.lost for it in ran),
        "faults_taken_for_failures": sum(it.failed_attempts for it in ran),
        "left": [what for it in ran for what in it.left],
        "bystander_touched": touched,
        "longest": max((it.seconds for it in ran), default=0.0),
        "bad": [asdict(it) for it in ran if not it.good],
    }


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument(
        "--daemon", type=int, default=2, help="runs whose engine, one of their own, is stopped or killed"
    )
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next ones count on")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return asyncio.run(work(options.work))
    os.nice(10)

    def say(it: Ran) -> None:
        print(
            f"{'ok ' if it.good else 'BAD'} {it.seed} {it.seconds} s {', '.join(it.faults)}",
            file=sys.stderr,
            flush=True,
        )

    seen = asyncio.run(measure(options.runs, options.daemon, options.at_once, options.seed, say))
    if options.json:
        print(json.dumps(seen, indent=1))
    else:
        for name, value in seen.items():
            print(f"{name:28}{value}")
    return 0 if not seen["bad"] and not seen["bystander_touched"] else 1


if __name__ == "__main__":
    sys.exit(main())
