"""What the backends share about commands: ports, and how many run at once."""

from __future__ import annotations

import asyncio
import weakref

from gencode_graph.settings import Settings
from gencode_graph.types import Command

SERVER_OUTPUT = 64_000
"""Bytes of each of a server's outputs that are kept for the error when it does not come up."""
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
