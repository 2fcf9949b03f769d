"""What is served ends in time, by the hand of anyone, and with its owner; there is a limit to it, and a list of it."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gencode_graph.database import connected, database
from gencode_graph.errors import InputError, ServeError
from gencode_graph.preview import App, Previews, Serving, serving, start
from gencode_graph.preview.app import kept
from gencode_graph.sandbox import open_sandbox, owners
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.testing import SERVER, sh
from gencode_graph.testing.sandbox import get
from gencode_graph.types import Command

BACKENDS = [
    "local",
    pytest.param("bubblewrap", marks=pytest.mark.slow),
    pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.slow]),
]
GONE = {f"{owners.PREFIX}pid": "999999", f"{owners.PREFIX}start": "1"}
SECONDS = 1 / 60
"""Of a minute."""


@asynccontextmanager
async def site(folder: Path, backend: str = "local", run_id: str = "a-run") -> AsyncIterator[App]:
    """A page, served in a sandbox of its own."""
    sandbox = await open_sandbox(Settings(sandbox=backend), folder / run_id, run_id)
    try:
        await sandbox.put({"index.html": b"hello"})
        command = Command(argv=tuple(SERVER.split()))
        async with sandbox.serve(command, health="/") as inside, sandbox.reach(inside) as url:
            yield App(url=url, inside=inside, sandbox=sandbox)
    finally:
        await sandbox.close()


async def page(url: str) -> bytes:
    return await asyncio.to_thread(get, url)


async def silent(url: str) -> None:
    with pytest.raises(OSError, match="refused"):
        await asyncio.to_thread(urllib.request.urlopen, url, timeout=2)


def previews() -> Previews:
    return Previews(Settings())


def gencode(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "gencode_graph.cli", "preview", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_it_ends_when_its_time_is_over_and_leaves_nothing(backend: str, tmp_path: Path) -> None:
    began = time.monotonic()
    served = await start("a-run", site(tmp_path, backend), Settings(), minutes=1.5 * SECONDS)
    up = time.monotonic()
    assert await page(served.url) == b"hello"
    assert timedelta(0) < served.expires - datetime.now(UTC) <= timedelta(seconds=1.5)
    [record] = previews().all()
    assert (record.run_id, record.url, record.expires) == ("a-run", served.url, served.expires)
    assert await served.over() == "expired"
    assert 1 < time.monotonic() - up < 6, f"it began {up - began:.1f} s before"
    await silent(served.url)
    assert previews().all() == ()


@pytest.mark.slow
async def test_another_process_extends_and_stops_it(tmp_path: Path) -> None:
    served = await start("a-run", site(tmp_path), Settings(), minutes=2 * SECONDS)
    await asyncio.to_thread(previews().extend, "a-run", 10)
    await asyncio.sleep((served.expires - datetime.now(UTC)).total_seconds() + 1)
    assert await page(served.url) == b"hello"
    extended = await asyncio.to_thread(gencode, "extend", "--minutes", "90")
    assert f"{served.url} is served until" in extended.stderr
    [listed] = json.loads((await asyncio.to_thread(gencode, "ls", "--json")).stdout)
    assert (listed["run_id"], listed["url"], listed["stopped"]) == ("a-run", served.url, False)
    assert datetime.fromisoformat(listed["expires"]) > datetime.now(UTC) + timedelta(minutes=80)
    stopped = await asyncio.to_thread(gencode, "stop", "a-run")
    assert stopped.returncode == 0, stopped.stderr
    await silent(served.url)
    assert await served.over() == "stopped"
    assert (await asyncio.to_thread(gencode, "ls", "--json")).stdout == "[]\n"


async def test_to_extend_never_shortens_and_has_an_end(tmp_path: Path) -> None:
    served = await start("a-run", site(tmp_path), Settings(), minutes=60)
    first = served.expires
    assert await served.extend(minutes=1) == first
    assert await served.extend(minutes=90) > first
    with pytest.raises(InputError, match="24 hours at most"):
        await served.extend(minutes=1440)
    await served.stop()
    with pytest.raises(InputError, match="is not served; `gencode preview a-run`"):
        await served.extend()


async def test_there_is_a_limit_that_tells_what_is_served(tmp_path: Path) -> None:
    settings = Settings(previews=2)
    one = await start("one", site(tmp_path, run_id="one"), settings)
    two = await start("two", site(tmp_path, run_id="two"), settings)
    with pytest.raises(InputError, match="GENCODE_PREVIEWS=2") as refused:
        await start("three", site(tmp_path, run_id="three"), settings)
    assert all(text in str(refused.value) for text in ("one", one.url, "two", two.url, "gencode preview stop RUN"))
    await one.stop()
    three = await start("three", site(tmp_path, run_id="three"), settings)
    assert await page(three.url) == await page(two.url) == b"hello"
    for served in (two, three):
        await served.stop()
    assert previews().all() == ()


async def test_the_app_of_a_run_is_served_once(tmp_path: Path) -> None:
    served = await start("a-run", site(tmp_path), Settings())
    with pytest.raises(InputError, match=f"served already: {served.url} until .*gencode preview stop a-run"):
        await start("a-run", site(tmp_path / "other"), Settings())
    assert await page(served.url) == b"hello"
    await served.stop()
    await served.stop()


def test_who_asks_at_the_same_time_gets_no_more_places_than_there_are() -> None:
    settings, refused = Settings(previews=3), []

    def claim(number: int) -> None:
        try:
            Previews(settings).claim(f"run-{number}", f"key-{number}")
        except InputError:
            refused.append(number)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(previews().all()), len(refused)) == (3, 7)


async def test_a_dead_owner_has_no_place_and_no_name(tmp_path: Path) -> None:
    settings = Settings(previews=1)
    Previews(settings).claim("a-run", "of the dead")
    with connected(database(settings)) as table:
        table.execute("update previews set owner = ?", (json.dumps(owners.labels() | GONE),))
    served = await start("a-run", site(tmp_path), settings)
    assert [record.key == "of the dead" for record in previews().all()] == [False]
    await served.stop()


OWNER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_preview import site
from gencode_graph.preview import start
from gencode_graph.settings import Settings

async def main():
    served = await start("a-run", site(Path({folder!r}), {backend!r}), Settings())
    print(served.url, flush=True)
    await served.over()

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_outlives_an_owner_that_is_killed(backend: str, tmp_path: Path) -> None:
    script = OWNER.format(tests=str(Path(__file__).parent), folder=str(tmp_path), backend=backend)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        assert get(url) == b"hello"
        [record] = previews().all()
        owner.send_signal(signal.SIGKILL)
    assert previews().all() == ()
    until = time.monotonic() + 10
    while listens(url) and time.monotonic() < until:
        time.sleep(0.1)
    assert not listens(url)
    asyncio.run(once(site(tmp_path, backend)))
    if backend == "docker":
        assert containers(record.owner[f"{owners.PREFIX}pid"]) == ""
    assert running(f"http.server {url.rpartition(':')[2]}") == []


async def once(opening: AbstractAsyncContextManager[App]) -> None:
    async with opening:
        pass


def running(words: str) -> list[str]:
    """Command lines of this machine with these words in them."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if words in line]


