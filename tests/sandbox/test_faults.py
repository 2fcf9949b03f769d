"""What happens to a sandbox in Docker is never the program's fault, and never the end of a run."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from gencode_graph.errors import SandboxError, SandboxLost, ServeError
from gencode_graph.events import AttemptFailed, Event, Warned, parse_event
from gencode_graph.pipeline import build, parallel, series
from gencode_graph.sandbox import lease, open_sandbox
from gencode_graph.sandbox.docker import Engine
from gencode_graph.sandbox.image_recipes import reference
from gencode_graph.sandbox.pod import DockerSandbox
from gencode_graph.sandbox.pod_installs import read_found
from gencode_graph.services import Services
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.testing import SERVER, sh
from gencode_graph.testing.sandbox import refused
from gencode_graph.types import Command, Draft, Finding, StepResult, Task, Verdict

pytestmark = [pytest.mark.docker, pytest.mark.slow]
cut_off = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""The SDK leaves the socket of a connection that it does not get to the collector."""
SLEEP = "echo up; sleep 20"


def docker(*words: str) -> list[str]:
    """What the client says."""
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True).stdout.split()


def containers(run_id: str) -> list[str]:
    """Of a run that are there, the newest first: the holder is the last."""
    return docker("ps", "-q", "--no-trunc", "--filter", f"label=gencode.thread={run_id}")


def volumes(run_id: str) -> list[str]:
    """Of a run that are there."""
    return docker("volume", "ls", "-q", "--filter", f"label=gencode.thread={run_id}")


async def opened(run_id: str, folder: Path) -> DockerSandbox:
    """A sandbox in Docker."""
    sandbox = await open_sandbox(Settings(sandbox="docker"), folder, run_id)
    assert isinstance(sandbox, DockerSandbox)
    return sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[DockerSandbox]:
    made = await opened("faulty", tmp_path)
    yield made
    await made.close()


async def until_there_are(number: int, run_id: str) -> list[str]:
    """The containers of a run, once there are so many."""
    async with asyncio.timeout(20):
        while len(found := await asyncio.to_thread(containers, run_id)) != number:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("how", [("kill",), ("stop",), ("rm", "-f"), ("kill", "--signal", "INT")], ids=" ".join)
async def test_a_command_that_somebody_else_ended_did_not_fail(sandbox: DockerSandbox, how: tuple[str, ...]) -> None:
    script = "trap 'exit 0' TERM INT; echo up; while true; do sleep 0.1; done"  # whatever it then says
    running = asyncio.create_task(sandbox.run(sh(script, seconds=30)))
    newest, _ = await until_there_are(2, "faulty")
    await asyncio.sleep(0.5)
    await asyncio.to_thread(docker, *how, newest)
    await refused(running, SandboxLost)


@pytest.mark.parametrize("script", ["exit 137", "exit 143", "kill -9 $$", "kill -9 -1; sleep 9", "kill -15 $$"])
async def test_a_program_that_ends_as_if_it_had_been_killed_failed(sandbox: DockerSandbox, script: str) -> None:
    assert (await sandbox.run(sh(script, seconds=30))).verdict == "failed"


async def test_a_pod_without_its_holder_is_lost_whatever_is_asked_of_it(sandbox: DockerSandbox) -> None:
    await sandbox.put({"a.txt": b"1"})
    await asyncio.to_thread(docker, "kill", *containers("faulty"))
    await refused(sandbox.collect(["a.txt", "b.txt"]), SandboxLost)
    await refused(sandbox.collect(["b.txt"]), SandboxLost)
    await refused(sandbox.put({"a.txt": b"2"}), SandboxLost)
    await refused(sandbox.put({"a.txt": b"2"}, owned=["a.txt"]), SandboxLost)
    await refused(sandbox.run(sh("true")), SandboxLost)
    with pytest.raises(SandboxLost):
        async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/"):
            pass


async def test_a_command_in_a_pod_that_loses_its_holder_does_not_count(sandbox: DockerSandbox) -> None:
    running = asyncio.create_task(sandbox.run(sh("sleep 2; cat gone", seconds=30)))
    _, holder = await until_there_are(2, "faulty")
    await asyncio.sleep(0.5)  # a container that is listed may not run yet
    await asyncio.to_thread(docker, "rm", "-f", holder)
    await refused(running, SandboxLost)


async def test_a_server_that_somebody_else_ended_is_no_program_that_did_not_serve(sandbox: DockerSandbox) -> None:
    await refused(serve_and_kill(sandbox), SandboxLost)
    with pytest.raises(ServeError):
        async with sandbox.serve(sh("kill -9 $$"), health="/", seconds=5):
            pass


async def serve_and_kill(sandbox: DockerSandbox) -> None:
    """A check that finds fault with a server that is no more."""
    async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/"):
        newest, _ = await until_there_are(2, "faulty")
        await asyncio.to_thread(docker, "kill", newest)
        await asyncio.sleep(0.5)
        raise AssertionError("what is said of a server that is gone is not heard")


PYTHON = Command(argv=(".venv/bin/python", "-c", "print(6 * 7)"), cwd="backend")


