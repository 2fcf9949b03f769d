"""A database, a backend and a frontend run in one sandbox, in the order in which they need one another."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from gencode_graph.errors import ServeError, WiringError
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.servers import Server, filled, in_order, together
from gencode_graph.settings import Settings
from gencode_graph.testing import sh
from gencode_graph.testing.sandbox import ECHO, fetch
from gencode_graph.types import Command
from tests.conftest import postgres_programs

TEMPLATE = Path(__file__).parents[2] / "gencode_graph" / "templates" / "app" / "frontend_mock" / "frontend"
PACKAGES = b"psycopg[binary]==3.3.9\npsycopg-binary==3.3.9\ntyping-extensions==4.16.0\n"
BACKEND = """
import json, sys, psycopg
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with psycopg.connect(f"postgresql://gencode@127.0.0.1:{sys.argv[2]}/postgres") as connection:
            [answer] = connection.execute("select 6 * 7").fetchone()
        body = json.dumps({"answer": answer}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
SERVERS = (
    Server(
        name="frontend",
        command=Command(
            argv=("node_modules/.bin/vite", "preview", "--port", "{port}", "--host", "127.0.0.1"),
            cwd="web",
            env={"API_URL": "{backend.url}"},
        ),
        needs=("backend",),
    ),
    Server(
        name="backend",
        command=Command(argv=(".venv/bin/python", "server.py", "{port}", "{database.port}"), cwd="backend"),
        needs=("database",),
    ),
)
ECHOING = Server(name="database", command=Command(argv=("python3", "echo.py", "{port}")), health="tcp")


def postgres(backend: str, data: Path) -> Server:
    """A real PostgreSQL, made afresh where it starts; asked with its own program."""
    asks = ("-h", "127.0.0.1", "-p", "{port}", "-U", "gencode")
    if backend == "docker":
        ready = Command(argv=("pg_isready", *asks), image="postgres")
        return Server(
            name="database", command=Command(argv=("gencode-postgres", "{port}"), image="postgres"), health=ready
        )
    programs = postgres_programs()
    assert programs is not None
    as_user = "setpriv --reuid=postgres --regid=postgres --clear-groups" if owned_by_postgres(backend) else ""
    folder, sockets = (data, data) if backend == "local" else ("$PWD/data", "/tmp")
    script = f"""
    {as_user} {programs}/initdb -D {folder}/db -U gencode -A trust --no-sync >&2 || exit 1
    exec {as_user} {programs}/postgres -D {folder}/db -h 127.0.0.1 -p "$0" -k {sockets} -F
    """
    ready = Command(argv=(f"{programs}/pg_isready", *asks))
    return Server(name="database", command=Command(argv=("sh", "-c", script, "{port}")), health=ready)


def owned_by_postgres(backend: str) -> bool:
    """Whether it would be run as root, which it refuses."""
    return backend == "local" and os.geteuid() == 0


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that PostgreSQL may use where it runs on the bare machine."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        if os.geteuid() == 0 and postgres_programs():
            shutil.chown(folder, "postgres", "postgres")
        yield Path(folder)


@pytest.fixture(
    params=[
        pytest.param("local", marks=pytest.mark.postgres),
        pytest.param("bubblewrap", marks=pytest.mark.postgres),
        pytest.param("docker", marks=pytest.mark.docker),
    ]
)
async def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sandbox]:
    opened = await open_sandbox(Settings(sandbox=request.param), tmp_path / "build", "run")
    names = ("package.json", "package-lock.json", "vite.config.ts")
    web = {f"web/{name}": (TEMPLATE / name).read_bytes() for name in names}
    page = {"web/dist/index.html": b"<h1>Served by vite</h1>"}
    await opened.put({"backend/server.py": BACKEND.encode(), "backend/requirements-dev.txt": PACKAGES} | web | page)
    yield opened
    await opened.close()


def answer(url: str) -> int:
    """What the database says to this machine."""
    address = url.removeprefix("tcp://")
    with psycopg.connect(f"postgresql://gencode@{address}/postgres", connect_timeout=10) as connection:
        row = connection.execute("select 6 * 7").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.slow
@pytest.mark.node
async def test_a_database_a_backend_and_a_frontend_answer_together(sandbox: Sandbox, data: Path) -> None:
    await sandbox.install("web/package-lock.json")
    await sandbox.install("backend/requirements-dev.txt")
    async with together(sandbox, [*SERVERS, postgres(sandbox.name, data)]) as urls:
        assert list(urls) == ["database", "backend", "frontend"]
        assert (await fetch(sandbox, urls["frontend"])).stdout == "<h1>Served by vite</h1>"
        through = await fetch(sandbox, f"{urls['frontend']}/api/answer")
        assert json.loads(through.stdout) == {"answer": 42}
        async with sandbox.reach(urls["database"]) as outside:
            assert await asyncio.to_thread(answer, outside) == 42
    for name in ("frontend", "backend"):
        assert (await fetch(sandbox, urls[name])).verdict == "failed"


@pytest.mark.slow
async def test_what_was_started_ends_when_a_later_one_does_not_come_up(tmp_path: Path) -> None:
    opened = await open_sandbox(Settings(sandbox="local"), tmp_path, "run")
    await opened.put({"echo.py": ECHO.encode()})
    broken = Server(name="backend", command=sh("echo no such table >&2; exit 1"), needs=("database",))
    with pytest.raises(ServeError, match="no such table"):
        async with together(opened, [broken, ECHOING]):
            raise AssertionError("it should not have come up")
    assert (await opened.run(sh("ps -ef | grep '[e]cho.py'"))).stdout == ""
    await opened.close()


def server(name: str, *needs: str) -> Server:
    return Server(name=name, command=Command(argv=("true",)), needs=needs)


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ("", ""),
        ("a b c", "a b c"),
        ("a:b b:c c", "c b a"),
        ("web:api api:db,cache db cache", "db cache api web"),
    ],
)
def test_the_order_is_that_of_their_needs(given: str, order: str) -> None:
    servers = [
        server(name, *needs.split(",") if needs else ())
        for name, _, needs in (it.partition(":") for it in given.split())
    ]
    assert [it.name for it in in_order(servers)] == order.split()


@pytest.mark.parametrize(
    ("servers", "message"),
    [
        ((server("a", "b"), server("b", "a")), "cannot be started: a -> b -> a|cannot be started: b -> a -> b"),
        ((server("a", "a"),), "cannot be started"),
        ((server("a", "db"),), "no server is named db; there are a"),
        ((server("a"), server("a")), "the same name"),
    ],
)
def test_needs_that_cannot_be_met_are_told(servers: tuple[Server, ...], message: str) -> None:
    with pytest.raises(WiringError, match=message):
        in_order(servers)


def test_urls_and_ports_of_others_are_filled_in_and_nothing_else() -> None:
    command = Command(argv=("x", "{db.port}", "{port}", "{api.url}"), env={"DATABASE": "pg://u@127.0.0.1:{db.port}/x"})
    made = filled(command, {"db": "tcp://127.0.0.1:5432"})
    assert made.argv == ("x", "5432", "{port}", "{api.url}")
    assert made.env == {"DATABASE": "pg://u@127.0.0.1:5432/x"}
