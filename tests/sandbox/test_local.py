"""The local sandbox keeps the contract, and ends what it started however its owner ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from blockbuster import blockbuster_ctx

from gencode_graph.errors import MissingError, RefusedError, SettingError, StorageError
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.local import LocalSandbox
from gencode_graph.settings import Settings
from gencode_graph.testing import SandboxContract, sh

pytestmark = pytest.mark.slow


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[LocalSandbox]:
    opened = await open_sandbox(Settings(sandbox="local"), tmp_path / "build", "run")
    assert isinstance(opened, LocalSandbox)
    yield opened
    await opened.close()


class TestLocalKeepsTheContract(SandboxContract):
    pass


async def test_code_that_a_model_wrote_is_refused(sandbox: LocalSandbox) -> None:
    with pytest.raises(RefusedError, match="unsafe-local"):
        await sandbox.put({"a.py": b"1"}, origin="model")
    assert await sandbox.collect(["."]) == {}


async def test_an_unknown_backend_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="docker, local"):
        await open_sandbox(Settings(sandbox="cloud"), tmp_path, "run")


async def test_a_file_that_is_the_same_is_not_written_again(sandbox: LocalSandbox) -> None:
    await sandbox.put({"a.txt": b"1"})
    before = (sandbox.root / "a.txt").stat().st_mtime_ns, (sandbox.root / "a.txt").stat().st_ino
    await sandbox.put({"a.txt": b"1"}, owned=["."])
    assert ((sandbox.root / "a.txt").stat().st_mtime_ns, (sandbox.root / "a.txt").stat().st_ino) == before


async def test_what_cannot_be_written_is_a_storage_error(sandbox: LocalSandbox) -> None:
    await sandbox.run(sh("echo 1 > taken"))
    with pytest.raises(StorageError, match="free space or rights"):
        await sandbox.put({"taken/below.txt": b"1"})


async def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot make"):
        await open_sandbox(Settings(), tmp_path / "file" / "build", "run")


async def test_a_missing_tool_says_how_to_get_it(sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox._base, "PATH", str(sandbox.root))
    with pytest.raises(MissingError, match=r"node.*is not on this machine"):
        await sandbox.run(sh("true").model_copy(update={"argv": ("node", "--version")}))


async def test_nothing_blocks_the_event_loop(tmp_path: Path) -> None:
    with blockbuster_ctx(scanned_modules=["gencode_graph"]):
        sandbox = await open_sandbox(Settings(), tmp_path / "build", "run")
        await sandbox.put({"a.txt": b"1"})
        assert (await sandbox.run(sh("cat a.txt"))).stdout == "1"
        server = sh("exec python3 -m http.server {port} --bind 127.0.0.1")
        async with sandbox.serve(server, health="/"):
            await sandbox.collect(["."])
        await sandbox.close()


async def test_heavy_tools_wait_for_one_another(tmp_path: Path) -> None:
    sandbox = await open_sandbox(Settings(jobs=2), tmp_path / "build", "run")
    script = "echo start >> log; sleep 0.2; echo end >> log"
    await asyncio.gather(*(sandbox.run(sh(script)) for _ in range(4)))
    running = most = 0
    for line in (await sandbox.collect(["log"]))["log"].decode().split():
        running += 1 if line == "start" else -1
        most = max(most, running)
    assert most == 2
    await sandbox.close()


OWNER = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from gencode_graph.sandbox import open_sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.types import Command

    async def main():
        sandbox = await open_sandbox(Settings(), Path(sys.argv[1]), "run")
        script = "setsid sleep 1000 & sleep 1000 & exec python3 -m http.server {port} --bind 127.0.0.1"
        async with sandbox.serve(Command(argv=("sh", "-c", script)), health="/") as url:
            print(url, flush=True)
            await asyncio.sleep(1000)

    asyncio.run(main())
""")


def in_folder(folder: Path) -> list[psutil.Process]:
    """Processes whose working folder is this one."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_its_owner(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "build"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    assert owner.stdout is not None
    assert owner.stdout.readline().startswith(b"http://127.0.0.1:")
    assert len(in_folder(folder)) >= 3
    owner.send_signal(how)
    owner.wait(20)
    owner.stdout.close()
    deadline = time.monotonic() + 5
    while in_folder(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert in_folder(folder) == []


async def test_what_a_dead_owner_left_is_ended_by_the_next_open(tmp_path: Path) -> None:
    folder = tmp_path / "build"
    folder.mkdir()
    first = await open_sandbox(Settings(), folder, "run")
    assert isinstance(first, LocalSandbox)
    marks = {
        "dead": f"999999.1.{first._mark.split('.')[-1]}/0",
        "alive": f"{first._mark}/99",
        "else": "999999.1.other/0",
    }
    left = {
        name: subprocess.Popen(["sleep", "1000"], env={"PATH": os.defpath, "GENCODE_SANDBOX": mark})  # noqa: ASYNC220
        for name, mark in marks.items()
    }
    second = await open_sandbox(Settings(), folder, "run")
    assert left["dead"].wait(5) == -signal.SIGKILL
    assert left["alive"].poll() is None
    assert left["else"].poll() is None
    await first.close()
    await second.close()
    assert left["alive"].wait(5) == -signal.SIGKILL
    left["else"].kill()
    left["else"].wait()


async def test_a_large_output_is_never_held_in_memory(sandbox: LocalSandbox) -> None:
    before = psutil.Process().memory_info().rss
    command = sh("yes | head -c 600000000", seconds=60).model_copy(update={"output_limit": 700_000})
    result = await sandbox.run(command)
    assert result.verdict == "output_limit"
    assert psutil.Process().memory_info().rss - before < 20_000_000
