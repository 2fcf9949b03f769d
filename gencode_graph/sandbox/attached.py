"""A started container with its outputs attached: read as they come, counted, and kept up to a limit."""

from __future__ import annotations

import contextlib
import select
import struct
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from gencode_graph.sandbox.peak import Peak

if TYPE_CHECKING:
    from docker.models.containers import Container

HEAD = 8
"""Bytes before each piece: the stream, three zeros, the length."""
TICK = 0.1
"""Seconds after which a silent program is looked at again."""
Cut = Literal["timeout", "output_limit", "stopped"]


@dataclass(kw_only=True)
class Running:
    """A container that runs, and what it has said so far."""

    container: Container
    socket: Any
    peak: Peak
    kept: dict[int, bytearray] = field(default_factory=lambda: {1: bytearray(), 2: bytearray()})
    dropped: int = 0
    """Bytes that it said and that were not kept."""

    def read(self, *, limit: int, tail: bool, deadline: float, stop: threading.Event) -> Cut | None:
        """Read both outputs until the program's end, and keep up to ``limit`` bytes; why it was cut, or None."""
        seen, pieces = 0, self.pieces(deadline, stop)
        while True:
            try:
                number, data = next(pieces)
            except StopIteration as end:
                return cast("Cut | None", end.value)
            stream = self.kept[number]
            stream += data if tail else data[: max(0, limit - seen)]
            if tail:
                del stream[:-limit]
            seen += len(data)
            self.dropped = seen - sum(map(len, self.kept.values()))
            if seen > limit and not tail:
                return "output_limit"

    def send(self, data: bytes) -> None:
        """Write to the program's input, where that was kept open."""
        getattr(self.socket, "_sock", self.socket).sendall(data)

    def pieces(self, deadline: float, stop: threading.Event) -> Generator[tuple[int, bytes], None, Cut | None]:
        """What the program says as it says it: stream (1 or 2) and bytes. Returns why it was cut, or None."""
        raw = getattr(self.socket, "_sock", self.socket)
        waiting = b""
        while not stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            self.peak.look()
            if not select.select([raw], [], [], min(left, TICK))[0]:
                continue
            try:
                chunk = raw.recv(65_536)
            except ConnectionError:  # who asks for the exit code then hears that the engine is gone
                return None
            if not chunk:
                self.peak.look(last=True)
                return None
            waiting += chunk
            while len(waiting) >= HEAD and len(waiting) >= HEAD + (size := struct.unpack(">I", waiting[4:HEAD])[0]):
                piece, waiting = (waiting[0], waiting[HEAD : HEAD + size]), waiting[HEAD + size :]
                yield piece
        return "stopped"

    def hang_up(self) -> None:
        """Close the attached socket. Before any kill: with a reader that stopped reading, the engine's kill hangs."""
        for part in (getattr(self.socket, "_response", None), self.socket, getattr(self.socket, "_sock", None)):
            if part is not None:
                with contextlib.suppress(OSError):
                    part.close()
