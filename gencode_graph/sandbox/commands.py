"""What the backends share about commands: ports, and how many run at once."""

from __future__ import annotations

import asyncio
import math
import weakref
from pathlib import Path

from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health

SERVER_OUTPUT = 64_000
"""Bytes of each of a server's outputs that are kept for the error when it does not come up."""
TCP = "tcp"
"""The health of a server whose port takes connections."""
_slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = weakref.WeakKeyDictionary()


def slots(settings: Settings) -> asyncio.Semaphore:
    """What a heavy tool holds while it runs: ``settings.jobs`` of them in an event loop, whatever the sandbox."""
    loop = asyncio.get_running_loop()
    if loop not in _slots:
        _slots[loop] = asyncio.Semaphore(settings.jobs)
    return _slots[loop]


def at_port(command: Command, port: int) -> Command:
    """The command with ``{port}`` replaced in its words and its environment."""
    argv = tuple(word.replace("{port}", str(port)) for word in command.argv)
    env = {name: value.replace("{port}", str(port)) for name, value in command.env.items()}
    return command.model_copy(update={"argv": argv, "env": env})


def url_of(health: Health, port: int) -> str:
    """The base URL of a server: ``http`` when a path tells its health, else ``tcp``."""
    return f"{'http' if isinstance(health, str) and health != TCP else 'tcp'}://127.0.0.1:{port}"


def probe(health: Health, port: int, seconds: float) -> Command:
    """The program that waits, inside, until a server there is healthy; it fails, and says why, when it never is."""
    if isinstance(health, Command):
        asked = at_port(health, port)
        argv: tuple[str, ...] = ("sh", "-c", inside("until.sh"), "sh", str(math.ceil(seconds)), *asked.argv)
        return asked.model_copy(update={"argv": argv, "timeout": seconds + 10})
    path = "" if health == TCP else health
    argv = ("python3", "-I", "-c", inside("healthy.py"), url_of(health, port) + path, str(seconds))
    return Command(argv=argv, timeout=seconds + 10)


def inside(name: str) -> str:
    """The text of a program of ours that runs in a sandbox; read before, as no event loop may wait for a disk."""
    return _INSIDE[name]


_INSIDE = {
    place.name: place.read_text(encoding="utf-8")
    for place in Path(__file__).with_name("inside").iterdir()
    if place.is_file()
}
