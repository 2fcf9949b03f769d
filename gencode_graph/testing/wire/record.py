"""What a wire server keeps of the calls it got, in memory and, line by line, in a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal
from uuid import uuid4

from gencode_graph.testing.wire.conversation import Conversation

End = Literal["open", "sent", "broken", "left"]


@dataclass(kw_only=True)
class Call:
    """One call, and what became of it."""

    number: int
    """From 1, in the order in which they came."""
    conversation: Conversation
    rule: str | None
    """Name or place of the rule that decided; None where none matched."""
    fault: str | None
    text: str = ""
    """What the model said, as far as the client was to get it."""
    tokens_in: int = 0
    """By the server's own count; 0 where the model did no work."""
    tokens_out: int = 0
    """Thoughts included."""
    told: Mapping[str, int] | None = None
    """``tokens_in`` and ``tokens_out`` as the client was told, or was to be told."""
    end: End = "open"
    """``sent``: all of it, ``broken``: the server broke off, ``left``: the client did not wait for it."""

    @property
    def paid(self) -> bool:
        """Whether the model did any work."""
        return self.tokens_in > 0

    @property
    def provider(self) -> str:
        return self.conversation.provider

    @property
    def model(self) -> str:
        return self.conversation.model

    @property
    def agent(self) -> str | None:
        return self.conversation.agent

    @property
    def kind(self) -> str | None:
        return self.conversation.kind

    @property
    def step(self) -> str | None:
        return self.conversation.step

    @property
    def attempt(self) -> int | None:
        return self.conversation.attempt

    @property
    def key(self) -> str:
        return self.conversation.key


@dataclass
class Record:
    """Calls in memory and, where a file is named, as JSON lines: one when a call is decided, one when it has ended."""

    file: Path | None = None
    calls: list[Call] = field(default_factory=list)
    server: str = field(default_factory=lambda: uuid4().hex[:8])
    """Several servers, one after the other, may write to one file."""

    at_once: int = 0
    """The most calls that were open at the same time."""
    _open: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    async def begin(self, call: Call) -> None:
        """Keep a call, before the first byte of its answer."""
        self.calls.append(call)
        self._open += 1
        self.at_once = max(self.at_once, self._open)
        who = {name: getattr(call, name) for name in ("agent", "kind", "step", "attempt")}
        told = {name: value for name, value in asdict(call).items() if name != "end"}
        await self._write({"event": "call", **who, "digest": call.conversation.digest, **told})

    async def finish(self, call: Call, end: End) -> None:
        """Say how a call ended; what is said last holds."""
        self._open -= call.end == "open"
        call.end = end
        await self._write({"event": "end", "number": call.number, "end": end})

    async def _write(self, line: Mapping[str, Any]) -> None:
        if self.file is not None:
            await asyncio.to_thread(self._append, self.file, json.dumps({"server": self.server, **line}, default=str))

    def _append(self, file: Path, line: str) -> None:
        with self._lock, file.open("a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")


def read_log(file: Path) -> list[dict[str, Any]]:
    """The calls in a file that a server wrote, or still writes, with how each ended under ``end``."""
    calls: dict[tuple[str, int], dict[str, Any]] = {}
    for text in file.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # the last line, while it is written
            continue
        place = (line["server"], line["number"])
        if line.pop("event") == "call":
            calls[place] = {**line, "end": "open"}
        else:
            calls[place]["end"] = line["end"]
    return list(calls.values())
