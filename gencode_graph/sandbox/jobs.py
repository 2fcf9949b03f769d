"""One container that runs to its end: what it is given, and how it ended."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from gencode_graph.sandbox import owners
from gencode_graph.sandbox.attached import Cut
from gencode_graph.sandbox.confinement import Place
from gencode_graph.sandbox.docker import End, Engine
from gencode_graph.types import Result

GRACE = 3.0
"""Seconds after the time limit inside, which outlives us, before the one outside, which no program can stop."""
FORGOTTEN = 60.0
"""Seconds after both at which anybody may remove the container: nobody waits for it any more."""


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
    """Run one container to its end, its limit or ``stop``; nothing of it runs afterwards.

    Raises ``SandboxLost`` where it did not end by itself, nor by us.
    """
    ends = {owners.ENDS: str(int(time.time() + job.seconds + FORGOTTEN))}
    place = replace(job.place, labels={**job.place.labels, **ends})
    argv = ["timeout", "-k", "2", f"{job.seconds:g}", *job.argv]
    running = engine.start(place, argv, str(PurePosixPath("/workspace", job.cwd)), job.archive)
    began = time.monotonic()
    cut: Cut | None = "stopped"
    try:
        cut = running.read(limit=job.limit, tail=False, deadline=began + job.seconds + GRACE, stop=stop)
    finally:
        seconds = time.monotonic() - began
        end = engine.end(running, kill=cut is not None)
    if cut is None:
        engine.assure(place, running, failed=end.code != 0)
    return Result(
        verdict=verdict(job, end, cut),
        exit_code=end.code,
        stdout=running.kept[1].decode(errors="replace"),
        stderr=running.kept[2].decode(errors="replace"),
        seconds=seconds,
        backend="docker",
        cut=running.dropped,
        peak_memory=running.peak.bytes,
        limits=engine.limits,
    )


def verdict(job: Job, end: End, cut: Cut | None) -> Literal["ok", "failed", "timeout", "output_limit", "memory"]:
    """What an end means. The exit codes 124 and 137 are the program's own unless the engine's clock says otherwise."""
    if cut in ("timeout", "output_limit"):
        return cut
    if end.code == 0:
        return "ok"
    if end.out_of_memory:
        return "memory"
    return "timeout" if end.code in (124, 137) and end.seconds >= job.seconds else "failed"
