"""Our end of the process that holds a sandbox's namespaces: orders to it, and what it gives back."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from gencode_graph.errors import MissingError, SandboxError, SandboxLost
from gencode_graph.sandbox import archives
from gencode_graph.sandbox.folder import COLLECT_LIMIT, UNTOUCHED

PROGRAM = Path(__file__).with_name("holder.py")
BASES = ("/mnt", "/srv", "/media", "/opt")
"""Folders that every Linux has: in the holder's own view of the files, the first that hides nothing is covered."""
WORKSPACE = "size=512m,nr_inodes=50000,mode=0755"
PATIENCE = 30.0
"""Seconds for one order."""
ETC = {
    "passwd": "root:x:0:0::/:/bin/false\napp:x:10001:10001::/home/app:/bin/sh\n",
    "group": "root:x:0:\napp:x:10001:\n",
    "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "resolv.conf": "",
}
FIX = (
    "bubblewrap needs namespaces that any user may make: sysctl kernel.unprivileged_userns_clone=1 (Debian), "
    "kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), user.max_user_namespaces above 0; in a container it "
    "needs more rights than that gives"
)


@dataclass
class Holder:
    """A started holder. Its methods block: call them from a thread."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    pid: int
    base: Path
    staged: Mapping[str, str] = field(default_factory=dict)
    """Folder or file here -> where the holder sees it, for those that only root may reach."""
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def seen(self, place: Path) -> str:
        """Where the holder, and a command before it is walled in, sees one of our folders."""
        for source, there in self.staged.items():
            if place.is_relative_to(source):
                return str(Path(there, place.relative_to(source)))
        return str(place)

    def order(self, what: str, passed: Sequence[int] = (), **more: object) -> list[int]:
        """Have one thing done; the descriptors that came back. Raises ``SandboxError``."""
        with self._turn:
            try:
                socket.send_fds(self.line, [json.dumps({"do": what, **more}).encode()], list(passed))
                packet, given, _, _ = socket.recv_fds(self.line, 65_536, 1)
            except OSError as error:
                raise SandboxLost(f"the sandbox's holder does not answer ({error}); resume the run") from error
        if not packet:
            raise SandboxLost("the sandbox's holder was killed; resume the run")
        if said := json.loads(packet)[0]:
            raise SandboxError(f"the sandbox's holder could not {what}: {said}")
        return list(given)

    def connect(self) -> socket.socket:
        """A socket of the sandbox's network, to be connected here."""
        return socket.socket(fileno=self.order("socket")[0])

    def put(self, files: Mapping[str, bytes], times: Mapping[str, int], owned: Sequence[str]) -> None:
        """Write files into the workspace; delete others under the owned prefixes."""
        head = {"keep": list(files), "owned": list(owned), "untouched": list(UNTOUCHED)}

        def send(line: socket.socket) -> None:
            line.sendall(json.dumps(head).encode() + b"\n" + archives.pack(files, times))
            line.shutdown(socket.SHUT_WR)

        self._files("put", send, lambda stream: None)

    def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        """Regular files at or below paths of the workspace. Raises ``SandboxError`` above the limit."""
        head = {"paths": list(paths), "limit": COLLECT_LIMIT, "untouched": list(UNTOUCHED)}

        def read(stream: Any) -> dict[str, bytes]:
            return archives.unpack(iter(lambda: cast("bytes", stream.read1(65_536)), b""), ".")

        return cast(
            "dict[str, bytes]",
            self._files("collect", lambda line: line.sendall(json.dumps(head).encode() + b"\n"), read),
        )

    def _files(self, what: str, send: Callable[[socket.socket], None], read: Callable[[Any], object]) -> object:
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rb") as stream:
            ours.settimeout(PATIENCE)
            with theirs:
                self.order(what, [theirs.fileno()])
            try:
                with contextlib.suppress(BrokenPipeError):  # what went wrong is read below
                    send(ours)
                said = json.loads(stream.readline() or b'"its end was cut off"')
                if said:
                    over = f"what is read back is over {COLLECT_LIMIT} bytes; read less"
                    raise SandboxError(over if said == "over" else f"the workspace could not {what}: {said[:500]}")
                return read(stream)
            except (OSError, tarfile.TarError) as error:
                raise SandboxError(f"the workspace could not {what}: {error}") from error

    def close(self) -> None:
        """Hang up, and wait until it has killed what is left."""
        self.line.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def hold(*, user: int | None, groups: Sequence[str], hidden: Sequence[Path], sources: Sequence[Path]) -> Holder:
    """Start a holder, as another user if ``user`` says so, that removes control groups at its end.

    ``hidden`` are those of ``sources`` that only root may reach. Raises ``MissingError`` where this machine does not
    let users make namespaces.
    """
    bases = [Path(name) for name in BASES]
    base = next((it for it in bases if it.is_dir() and not any(s.is_relative_to(it) for s in sources)), bases[0])
    staged = {str(source): str(base / str(number)) for number, source in enumerate(hidden)}
    options = {
        "base": str(base),
        "user": user,
        "staged": staged,
        "workspace": WORKSPACE,
        "etc": ETC,
        "groups": [*groups],
    }
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM), json.dumps(options)],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env={"PATH": os.defpath},
        )
    ours.settimeout(PATIENCE)
    try:
        packet = ours.recv(65_536)
    except OSError:
        packet = b""
    said, pid = json.loads(packet or b'["it did not start", 0]')
    holder = Holder(process, ours, pid, base, staged)
    if said:
        holder.close()
        raise MissingError(f"no namespaces can be made here ({said}); {FIX}")
    return holder
