"""Whether a container ended by itself: what the engine knows of a pod, and what the program in it cannot forge."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import Any

from gencode_graph.errors import SandboxLost


def assure_holder(api: Any, holder: str) -> None:
    """Raise ``SandboxLost`` unless a pod's holder runs: without it the workspace is empty, and nothing says so.

    ``api`` is the engine's low-level client.
    """
    state = api.inspect_container(holder)["State"]
    if not state["Running"]:
        raise SandboxLost(f"the container that holds the sandbox ended ({state.get('ExitCode')})")


def assure_end(api: Any, container: str, volumes: Iterable[str]) -> None:
    """Raise ``SandboxLost`` where a program did not end by itself: its container was ended, or a volume is gone.

    The exit code does not tell: a program may say 137 or 143 itself, and one that is stopped may say anything. A volume
    that was removed is made again by the engine when it is next mounted, empty and without labels.
    """
    asked = {"container": [container], "event": ["kill"]}
    now = f"{time.time() + 0.001:.9f}"
    with contextlib.closing(api.events(since="0", until=now, filters=asked, decode=True)) as told:
        ended = list(told)
    if ended:
        signal = ended[0].get("Actor", {}).get("Attributes", {}).get("signal")
        raise SandboxLost(f"somebody else ended a command of the sandbox (signal {signal})")
    for volume in volumes:
        if not api.inspect_volume(volume).get("Labels"):
            raise SandboxLost(f"the volume {volume} was removed while the sandbox used it")
