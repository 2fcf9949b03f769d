"""The sandbox in Docker keeps the contract, is walled in, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from gencode_graph import agenerate
from gencode_graph.errors import MissingError, SandboxError, SettingError
from gencode_graph.preview import served
from gencode_graph.runs import Runs
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.pod import DockerSandbox
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.testing import SERVER, SandboxContract, sh
from gencode_graph.testing.sandbox import fetch, get
from gencode_graph.types import Command, Limit

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[DockerSandbox]:
    opened = await open_sandbox(Settings(sandbox="docker"), tmp_path, "run")
    assert isinstance(opened, DockerSandbox)
    yield opened
    await opened.close()


class TestDockerKeepsTheContract(SandboxContract):
    pass


async def test_code_that_a_model_wrote_is_taken(sandbox: DockerSandbox) -> None:
    await sandbox.put({"a.py": b"print(6 * 7)"}, origin="model")
    assert (await sandbox.run(sh("python3 a.py"))).stdout == "42\n"


async def test_a_run_in_which_models_write_is_in_docker_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENCODE_SANDBOX", raising=False)
    settings = Settings(workspace=tmp_path / "app")
    async with connect(settings, "alone") as services:
        assert (services.sandbox.name, services.origin) == ("docker", "builtin")
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    async with connect(settings, "helped") as services:
        assert (services.sandbox.name, services.origin) == ("docker", "model")
        tree = services.workspace.write({"a.py": "print(6 * 7)"}, origin="model")
        await services.stage(tree, "a.py")
        assert (await services.sandbox.run(sh("python3 a.py"))).stdout == "42\n"


async def test_a_way_in_ends_with_its_block_whatever_its_clients_do(sandbox: DockerSandbox) -> None:
    await sandbox.put({"big.bin": bytes(50_000_000)})
    async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/") as inside:
        async with sandbox.reach(inside) as url:
            silent, greedy = socket.create_connection(address(url)), socket.create_connection(address(url))
            greedy.sendall(b"GET /big.bin HTTP/1.0\r\n\r\n")
            await asyncio.sleep(1)
            assert (await asyncio.to_thread(get, url)).startswith(b"<!DOCTYPE")
        for client in (silent, greedy):
            client.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address(url))
        assert (await fetch(sandbox, inside)).verdict == "ok"


def address(url: str) -> tuple[str, int]:
    """Host and port."""
    return "127.0.0.1", int(url.rpartition(":")[2])


async def test_a_result_says_what_it_took_and_what_held_it(sandbox: DockerSandbox) -> None:
    result = await sandbox.run(sh("python3 -c \"x = bytearray(b'x') * 120_000_000; import time; time.sleep(0.3)\""))
    assert (result.verdict, result.cut, result.limits) == ("ok", 0, get_args(Limit))
    assert result.peak_memory is not None
    assert 120_000_000 < result.peak_memory < 250_000_000


async def test_a_command_has_the_memory_that_it_asks_for(sandbox: DockerSandbox) -> None:
    argv = ("python3", "-c", "x = bytearray(b'x') * 300_000_000")
    assert (await sandbox.run(Command(argv=argv, memory=150))).verdict == "memory"
    assert (await sandbox.run(Command(argv=argv, memory=500))).verdict == "ok"


async def test_what_was_cut_is_said(sandbox: DockerSandbox) -> None:
    result = await sandbox.run(sh("head -c 50000 /dev/zero; sleep 20", limit=10_000))
    assert (result.verdict, len(result.stdout)) == ("output_limit", 10_000)
    assert 0 < result.cut <= 40_000
    assert result.seconds < 5


async def test_a_program_that_is_never_read_again_can_be_killed(sandbox: DockerSandbox) -> None:
    """With a reader attached that stopped reading, the engine's kill would hang."""
    began = time.monotonic()
    result = await sandbox.run(Command(argv=("yes", "x" * 4000), output_limit=1000))
    assert result.verdict == "output_limit"
    assert time.monotonic() - began < 10


async def test_an_image_that_nobody_knows_is_refused(sandbox: DockerSandbox) -> None:
    with pytest.raises(SettingError, match="no-such-image"):
        await sandbox.run(Command(argv=("true",), image="no-such-image"))


async def test_a_tree_that_is_too_large_is_not_read_back_and_the_pod_goes_on(sandbox: DockerSandbox) -> None:
    assert (await sandbox.run(sh("mkdir big; for n in 1 2; do truncate -s 200M big/$n; done"))).verdict == "ok"
    began = time.monotonic()
    with pytest.raises(SandboxError, match="read less"):
        await sandbox.collect(["big"])
    assert time.monotonic() - began < 10
    assert (await sandbox.run(sh("echo alive"))).stdout == "alive\n"


async def test_a_runtime_that_the_engine_lacks_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"no-such-runtime.*daemon\.json"):
        await open_sandbox(Settings(sandbox="docker", sandbox_runtime="no-such-runtime"), tmp_path, "run")


