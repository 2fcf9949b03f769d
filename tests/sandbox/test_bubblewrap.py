"""The sandbox behind bubblewrap keeps the contract, runs as nobody, and leaves nothing behind whoever is killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gencode_graph.errors import MissingError, SandboxError, SandboxLost
from gencode_graph.sandbox import bubblewrap, open_sandbox
from gencode_graph.sandbox.bubblewrap import BubblewrapSandbox
from gencode_graph.sandbox.cgroups import PREFIX, ROOT
from gencode_graph.sandbox.surroundings import USERS, home_of
from gencode_graph.settings import Settings
from gencode_graph.testing import SERVER, SandboxContract, fetch, sh
from gencode_graph.types import Command

pytestmark = pytest.mark.slow
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="what root does is tested as root")


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[BubblewrapSandbox]:
    opened = await open_sandbox(Settings(sandbox="bubblewrap"), tmp_path, "run")
    assert isinstance(opened, BubblewrapSandbox)
    yield opened
    await opened.close()


@pytest.fixture
async def watched() -> AsyncIterator[BubblewrapSandbox]:
    """A sandbox as on a machine whose control groups are not ours to make."""
    opened = BubblewrapSandbox(Settings(), control_groups=False)
    await opened.open()
    yield opened
    await opened.close()


class TestBubblewrapKeepsTheContract(SandboxContract):
    pass


async def test_code_that_a_model_wrote_is_taken(sandbox: BubblewrapSandbox) -> None:
    await sandbox.put({"a.py": b"print(6 * 7)"}, origin="model")
    assert (await sandbox.run(sh("python3 a.py"))).stdout == "42\n"


@AS_ROOT
async def test_root_becomes_a_user_that_there_is_not(sandbox: BubblewrapSandbox) -> None:
    word = f"word-{uuid.uuid4().hex}"
    running = asyncio.create_task(sandbox.run(sh(f"sleep 2; : {word}")))
    await asyncio.sleep(1)
    users = {place.stat().st_uid for place in with_word(word) if b"\0--\0" not in (place / "cmdline").read_bytes()}
    await running
    assert len(users) == 1
    assert users.pop() >= USERS


async def test_memory_is_told_and_counted(sandbox: BubblewrapSandbox, watched: BubblewrapSandbox) -> None:
    hog = "x = bytearray(b'x') * 150_000_000; import time; time.sleep(0.3)"
    for each in (sandbox, watched):
        result = await each.run(Command(argv=("python3", "-c", hog)))
        assert result.verdict == "ok"
        assert 140_000_000 < (result.peak_memory or 0) < 400_000_000
        assert (await each.run(Command(argv=("python3", "-c", hog), memory=100))).verdict == "memory"


async def test_what_it_does_not_hold_without_control_groups_it_does_not_claim(watched: BubblewrapSandbox) -> None:
    assert not {"memory", "cpu"} & {*watched.limits}
    many = (
        "import os, time\nfor _ in range(12):\n  if os.fork() == 0: x = bytearray(b'x') * 50_000_000; time.sleep(9)\n"
    )
    result = await watched.run(Command(argv=("python3", "-c", many + "time.sleep(9)"), memory=300))
    assert (result.verdict, result.limits) == ("memory", watched.limits)
    assert result.seconds < 5


async def test_a_large_tree_is_put_quickly(sandbox: BubblewrapSandbox) -> None:
    files = {f"folder{number % 20}/file{number}.txt": b"x" * 4096 for number in range(300)}
    began = time.monotonic()
    await sandbox.put(files)
    assert time.monotonic() - began < 1
    assert await sandbox.collect(["."]) == files


async def test_what_is_too_large_to_be_written_says_so_and_does_no_harm(sandbox: BubblewrapSandbox) -> None:
    await sandbox.run(sh("fallocate -l 250MB one; fallocate -l 250MB two"))
    with pytest.raises(SandboxError, match="No space left"):
        await sandbox.put({"big": bytes(60_000_000)})
    await sandbox.put({"small": b"1"})
    assert (await sandbox.collect(["small"])) == {"small": b"1"}


async def test_no_tree_is_too_deep_or_too_odd_for_a_put_or_a_collect(sandbox: BubblewrapSandbox) -> None:
    await sandbox.put({"w/a.txt": b"1", "w/gone": b"2"})
    odd = (
        "import os\nos.unlink('w/a.txt'); os.makedirs('w/a.txt/d'); os.mkfifo('w/a.txt/d/x'); os.mkdir('w/shut', 0)\n"
        "os.chdir('w')\nfor _ in range(1100):\n  os.mkdir('deep'); os.chdir('deep')\nopen('x', 'w').write('x')\n"
    )
    assert (await sandbox.run(Command(argv=("python3", "-c", odd)))).verdict == "ok"
    assert await sandbox.collect(["w"]) == {"w/gone": b"2"}
    await sandbox.put({"w/a.txt": b"3", "w/shut/b.txt": b"4"}, owned=["w"])
    assert await sandbox.collect(["w"]) == {"w/a.txt": b"3", "w/shut/b.txt": b"4"}


async def test_a_holder_that_is_killed_is_a_sandbox_that_is_lost(sandbox: BubblewrapSandbox) -> None:
    running = asyncio.create_task(sandbox.run(sh("sleep 30")))
    await asyncio.sleep(0.5)
    assert sandbox._holder is not None
    os.kill(sandbox._holder.pid, signal.SIGKILL)
    for attempt in (running, sandbox.run(sh("true")), sandbox.put({"a": b""}), sandbox.collect(["a"])):
        with pytest.raises(SandboxLost):
            await asyncio.wait_for(attempt, 40)


async def test_a_command_that_somebody_else_killed_is_no_result(sandbox: BubblewrapSandbox) -> None:
    word = f"word-{uuid.uuid4().hex}"
    running = asyncio.create_task(sandbox.run(sh(f"sleep 30; : {word}")))
    await asyncio.sleep(0.7)
    for place in with_word(word):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(place.name), signal.SIGKILL)
    with pytest.raises(SandboxLost):
        await running
    assert (await sandbox.run(sh("echo alive"))).stdout == "alive\n"


OWNER = textwrap.dedent("""
    import asyncio, sys
    from gencode_graph.sandbox.bubblewrap import BubblewrapSandbox
    from gencode_graph.settings import Settings
    from gencode_graph.testing import SERVER, sh
    from gencode_graph.types import Command

    async def main():
        sandbox = BubblewrapSandbox(Settings(), control_groups=sys.argv[1] == "grouped")
        await sandbox.open()
        asyncio.create_task(sandbox.run(sh(f"(setsid sleep 1000; : {sys.argv[2]}) & sleep 1000", seconds=1000)))
        server = Command(argv=("sh", "-c", f": {sys.argv[2]}; exec python3 -m http.server {{port}} --bind 127.0.0.1"))
        async with sandbox.serve(server, health="/"):
            print(sandbox._holder.pid, sandbox._holder.process.pid, flush=True)
            await asyncio.sleep(1000)

    asyncio.run(main())
