"""What walls cost: the same command with and without them, a sandbox opened and closed, files put, and our own memory.

    python benchmarks/sandbox.py [--json] [--rounds N]

For each backend that works on this machine. A command inside is measured in turns with the same one outside, so that
both have the machine in the same state. Ends with 1 where a median misses its target.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.errors import GencodeError, MissingError
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox import find
from gencode_graph.sandbox.processes import run_process
from gencode_graph.settings import Settings
from gencode_graph.types import Command

BACKENDS = ("docker", "bubblewrap")
PROGRAM = ("sh", "-c", "echo 42")
FILES = {f"folder{number % 20}/file{number}.txt": os.urandom(4096) for number in range(300)}
BYTES = 600_000_000
AT_ONCE = 8
TARGETS = {
    "command_over_host_ms": 250,
    "open_ms": 400,
    "close_ms": 400,
    "put_300_files_ms": 150,
    "errors_of_8_at_once": 0,
    "growth_at_600_mb_mb": 20,
}
"""Name of a figure -> the most that it may be."""


async def opened(backend: str, folder: Path) -> Sandbox:
    """An open sandbox; raises ``MissingError`` where this machine cannot have it."""
    sandbox: Sandbox = await find(backend)(Settings(sandbox=backend, jobs=AT_ONCE), folder, "benchmark")
    return sandbox


async def opening(backend: str, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds to open and to close a sandbox."""
    seen: dict[str, list[float]] = {"open_ms": [], "close_ms": []}
    for _ in range(rounds):
        began = time.perf_counter()
        sandbox = await opened(backend, folder)
        middle = time.perf_counter()
        await sandbox.close()
        seen["open_ms"].append((middle - began) * 1000)
        seen["close_ms"].append((time.perf_counter() - middle) * 1000)
    return seen


async def commands(sandbox: Sandbox, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of a command inside and outside, in turns, and how much longer each inside took."""
    environment = {"PATH": os.defpath}
    seen: dict[str, list[float]] = {"command_ms": [], "host_ms": [], "command_over_host_ms": []}
    for _ in range(rounds):
        began = time.perf_counter()
        await run_process(PROGRAM, cwd=folder, env=environment, seconds=30, output_limit=1000)
        middle = time.perf_counter()
        result = await sandbox.run(Command(argv=PROGRAM))
        end = time.perf_counter()
        assert result.stdout == "42\n", result
        seen["host_ms"].append((middle - began) * 1000)
        seen["command_ms"].append((end - middle) * 1000)
        seen["command_over_host_ms"].append((end - middle - (middle - began)) * 1000)
    return seen


async def puts(sandbox: Sandbox, rounds: int) -> dict[str, list[float]]:
    """Milliseconds to put 300 files of 4 kB, each time elsewhere."""
    seen = []
    for number in range(rounds):
        files = {f"round{number}/{path}": content for path, content in FILES.items()}
        began = time.perf_counter()
        await sandbox.put(files)
        seen.append((time.perf_counter() - began) * 1000)
    return {"put_300_files_ms": seen}


async def at_once(backend: str, folder: Path) -> dict[str, list[float]]:
    """Eight sandboxes opened, used and closed at once: how many failed, and the milliseconds of all."""

    async def one(number: int) -> bool:
        try:
            sandbox = await opened(backend, folder / str(number))
            try:
                await sandbox.put({"a.txt": str(number).encode()})
                return (await sandbox.run(Command(argv=("cat", "a.txt")))).stdout == str(number)
            finally:
                await sandbox.close()
        except GencodeError:
            return False

    began = time.perf_counter()
    ended = await asyncio.gather(*(one(number) for number in range(AT_ONCE)))
    return {
        "errors_of_8_at_once": [float(ended.count(False))],
        "8_at_once_ms": [(time.perf_counter() - began) * 1000],
    }


@contextmanager
def growth() -> Iterator[list[float]]:
    """By how many megabytes we grew at the most; filled in at the end."""

    def resident() -> float:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    grown, most, before, stop = list[float](), [0.0], resident(), threading.Event()

    def watch() -> None:
        while not stop.wait(0.005):
            most[0] = max(most[0], resident() - before)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield grown
    finally:
        stop.set()
        watching.join()
        grown.append(most[0])


async def output(sandbox: Sandbox) -> dict[str, list[float]]:
    """By how many megabytes a command that writes 600 MB makes us grow."""
    await sandbox.run(Command(argv=("true",)))
    with growth() as grown:
        result = await sandbox.run(Command(argv=("head", "-c", str(BYTES), "/dev/zero"), timeout=60))
    assert result.verdict == "output_limit", result.verdict
    return {"growth_at_600_mb_mb": grown, "600_mb_ms": [result.seconds * 1000]}


async def measured(backend: str, rounds: int) -> dict[str, list[float]]:
    """All figures of one backend; raises ``MissingError`` where this machine cannot have it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = await opened(backend, folder)
        try:
            await sandbox.run(Command(argv=PROGRAM))
            figures = await commands(sandbox, folder, rounds)
            figures |= await puts(sandbox, max(3, rounds // 3))
            figures |= await output(sandbox)
        finally:
            await sandbox.close()
        figures |= await opening(backend, folder, max(3, rounds // 3))
        return figures | await at_once(backend, folder)


def main() -> int:
    """Measure each backend that there is, print its figures, and compare them with the targets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    found: dict[str, dict[str, dict[str, float]]] = {}
    missed = []
    for backend in BACKENDS:
        try:
            figures = asyncio.run(measured(backend, asked.rounds))
        except MissingError as error:
            print(f"{backend} is not here: {error}", file=sys.stderr)
            continue
        found[backend] = {
            name: {"median": round(median(seen), 1), "worst": round(max(seen), 1)} for name, seen in figures.items()
        }
        missed += [f"{backend}: {name}" for name, most in TARGETS.items() if found[backend][name]["median"] > most]
    if asked.json:
        print(json.dumps({"load": os.getloadavg()[0], "backends": found, "missed": missed}))
    else:
        print(f"{'':12}{'':24}{'median':>9}{'worst':>9}{'at most':>9}")
        for backend, rows in found.items():
            for name, row in rows.items():
                most = f"{TARGETS[name]:>9}" if name in TARGETS else ""
                print(f"{backend:12}{name:24}{row['median']:>9}{row['worst']:>9}{most}")
        print("missed: " + (", ".join(missed) or "nothing"))
    return 1 if missed or not found else 0


if __name__ == "__main__":
    sys.exit(main())
