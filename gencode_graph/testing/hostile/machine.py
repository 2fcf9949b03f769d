"""What this machine sees of an attack: its processes, our own memory, the disk, and listeners that it may not reach."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import selectors
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
SETTLING = 3.0
"""Seconds that the kernel may take to clear away processes that were killed."""


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process of an attack, as the kernel tells it to this machine."""

    pid: int
    program: str
    user: int
    capabilities: int
    no_new_privileges: bool
    filtered: bool
    """Whether a seccomp filter holds it."""
    cpu: float
    """Seconds that it and its children that ended have used."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One look at this machine."""

    at: float
    processes: tuple[Process, ...]
    resident: int
    """Bytes of memory that we use."""
    free: int
    """Bytes on the disk."""


def sample(token: str) -> Sample:
    """Look at this machine: every process whose command line has the token, our memory, the disk."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Sample(
        at=time.monotonic(),
        processes=tuple(marked(token)),
        resident=pages * os.sysconf("SC_PAGE_SIZE"),
        free=shutil.disk_usage("/").free,
    )


def marked(token: str) -> Iterator[Process]:
    """The processes whose command line has a token; a fork keeps it, and this search does not find itself."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with contextlib.suppress(OSError, IndexError, ValueError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if token.encode() in words:
                yield look(folder, os.fsdecode(words[0]))


def look(folder: Path, program: str) -> Process:
    """One process; raises ``OSError`` when it is gone."""
    lines = (folder / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    numbers = (folder / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
    return Process(
        pid=int(folder.name),
        program=Path(program).name,
        user=int(status["Uid"][0]),
        capabilities=int(status["CapEff"][0], 16) | int(status["CapBnd"][0], 16),
        no_new_privileges=status["NoNewPrivs"] == ["1"],
        filtered=status["Seccomp"] == ["2"],
        cpu=sum(map(int, numbers[11:15])) / TICKS,
    )


def settled(token: str) -> int:
    """How many processes with a token are left once those that were killed have had time to go."""
    deadline = time.monotonic() + SETTLING
    while left := sum(1 for _ in marked(token)):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


class Host:
    """This machine's side of an attack: a file with a secret, and listeners that note who comes."""

    def __enter__(self) -> Host:
        self.secret = f"secret-{secrets.token_hex(16)}"
        self.hits: list[str] = []
        with tempfile.NamedTemporaryFile("w", prefix="gencode-secret-", delete=False, encoding="ascii") as file:
            file.write(self.secret)
        self._file = Path(file.name)
        self._file.chmod(0o644)
        self._abstract = f"gencode-{secrets.token_hex(8)}"
        self._tcp, self._udp, self._unix = (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        )
        self._tcp.bind(("0.0.0.0", 0))
        self._udp.bind(("0.0.0.0", 0))
        self._unix.bind("\0" + self._abstract)
        for listener in (self._tcp, self._unix):
            listener.listen()
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.close()
        self._thread.join(10)
        for listener in (self._tcp, self._udp, self._unix, self._stopped):
            listener.close()
        self._file.unlink(missing_ok=True)

    def told(self) -> dict[str, object]:
        """What the program is told of this machine: all that it needs to reach it, were there no walls."""
        return {
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "abstract": self._abstract,
            "file": str(self._file),
            "pid": os.getpid(),
            "addresses": addresses(),
        }

    def _watch(self) -> None:
        with selectors.DefaultSelector() as selector:
            for name, listener in (("tcp", self._tcp), ("udp", self._udp), ("abstract", self._unix)):
                selector.register(listener, selectors.EVENT_READ, name)
            selector.register(self._stopped, selectors.EVENT_READ, "")
            while True:
                for key, _ in selector.select():
                    if not key.data:
                        return
                    self.hits.append(key.data)
                    if key.data == "udp":
                        self._udp.recv(1)
                    else:
                        (self._tcp if key.data == "tcp" else self._unix).accept()[0].close()


def addresses() -> list[str]:
    """This machine's own addresses, the one towards the containers included."""
    table = Path("/proc/net/fib_trie")
    lines = table.read_text(encoding="ascii").splitlines() if table.exists() else []
    local = {line.split()[-1] for line, after in itertools.pairwise(lines) if "/32 host LOCAL" in after}
    return sorted(local | {"127.0.0.1"})