""")


@pytest.mark.parametrize(("how", "also"), [("grouped", ""), ("grouped", "and holder"), ("watched", "and holder")])
async def test_whoever_is_killed_nothing_is_left(how: str, also: str, sandbox: BubblewrapSandbox) -> None:
    word = f"word-{uuid.uuid4().hex}"
    owner = subprocess.Popen([sys.executable, "-c", OWNER, how, word], stdout=subprocess.PIPE)  # noqa: ASYNC220
    assert owner.stdout is not None
    holders = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(list(with_word(word))) > 4
    owner.send_signal(signal.SIGKILL)
    if also:
        for pid in holders:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    owner.wait(20)
    owner.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and ([*with_word(word)] or any(map(alive, holders))):
        time.sleep(0.05)  # noqa: ASYNC251 - the fixture's sandbox has nothing to do meanwhile
    assert not [*with_word(word)]
    assert not any(map(alive, holders))
    another = BubblewrapSandbox(Settings())
    await another.open()
    await another.close()
    assert [*ROOT.glob(f"*/**/{PREFIX}*-{owner.pid}-*")] == []
    assert (await sandbox.run(sh("echo alive"))).stdout == "alive\n"


def with_word(word: str) -> Iterator[Path]:
    """Processes whose command line has a word, those that have ended left out."""
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and int(place.name) != os.getpid():
            with contextlib.suppress(OSError):
                if word.encode() in (place / "cmdline").read_bytes() and alive(int(place.name)):
                    yield place


def alive(pid: int) -> bool:
    """Whether a process is there, and not only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_nothing_is_left_after_close() -> None:
    opened = BubblewrapSandbox(Settings())
    await opened.open()
    running = asyncio.create_task(opened.run(sh("sleep 30")))
    await asyncio.sleep(0.5)
    holder, groups = opened._holder, opened._groups
    await opened.close()
    with pytest.raises(SandboxLost, match="closed"):
        await running
    assert holder is not None
    assert not alive(holder.pid)
    assert not groups or not any(folder.exists() for folder in groups.folders)


