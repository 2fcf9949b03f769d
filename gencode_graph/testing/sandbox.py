"""Contract suites that any author's implementation of a port can run: subclass one, give the fixture, run pytest."""

from __future__ import annotations

import asyncio
import os
import time
import urllib.request

from gencode_graph.errors import GencodeError, MissingError, PathError, SandboxError, ServeError
from gencode_graph.protocols import Sandbox
from gencode_graph.types import Command, Health, Result

SERVER = "python3 -m http.server {port} --bind 127.0.0.1"
ECHO = """
import socketserver, sys
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline())
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
"""
"""A server of another protocol than HTTP: it says a line again."""
TICK = "while :; do date +%s%N >> ticks; sleep 0.05; done"


def sh(script: str, *, seconds: float = 20.0, cwd: str = ".", limit: int = 1_000_000) -> Command:
    """A command that runs a shell script."""
    return Command(argv=("sh", "-c", script), cwd=cwd, timeout=seconds, output_limit=limit)


class SandboxContract:
    """What every sandbox must do. The subclass has a fixture ``sandbox`` that yields an open one and closes it."""

    async def test_files_come_back_as_they_were_put(self, sandbox: Sandbox) -> None:
        files = {"a.txt": b"one", "deep/down/b.bin": bytes(range(256)), "deep/\u00fc \u4e2d.txt": "\u00e9".encode()}
        await sandbox.put(files)
        assert await sandbox.collect(["a.txt", "deep"]) == files

    async def test_what_does_not_exist_is_left_out(self, sandbox: Sandbox) -> None:
        await sandbox.put({"a.txt": b"one"})
        assert await sandbox.collect(["a.txt", "nothing", "no/folder"]) == {"a.txt": b"one"}

    async def test_only_stale_files_under_owned_prefixes_are_deleted(self, sandbox: Sandbox) -> None:
        await sandbox.put({"app/old.py": b"1", "app/kept.py": b"2", "apple.py": b"3", "other/old.py": b"4"})
        await sandbox.put({"app/kept.py": b"2", "app/new.py": b"5"}, owned=["app"])
        assert set(await sandbox.collect(["."])) == {"app/kept.py", "app/new.py", "apple.py", "other/old.py"}

    async def test_installed_packages_survive_a_put(self, sandbox: Sandbox) -> None:
        await sandbox.run(sh("mkdir -p web/node_modules/x web/.venv && echo 1 > web/node_modules/x/i.js"))
        await sandbox.put({"web/a.txt": b"1"}, owned=["web/"])
        assert (await sandbox.run(sh("cat web/node_modules/x/i.js"))).stdout == "1\n"
        assert set(await sandbox.collect(["web"])) == {"web/a.txt"}

    async def test_puts_at_once_do_not_disturb_each_other(self, sandbox: Sandbox) -> None:
        wanted = {f"part{number}/new.txt": b"new" for number in range(4)}
        await sandbox.put({f"part{number}/old.txt": b"old" for number in range(4)})
        await asyncio.gather(*(sandbox.put({path: text}, owned=[path[:5]]) for path, text in wanted.items()))
        assert await sandbox.collect(["."]) == wanted

    async def test_a_changed_file_is_seen_by_the_next_command(self, sandbox: Sandbox) -> None:
        for content in (b"first", b"second"):
            await sandbox.put({"a.txt": content})
            assert (await sandbox.run(sh("cat a.txt"))).stdout.encode() == content

    async def test_paths_that_lead_out_are_refused(self, sandbox: Sandbox) -> None:
        for path in ("../x", "/etc/x", "a/../../x", "a//b", "./x", "a\\b", "a\0b"):
            await refused(sandbox.put({path: b""}), PathError)
            await refused(sandbox.collect([path]), PathError)

    async def test_links_are_neither_followed_nor_read_back(self, sandbox: Sandbox) -> None:
        await sandbox.run(sh("mkdir d; ln -s /etc/passwd d/file; ln -s /etc d/folder; echo 1 > d/real; mkfifo d/pipe"))
        assert await sandbox.collect(["d", "d/file"]) == {"d/real": b"1\n"}

    async def test_a_link_is_replaced_and_not_written_through(self, sandbox: Sandbox) -> None:
        await sandbox.run(sh("echo safe > real; ln -s real link"))
        await sandbox.put({"link": b"new"})
        assert await sandbox.collect(["real", "link"]) == {"real": b"safe\n", "link": b"new"}

    async def test_a_program_that_ends_well_is_ok(self, sandbox: Sandbox) -> None:
        result = await sandbox.run(sh("echo out; echo err >&2"))
        assert (result.verdict, result.exit_code, result.stdout, result.stderr) == ("ok", 0, "out\n", "err\n")
        assert result.backend == sandbox.name

    async def test_a_program_that_fails_is_a_result(self, sandbox: Sandbox) -> None:
        for code in (1, 7, 124, 137):
            result = await sandbox.run(sh(f"exit {code}"))
            assert (result.verdict, result.exit_code) == ("failed", code)

    async def test_commands_run_where_and_with_what_they_say(self, sandbox: Sandbox) -> None:
        await sandbox.put({"inner/a.txt": b"here"})
        command = Command(argv=("sh", "-c", 'cat a.txt; echo "$COLOUR"'), cwd="inner", env={"COLOUR": "green"})
        assert (await sandbox.run(command)).stdout == "heregreen\n"

    async def test_arguments_are_not_read_by_a_shell(self, sandbox: Sandbox) -> None:
        words = ("$HOME", "a b", "*", ";true", "'", '"', "--")
        result = await sandbox.run(Command(argv=("printf", "%s\n", *words)))
        assert result.stdout.splitlines() == list(words)

    async def test_nothing_of_our_environment_is_seen(self, sandbox: Sandbox) -> None:
        os.environ["GENCODE_TEST_SECRET"] = "hunter2"
        try:
            seen = (await sandbox.run(Command(argv=("env",)))).stdout
        finally:
            del os.environ["GENCODE_TEST_SECRET"]
        assert "hunter2" not in seen
        assert "HOME=" in seen
        assert f"HOME={os.environ.get('HOME')}\n" not in seen

    async def test_standard_input_is_empty(self, sandbox: Sandbox) -> None:
        assert (await sandbox.run(sh("cat; echo end", seconds=10))).stdout == "end\n"

    async def test_text_that_is_not_utf8_does_no_harm(self, sandbox: Sandbox) -> None:
        assert (await sandbox.run(sh(r"printf 'a\377b'"))).stdout == "a\ufffdb"

    async def test_the_time_limit_ends_everything_it_started(self, sandbox: Sandbox) -> None:
        script = f"trap '' TERM; (setsid sh -c '{TICK}' >/dev/null 2>&1 &) ; ({TICK}) & wait"
        result = await sandbox.run(sh(script, seconds=1))
        assert result.verdict == "timeout"
        assert result.seconds < 8
        await self.nothing_ticks(sandbox)

    async def test_a_program_that_ends_takes_its_children_with_it(self, sandbox: Sandbox) -> None:
        result = await sandbox.run(sh(f"({TICK}) >/dev/null 2>&1 & sleep 0.2; echo done"))
        assert (result.verdict, result.stdout) == ("ok", "done\n")
        await self.nothing_ticks(sandbox)

    async def test_the_output_limit_ends_the_program(self, sandbox: Sandbox) -> None:
        began = time.monotonic()
        result = await sandbox.run(Command(argv=("yes", "x" * 100), timeout=60, output_limit=200_000))
        assert result.verdict == "output_limit"
        assert 0 < len(result.stdout) + len(result.stderr) <= 200_000
        assert time.monotonic() - began < 20

    async def test_a_cancelled_command_is_ended(self, sandbox: Sandbox) -> None:
        running = asyncio.create_task(sandbox.run(sh(TICK, seconds=60)))
        await asyncio.sleep(1)
        running.cancel()
        await asyncio.wait([running], timeout=20)
        assert running.cancelled()
        await self.nothing_ticks(sandbox)

    async def test_an_unknown_program_is_not_the_programs_fault(self, sandbox: Sandbox) -> None:
        await refused(sandbox.run(Command(argv=("no-such-program-here",))), MissingError, SandboxError)
        await refused(sandbox.run(Command(argv=("node_modules/.bin/nothing",))), MissingError, SandboxError)

    async def test_a_lock_file_that_is_not_there_cannot_be_installed(self, sandbox: Sandbox) -> None:
        await refused(sandbox.install("web/package-lock.json"), SandboxError)

    async def test_many_commands_run_at_once(self, sandbox: Sandbox) -> None:
        results = await asyncio.gather(*(sandbox.run(sh(f"echo {number}")) for number in range(8)))
        assert [result.stdout for result in results] == [f"{number}\n" for number in range(8)]

    async def test_a_server_answers_other_commands_until_the_block_ends(self, sandbox: Sandbox) -> None:
        await sandbox.put({"hello.txt": b"hi"})
        async with sandbox.serve(Command(argv=tuple(SERVER.split())), health="/") as url:
            assert (await fetch(sandbox, f"{url}/hello.txt")).stdout == "hi"
        assert (await fetch(sandbox, f"{url}/hello.txt")).verdict == "failed"

    async def test_a_server_can_be_reached_from_this_machine(self, sandbox: Sandbox) -> None:
        files = {f"{size}.bin": bytes(range(256)) * size for size in (0, 1, 1000, 10_000)}
        await sandbox.put(files)
        command = Command(argv=tuple(SERVER.split()))
        async with sandbox.serve(command, health="/") as inside, sandbox.reach(inside) as url:
            assert url.startswith("http://127.0.0.1:")
            got = await asyncio.gather(*(asyncio.to_thread(get, f"{url}/{name}") for name in [*files] * 5))
        assert got == [*files.values()] * 5

    async def test_two_servers_run_side_by_side(self, sandbox: Sandbox) -> None:
        command = Command(argv=tuple(SERVER.split()))
        async with sandbox.serve(command, health="/") as one, sandbox.serve(command, health="/") as two:
            assert one != two
            assert (await fetch(sandbox, two)).verdict == "ok"

    async def test_a_server_is_up_when_its_port_takes_connections(self, sandbox: Sandbox) -> None:
        await sandbox.put({"echo.py": ECHO.encode()})
        command = Command(argv=("python3", "echo.py", "{port}"))
        async with sandbox.serve(command, health="tcp") as inside, sandbox.reach(inside) as url:
            assert inside.startswith("tcp://127.0.0.1:")
            assert url.startswith("tcp://127.0.0.1:")
            assert await said(url, b"one") == await said(url, b"one") == b"one"

    async def test_a_server_is_up_when_the_command_that_asks_it_succeeds(self, sandbox: Sandbox) -> None:
        await sandbox.put({"w/echo.py": ECHO.encode()})
        command = Command(argv=("sh", "-c", "sleep 0.5; touch ready-{port}; exec python3 echo.py {port}"), cwd="w")
        asks = Command(argv=("sh", "-c", 'test -e "$NAME"'), cwd="w", env={"NAME": "ready-{port}"})
        async with sandbox.serve(command, health=asks) as url:
            assert set(await sandbox.collect(["w"])) == {"w/echo.py", f"w/ready-{url.rpartition(':')[2]}"}

    async def test_a_server_whose_command_never_succeeds_says_what_that_said(self, sandbox: Sandbox) -> None:
        asks = Command(argv=("sh", "-c", "echo not yet; exit 1"))
        error = await refused(self.up(sandbox, sh(TICK), asks), ServeError)
        assert "not yet" in str(error)
        await self.nothing_ticks(sandbox)

    async def test_a_server_that_does_not_come_up_says_why(self, sandbox: Sandbox) -> None:
        error = await refused(self.up(sandbox, sh("echo the reason >&2; exit 3")), ServeError)
        assert isinstance(error, ServeError)
        assert "the reason" in str(error)
        assert "3" in str(error)

    async def test_a_server_that_is_never_healthy_is_ended(self, sandbox: Sandbox) -> None:
        await refused(self.up(sandbox, sh(TICK)), ServeError)
        await self.nothing_ticks(sandbox)

    async def test_close_ends_what_runs_and_can_be_repeated(self, sandbox: Sandbox) -> None:
        await sandbox.put({"a.txt": b"1"})
        running = asyncio.create_task(sandbox.run(sh("sleep 60", seconds=60)))
        await asyncio.sleep(0.5)
        await sandbox.close()
        await sandbox.close()
        done, _ = await asyncio.wait([running], timeout=20)
        assert done
        assert running.exception() or running.result().verdict != "ok"
        await refused(sandbox.run(sh("true")), SandboxError)

    async def up(self, sandbox: Sandbox, command: Command, health: Health = "/") -> None:
        async with sandbox.serve(command, health=health, seconds=2):
            raise AssertionError("it should not have come up")

    async def nothing_ticks(self, sandbox: Sandbox) -> None:
        """Nothing that was started with ``TICK`` writes any more."""
        await asyncio.sleep(0.3)
        before = (await sandbox.collect(["ticks"])).get("ticks")
        assert before, "the program never ran"
        await asyncio.sleep(0.5)
        assert (await sandbox.collect(["ticks"]))["ticks"] == before


def get(url: str) -> bytes:
    """The body that a URL gives to this machine."""
    with urllib.request.urlopen(url, timeout=30) as response:
        return bytes(response.read())


async def said(url: str, line: bytes) -> bytes:
    """What a server at a ``tcp`` URL answers to one line, without its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        writer.write(line + b"\n")
        return (await asyncio.wait_for(reader.readline(), 10)).strip()
    finally:
        writer.close()
        await writer.wait_closed()


async def fetch(sandbox: Sandbox, url: str) -> Result:
    """GET a page from inside the sandbox; the body is on stdout."""
    script = f"import urllib.request as u; print(u.urlopen({url!r}, timeout=5).read().decode(), end='')"
    return await sandbox.run(Command(argv=("python3", "-c", script), timeout=20))


async def refused(attempt: object, *errors: type[GencodeError]) -> GencodeError:
    """The error that an attempt raised; fails when it raised none of these."""
    try:
        await attempt  # type: ignore[misc]
    except errors as error:
        return error
    raise AssertionError(f"nothing was raised; expected {', '.join(error.__name__ for error in errors)}")