async def test_a_runtime_that_the_engine_has_is_used(tmp_path: Path) -> None:
    opened = await open_sandbox(Settings(sandbox="docker", sandbox_runtime="runc"), tmp_path, "runtime")
    try:
        holder = next(word for word in ours("runtime") if len(word) == 12)
        asked = ["docker", "inspect", "--format", "{{.HostConfig.Runtime}}", holder]
        assert subprocess.run(asked, capture_output=True, text=True).stdout == "runc\n"  # noqa: ASYNC221
        assert (await opened.run(sh("echo alive"))).stdout == "alive\n"
    finally:
        await opened.close()


def ours(run_id: str) -> list[str]:
    """Containers and volumes of a run."""
    label = f"label=gencode.thread={run_id}"
    lists = (["docker", "ps", "-aq", "--filter", label], ["docker", "volume", "ls", "-q", "--filter", label])
    return [word for argv in lists for word in subprocess.run(argv, capture_output=True, text=True).stdout.split()]


async def test_nothing_is_left_after_close(tmp_path: Path) -> None:
    opened = await open_sandbox(Settings(sandbox="docker"), tmp_path, "closing")
    running = asyncio.create_task(opened.run(sh("sleep 30")))
    await asyncio.sleep(1)
    assert len(ours("closing")) == 3
    await opened.close()
    await asyncio.wait([running])
    assert ours("closing") == []
    assert running.exception() is not None or running.result().verdict != "ok"


def running(run_id: str) -> list[str]:
    """The programs that a run's containers still run."""
    argv = ["docker", "ps", "--filter", f"label=gencode.thread={run_id}", "--format", "{{.Command}}"]
    lines = subprocess.run(argv, capture_output=True, text=True).stdout.splitlines()
    return [line.strip('"').split()[0] for line in lines]


OWNER = textwrap.dedent("""
    import asyncio
    from pathlib import Path
    from gencode_graph.sandbox import open_sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.testing import SERVER, sh
    from gencode_graph.types import Command

    async def main():
        sandbox = await open_sandbox(Settings(sandbox="docker"), Path("."), "killed")
        asyncio.create_task(sandbox.run(sh("sleep 1000", seconds=1000)))
        await asyncio.sleep(1)
        async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/"):
            print("up", flush=True)
            await asyncio.sleep(1000)

    asyncio.run(main())
""")


async def test_what_a_killed_owner_left_is_removed_and_nothing_else(sandbox: DockerSandbox, tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, cwd=tmp_path)  # noqa: ASYNC220
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    owner.send_signal(signal.SIGKILL)
    owner.wait(20)
    owner.stdout.close()
    assert ours("killed") != []
    await asyncio.sleep(2.5)
    assert [word for word in running("killed") if word != "timeout"] == [], "the holder and the server share our fate"
    another = await open_sandbox(Settings(sandbox="docker"), tmp_path, "another")
    assert ours("killed") == []
    assert (await sandbox.run(sh("echo alive"))).stdout == "alive\n"
    await another.close()


async def test_a_daemon_that_is_not_there_says_how_to_start_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    with pytest.raises(MissingError, match="daemon"):
        await open_sandbox(Settings(sandbox="docker"), tmp_path, "run")


async def test_a_closed_sandbox_says_so(tmp_path: Path) -> None:
    opened = await open_sandbox(Settings(sandbox="docker"), tmp_path, "run")
    await opened.close()
    with pytest.raises(SandboxError, match="closed"):
        await opened.run(sh("true"))


async def test_a_large_tree_is_put_quickly(sandbox: DockerSandbox) -> None:
    files = {f"folder{number % 20}/file{number}.txt": b"x" * 4096 for number in range(300)}
    began = time.monotonic()
    await sandbox.put(files)
    assert time.monotonic() - began < 2
    assert await sandbox.collect(["."]) == files


async def test_a_whole_app_is_made_and_tested_without_a_network(tmp_path: Path) -> None:
    request = "Create a bug tracking system with projects, issues, comments and labels"
    report = await agenerate(request, settings=Settings(workspace=tmp_path / "app", sandbox="docker"))
    told = [finding for step in report.steps for finding in step.findings if finding.severity == "error"]
    assert (report.status, told) == ("delivered", [])
    assert report.preview is not None
    assert report.checks.e2e is not None
    assert report.checks.e2e.passed > 10
    assert not (tmp_path / "app" / ".gencode" / "build").exists(), "something was run outside of Docker"
    settings = Settings(sandbox="docker")
    async with served(Runs(settings).get(report.run_id), settings) as preview:
        assert b'<div id="root"' in await asyncio.to_thread(get, f"{preview.url}/")
        assert b"items" in await asyncio.to_thread(get, f"{preview.url}/api/labels")
    assert ours(report.run_id) == []