async def test_a_machine_without_bubblewrap_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bubblewrap, "SYSTEM_PATH", str(tmp_path))
    with pytest.raises(MissingError, match="apt-get install bubblewrap"):
        await open_sandbox(Settings(sandbox="bubblewrap"), tmp_path, "run")


def in_a_namespace(script: str, *, first: str = "true") -> subprocess.CompletedProcess[str]:
    """Run Python where we are root of a namespace of users only."""
    argv = [
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        f'{first}; exec "$@"',
        "sh",
        sys.executable,
        "-c",
        script,
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_a_machine_without_namespaces_of_users_says_how_to_get_them() -> None:
    script = "from gencode_graph.sandbox.namespaces import hold; hold(user=None, groups=[], hidden=[], sources=[])"
    ran = in_a_namespace(script, first="echo 0 > /proc/sys/user/max_user_namespaces")
    assert "MissingError" in ran.stderr
    for setting in ("kernel.unprivileged_userns_clone", "kernel.apparmor_restrict_unprivileged_userns"):
        assert setting in ran.stderr


@AS_ROOT
def test_the_kernels_root_never_starts_it_by_another_name() -> None:
    """Code behind the walls could then write the kernel's settings."""
    script = "from gencode_graph.sandbox.surroundings import other_user; other_user()"
    assert "not safe for root" in in_a_namespace(script).stderr


def test_a_user_has_what_root_has_less_the_control_groups() -> None:
    script = textwrap.dedent("""
        import asyncio
        from gencode_graph.sandbox import bubblewrap
        from gencode_graph.settings import Settings
        from gencode_graph.testing import sh

        async def main():
            bubblewrap.other_user = lambda: None
            sandbox = bubblewrap.BubblewrapSandbox(Settings(), control_groups=False)
            await sandbox.open()
            await sandbox.put({"a.txt": b"put"})
            print((await sandbox.run(sh("cat a.txt; id -u; echo 1 > b"))).stdout.split())
            print(await sandbox.collect(["."]))
            await sandbox.close()

        asyncio.run(main())
    """)
    ran = in_a_namespace(script)
    assert ran.stdout == "['put10001']\n{'a.txt': b'put', 'b': b'1\\n'}\n", ran.stderr


def test_only_a_programs_own_folder_is_shown() -> None:
    home = Path.home()
    for program, shown in {
        "/opt/node/bin/node": Path("/opt/node"),
        "/opt/google/chrome/chrome": Path("/opt/google/chrome"),
        f"{home}/bin/node": home / "bin/node",
        f"{home}/node": home / "node",
        f"{home}/.nvm/versions/node/v22/bin/node": home / ".nvm/versions/node/v22",
        "/bin/node": Path("/bin/node"),
    }.items():
        assert home_of(Path(program)) == shown


async def test_servers_are_out_of_reach_of_another_sandbox(
    sandbox: BubblewrapSandbox, watched: BubblewrapSandbox
) -> None:
    async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/") as url:
        assert (await fetch(sandbox, url)).verdict == "ok"
        assert (await fetch(watched, url)).verdict == "failed"
