"""Ends what a controller left running: waits until the controller is gone, then kills all that carries its mark.

Run as a program of its own (by file path, so that it starts without importing the package). The controller holds the
other end of its standard input; however the controller ends, SIGKILL included, that end closes.
"""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

import psutil

MARK = "GENCODE_SANDBOX"
"""Environment variable that every process started for a sandbox carries."""


def start_time(pid: int) -> str | None:
    """When a process started, as text that tells it from a later one of the same number; None when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        pass
    if Path("/proc/self/stat").exists():
        return None
    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        return None


def marks() -> dict[int, str]:
    """Process id -> mark, of every process that carries one and that we may look at."""
    found: dict[int, str] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if mark := process.environ().get(MARK):
                found[process.pid] = mark
    return found


def end_marked(mark: str, *, seconds: float = 5.0) -> int:
    """Kill every process with this mark, or one below it (``mark/...``), until none is left; the number killed."""
    ended: set[int] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        left = [pid for pid, found in marks().items() if found == mark or found.startswith(mark + "/")]
        if not left:
            break
        for pid in left:
            with contextlib.suppress(psutil.Error):
                psutil.Process(pid).kill()
                ended.add(pid)
        time.sleep(0.01)
    return len(ended)


def main() -> None:
    """Wait for the end of standard input, then end what is marked."""
    sys.stdin.buffer.read()
    end_marked(sys.argv[1])


if __name__ == "__main__":
    main()
