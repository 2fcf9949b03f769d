"""The watchdog sees what all processes of a command have in memory."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from gencode_graph.sandbox.watchdog import Watchdog, descendants, resident, share

MB = 1_000_000
FAMILY = """
import os, sys, time
size, own = int(sys.argv[1]), sys.argv[2] == "own"
shared = bytearray(b"x") * size
for _ in range(3):
    if os.fork() == 0:
        held = bytearray(b"y") * size if own else None
        os.setsid()
        print("up", flush=True)
        time.sleep(60)
print("up", flush=True)
time.sleep(60)
"""
"""Four processes: the first has ``size`` bytes, its three children share them, or have as many each of their own."""


@pytest.fixture
def family(request: pytest.FixtureRequest) -> Iterator[int]:
    size, own = request.param
    process = subprocess.Popen([sys.executable, "-c", FAMILY, str(size), own], stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(4):
        process.stdout.readline()
    yield process.pid
    for pid in [*descendants(process.pid), process.pid]:
        os.kill(pid, 9)
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("family", [(30 * MB, "own")], indirect=True)
async def test_it_barks_when_all_together_have_too_much(family: int) -> None:
    assert len(list(descendants(family))) == 3
    watchdog = Watchdog(os.getpid(), 100 * MB)
    began = time.monotonic()
    await asyncio.wait_for(watchdog.bark(), 10)
    assert time.monotonic() - began < 3
    assert watchdog.peak > 100 * MB


@pytest.mark.parametrize("family", [(50 * MB, "shared")], indirect=True)
def test_what_is_shared_counts_once(family: int) -> None:
    assert sum(map(resident, descendants(family))) > 150 * MB
    assert sum(map(share, [family, *descendants(family)])) < 120 * MB
    assert not Watchdog(family, 120 * MB).over()


def test_a_process_that_is_gone_has_nothing() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert (resident(gone.pid), share(gone.pid), list(descendants(gone.pid))) == (0, 0, [])