def listens(url: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    except OSError:
        return False
    return True


def containers(pid: str) -> str:
    """Those that a process of that number made."""
    argv = ["docker", "ps", "-aq", "--filter", f"label={owners.PREFIX}pid={pid}"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


async def test_what_does_not_come_up_leaves_no_record(tmp_path: Path) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[App]:
        async with site(tmp_path) as app, app.sandbox.serve(sh("echo oh dear; exit 1"), health="/"):
            yield app

    with pytest.raises(ServeError, match="oh dear"):
        await start("a-run", broken(), Settings())
    assert previews().all() == ()


async def test_it_can_be_stopped_before_it_is_up() -> None:
    begun, ended = asyncio.Event(), []

    @asynccontextmanager
    async def slow() -> AsyncIterator[App]:
        begun.set()
        try:
            await asyncio.sleep(60)
            yield App(url="", inside="", sandbox=None)
        finally:
            ended.append(True)

    for end in ("by another", "by us"):
        begun.clear()
        starting = asyncio.create_task(start("a-run", slow(), Settings()))
        await begun.wait()
        if end == "by us":
            starting.cancel()
        else:
            await asyncio.to_thread(previews().stop, "a-run")
        await asyncio.wait([starting])
        assert previews().all() == ()
        assert ended.pop()
        with pytest.raises(asyncio.CancelledError if end == "by us" else ServeError):
            await starting


async def test_an_app_that_dies_is_not_served_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOOK", 0.2)
    served: Serving[App] = await start("a-run", site(tmp_path), Settings())
    port = served.url.rpartition(":")[2]
    await served.what.sandbox.run(sh(f"kill $(pgrep -f 'http.server {port}')"))
    with pytest.raises(ServeError, match="no longer answers"):
        await asyncio.wait_for(served.over(), 20)
    assert previews().all() == ()


async def test_what_is_written_is_there_the_next_time_in_another_sandbox(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "app", sandbox="local", agents=False)
    for number in range(3):
        async with connect(settings, "a-run") as services:
            async with kept(services, "rows.db"):
                await services.sandbox.run(sh(f"echo {number} >> rows.db; echo {number} > rows.db-wal"))
            await services.sandbox.run(sh("rm rows.db rows.db-wal"))
            assert await services.sandbox.collect(["rows.db"]) == {}
    kept_files = sorted((tmp_path / "app" / ".gencode" / "previews").iterdir())
    assert [(it.name, it.read_text()) for it in kept_files] == [("rows.db", "0\n1\n2\n"), ("rows.db-wal", "2\n")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("stop",), "no apps are served; say which"),
        (("stop", "nothing"), "nothing is not served"),
        (("extend", "nothing"), "nothing is not served"),
        (("20200101-000000",), "there are no runs yet"),
        (("serve", "20200101-000000"), "there are no runs yet"),
    ],
    ids=str,
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], message: str) -> None:
    ran = gencode(*arguments)
    assert ran.returncode == 2
    assert message in ran.stderr
