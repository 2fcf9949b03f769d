"""Ctrl-C: the first one stops the work in good order, the second ends at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from gencode_graph.cli.output import note, progress

T = TypeVar("T")
STATUS = 130


class Interrupted(BaseException):
    """The work was stopped by Ctrl-C, or by being asked to end."""


async def interruptible(work: Coroutine[Any, Any, T], *, notice: str | None = None) -> T:
    """The result of the work. Raises ``Interrupted`` once it has stopped because of SIGINT or SIGTERM."""
    task, loop, asked = asyncio.ensure_future(work), asyncio.get_running_loop(), 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            progress().show_cursor(True)
            os._exit(STATUS)
        if notice:
            note(notice)
        task.cancel()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        if asked:
            raise Interrupted from None
        raise
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