def packages() -> tuple[dict[str, bytes], str]:
    """Files that nobody else installs, and the volume that has what they name."""
    files = {"backend/requirements.txt": f"# none: {uuid4()}\n".encode()}
    engine = Engine()
    key = read_found(files, "backend/requirements.txt").key(engine.image_id(reference("app")))
    engine.close()
    return files, f"gencode-install-{key}"


async def test_packages_that_were_removed_are_installed_again(tmp_path: Path) -> None:
    files, volume = packages()
    for _ in range(2):
        sandbox = await opened("installing", tmp_path)
        await sandbox.put(files)
        await sandbox.install("backend/requirements.txt")
        assert (await sandbox.run(PYTHON)).stdout == "42\n"
        await removed(volume)
        await refused(sandbox.run(PYTHON), SandboxLost)
        await sandbox.close()
    await removed(volume)


async def test_an_install_that_was_cut_short_is_finished_by_the_next_one(tmp_path: Path) -> None:
    files, volume = packages()
    for damage in ("rm -r /installs/.done /installs/.venv/bin", "true"):
        sandbox = await opened("finishing", tmp_path)
        await sandbox.put(files)
        await sandbox.install("backend/requirements.txt")
        assert (await sandbox.run(PYTHON)).stdout == "42\n"
        await sandbox.close()
        await asyncio.to_thread(docker, "run", "--rm", "-v", f"{volume}:/installs", "gencode/app", "sh", "-c", damage)
    await removed(volume)


async def removed(volume: str) -> None:
    """Remove a volume, once nothing uses it any more."""
    async with asyncio.timeout(20):
        while volume in await asyncio.to_thread(docker, "volume", "ls", "-q"):
            with contextlib.suppress(subprocess.CalledProcessError):
                await asyncio.to_thread(docker, "volume", "rm", "-f", volume)


@dataclass
class Gate:
    """A way to the daemon that can be shut."""

    path: Path
    lines: set[asyncio.StreamWriter] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    server: asyncio.Server | None = None

    async def open(self) -> None:
        """Let through what comes."""
        self.server = await asyncio.start_unix_server(self._line, self.path)

    async def shut(self) -> None:
        """Drop all connections, and take no new ones."""
        assert self.server is not None
        self.server.close()
        self.path.unlink(missing_ok=True)
        for line in self.lines:
            line.transport.abort()
        if self.tasks:
            await asyncio.wait(self.tasks)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        other, answer = await asyncio.open_unix_connection("/var/run/docker.sock")
        self.lines |= {writer, answer}
        await asyncio.gather(self._carry(reader, answer), self._carry(other, writer), return_exceptions=True)
        self.lines -= {writer, answer}
        for line in (writer, answer):
            line.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


@pytest.fixture
async def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gate]:
    made = Gate(tmp_path / "docker.sock")
    await made.open()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{made.path}")
    yield made
    await made.shut()
    gc.collect()


@cut_off
async def test_a_daemon_that_goes_away_is_no_end_of_a_program(gate: Gate, tmp_path: Path) -> None:
    sandbox = await opened("cut-off", tmp_path)
    await sandbox.put({"big.bin": bytes(30_000_000)})
    running = asyncio.create_task(sandbox.run(sh(SLEEP)))
    reading = asyncio.create_task(sandbox.collect(["big.bin"]))
    await asyncio.sleep(0.8)
    assert not running.done()
    await gate.shut()
    await refused(running, SandboxLost)
    with contextlib.suppress(SandboxLost):
        assert len((await reading)["big.bin"]) == 30_000_000, "half of a file was taken for the whole"
    await refused(sandbox.put({"a": b""}), SandboxLost)
    await sandbox.close()
    await gate.open()
    assert await asyncio.to_thread(left_by_a_reaper, "cut-off") == []


def left_by_a_reaper(run_id: str) -> list[str]:
    """What is left of a sandbox that could not be closed, once this process reaps."""
    engine = Engine()
    engine.reap()
    engine.close()
    return [*containers(run_id), *volumes(run_id)]


Mischief = Callable[[Services], Awaitable[None]]


@dataclass
class Writer:
    """Proposes one file, again and again."""

    name: str = "writer"

    def accepts(self, task: Task) -> bool:
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        return Draft(files={f"{task.step}/a.txt": task.step})


def step(name: str, mischief: Mischief) -> Step:
    """A step whose check needs what was staged, and between whose commands something happens."""

    async def check(task: Task, draft: Draft, services: Services) -> Verdict:
        await services.stage(task.tree, f"{name}/")
        await services.once("built", lambda: services.sandbox.run(sh("mkdir -p out; echo built > out/a")))
        await mischief(services)
        result = await services.sandbox.run(sh(f"cat out/a {name}/a.txt; sleep 0.5", seconds=30))
        wrong = result.verdict != "ok" or result.stdout != f"built\n{name}"
        return Verdict(findings=(Finding(rule="failed", message=result.output),) if wrong else ())

    return Step(
        name=name, persona="Derek", does="writes", reads=("request",), writes=(f"{name}/",), producers=(Writer(),),
        checks=(check,),
    )  # fmt: skip


