"""One container that runs to its end: what it is given, and how it ended."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import PurePosixPath

from gencode_graph.sandbox.docker import Cut, Engine, Place
from gencode_graph.types import Result

GRACE = 3.0
"""Seconds after the time limit inside before the one outside."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One container to run to its end."""

    place: Place
    argv: tuple[str, ...]
    cwd: str = "."
    seconds: float = 60.0
    limit: int = 1_000_000
    archive: tuple[str, bytes] | None = None
    """A folder and the tar to unpack there before the start."""


def run_job(engine: Engine, job: Job, stop: threading.Event) -> Result:
    """Run one container to its end, its limit or ``stop``; it is gone afterwards.

    Raises ``SandboxLost`` where it did not end by itself, nor by us.
    """
    running = engine.start(job.place, list(job.argv), str(PurePosixPath("/workspace", job.cwd)), job.archive)
    began = time.monotonic()
    cut: Cut | None = "stopped"
    try:
        cut = running.read(limit=job.limit, tail=False, deadline=began + job.seconds + GRACE, stop=stop)
    finally:
        seconds = time.monotonic() - began
        code, memory = engine.end(running, kill=cut is not None)
    if cut is None:
        engine.assure(job.place, running, failed=code != 0)
    late = code in (124, 137) and seconds >= job.seconds - 0.1
    ended = "memory" if memory else "timeout" if late else "ok" if code == 0 else "failed"
    return Result.model_validate(
        {
            "verdict": cut if cut in ("timeout", "output_limit") else ended,
            "exit_code": code,
            "stdout": running.kept[1].decode(errors="replace"),
            "stderr": running.kept[2].decode(errors="replace"),
            "seconds": seconds,
            "backend": "docker",
        }
    )
