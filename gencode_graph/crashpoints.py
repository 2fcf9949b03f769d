"""Named places where a test can kill this process, to see that nothing is lost there."""

from __future__ import annotations

import os
import signal
from collections import Counter

VARIABLE = "GENCODE_CRASH_AT"
"""``name:k`` kills at the k-th time that the point is passed."""

hits: Counter[str] = Counter()
"""How often each point was passed in this process."""

_target = os.environ.get(VARIABLE)


def point(name: str) -> None:
    """A place worth killing at; does nothing but count unless the environment names it."""
    hits[name] += 1
    if _target is not None and _target == f"{name}:{hits[name]}":
        os.kill(os.getpid(), signal.SIGKILL)
