"""Named places where a test can kill this process, to see that nothing is lost there."""

from __future__ import annotations

import os
import signal
from collections import Counter

VARIABLE = "GENCODE_CRASH_AT"
"""``name:k`` kills at the k-th time that the point is passed, ``name`` at the first; several are divided by commas."""

hits: Counter[str] = Counter()
"""How often each point was passed in this process."""

_targets = frozenset(
    target if ":" in target else f"{target}:1" for target in os.environ.get(VARIABLE, "").split(",") if target
)


def point(name: str) -> None:
    """A place worth killing at; does nothing but count unless the environment names it."""
    hits[name] += 1
    if f"{name}:{hits[name]}" in _targets:
        os.write(2, f"killed at {name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
