"""The first Ctrl-C stops the work in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from gencode_graph.cli.interrupts import Interrupted, interruptible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_work_is_put_in_order_before_it_ends(number: signal.Signals) -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.sleep(20)
        finally:
            await asyncio.sleep(0.01)
            done.append("put away")

    with pytest.raises(Interrupted):
        await interruptible(work())
    assert done == ["put away"]


async def test_work_that_is_let_alone_gives_its_result() -> None:
    async def work() -> int:
        return 42

    assert await interruptible(work()) == 42


async def test_an_error_of_the_work_stays_what_it_is() -> None:
    async def work() -> None:
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        await interruptible(work())


async def test_being_cancelled_by_others_is_no_ctrl_c() -> None:
    task = asyncio.ensure_future(interruptible(asyncio.sleep(20)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_signals_are_given_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    await interruptible(asyncio.sleep(0))
    assert signal.getsignal(signal.SIGINT) == before


def test_the_second_one_ends_at_once_whatever_the_work_does() -> None:
    script = """
import asyncio, os, signal
from gencode_graph.cli.interrupts import interruptible

async def work():
    while True:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            print("not yet", flush=True)

asyncio.run(interruptible(work()))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=False)
    assert (ran.returncode, ran.stdout) == (130, "not yet\n")