@dataclass
class Ran:
    """How a run of a small graph went."""

    steps: dict[str, StepResult]
    events: list[Event]

    @property
    def warned(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, Warned)]


async def run(folder: Path, *names: str, mischief: Mischief, saver: InMemorySaver | None = None) -> Ran:
    """Steps side by side in one sandbox, and one after them; goes on where ``saver`` has a run already."""
    made = [step(name, mischief) for name in names]
    graph = build(series(parallel(*names), "last"), {s.name: s for s in [*made, step("last", quiet)]})
    compiled, events = graph.compile(checkpointer=saver or InMemorySaver()), list[Event]()
    config = {"configurable": {"thread_id": folder.name}}
    settings = Settings(workspace=folder / "app", sandbox="docker")
    began = (await compiled.aget_state(config)).created_at is not None
    asked = None if began else {"request": "anything"}
    async for part in compiled.astream(asked, config, context=settings, stream_mode="custom", subgraphs=True):
        events.append(parse_event(part[-1]))
    return Ran((await compiled.aget_state(config)).values["steps"], events)


async def quiet(services: Services) -> None:
    """Nothing happens."""


async def test_a_step_whose_sandbox_is_lost_is_repeated_and_the_loss_is_told(tmp_path: Path) -> None:
    left = ["once"]

    async def kill(services: Services) -> None:
        if left and left.pop():
            await asyncio.to_thread(docker, "kill", *containers(tmp_path.name))

    ran = await run(tmp_path, "a", "b", mischief=kill)
    assert {(s.status, s.attempts, s.isolation and s.isolation.lost) for s in ran.steps.values()} == {("passed", 1, 1)}
    assert len(ran.warned) == 1
    assert "another one opened" in ran.warned[0]
    assert not any(isinstance(event, AttemptFailed) for event in ran.events)
    assert [*containers(tmp_path.name), *volumes(tmp_path.name)] == []


@cut_off
async def test_a_run_waits_for_a_daemon_that_comes_back(gate: Gate, tmp_path: Path) -> None:
    left = ["once"]

    async def restart(services: Services) -> None:
        if left and left.pop():
            await gate.shut()
            asyncio.get_running_loop().call_later(1.5, lambda: back.append(asyncio.ensure_future(gate.open())))

    back: list[asyncio.Future[None]] = []
    ran = await run(tmp_path, "a", "b", mischief=restart)
    assert {(s.status, s.attempts, s.isolation and s.isolation.lost) for s in ran.steps.values()} == {("passed", 1, 1)}


async def test_a_run_whose_sandboxes_are_lost_again_and_again_stops_and_can_be_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOSSES", 1)
    times: list[str] = []

    async def kill(services: Services) -> None:
        times.append("killed")
        await asyncio.to_thread(docker, "kill", *containers(tmp_path.name))

    saver = InMemorySaver()
    with pytest.raises(SandboxError, match="lost 2 times"):
        await run(tmp_path, "a", mischief=kill, saver=saver)
    assert len(times) == 2
    ran = await run(tmp_path, "a", mischief=quiet, saver=saver)
    assert {(s.status, s.attempts) for s in ran.steps.values()} == {("passed", 1)}


OWNER = textwrap.dedent("""
    import asyncio
    from pathlib import Path
    from gencode_graph.sandbox import lease, open_sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.testing import sh

    async def main():
        sandboxes = [await open_sandbox(Settings(sandbox="docker"), Path("."), "owned") for _ in range(2)]
        for sandbox in sandboxes:
            asyncio.create_task(sandbox.run(sh("sleep 1000", seconds=1000)))
        await asyncio.sleep(1000)

    asyncio.run(main())
""")


async def test_three_reapers_at_once_take_what_the_dead_left_and_nothing_else(
    sandbox: DockerSandbox, tmp_path: Path
) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=tmp_path)  # noqa: ASYNC220
    engines = [Engine(), Engine(), Engine()]
    try:
        newest, *_ = await until_there_are(4, "owned")
        labels = ("--label", "gencode.run=owned", *labels_of(newest))
        await asyncio.to_thread(docker, "network", "create", "--internal", *labels, "gencode-owned")
        await asyncio.gather(*(asyncio.to_thread(engine.reap) for engine in engines))
        assert len(containers("owned")) == 4
    finally:
        owner.kill()
        owner.wait(20)
    await asyncio.gather(*(asyncio.to_thread(engine.reap) for engine in engines))
    assert [*docker("ps", "-aq", "--filter", "label=gencode.thread=owned"), *volumes("owned")] == []
    assert docker("network", "ls", "-q", "--filter", "name=gencode-owned") == []
    assert (await sandbox.run(sh("echo alive"))).stdout == "alive\n"
    for engine in engines:
        engine.close()


def labels_of(container: str) -> list[str]:
    """As the client takes them."""
    found = docker("inspect", "-f", "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}} {{end}}", container)
    return [word for label in found if label.startswith("gencode.owner") for word in ("--label", label)]
