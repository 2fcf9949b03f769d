"""Where tools and generated code run: a table of backends by name, imported on use."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gencode_graph.errors import MissingError, SettingError

if TYPE_CHECKING:
    from gencode_graph.protocols import Sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.types import Origin

BACKENDS = {
    "bubblewrap": "gencode_graph.sandbox.bubblewrap:open_sandbox",
    "docker": "gencode_graph.sandbox.pod:open_sandbox",
    "local": "gencode_graph.sandbox.local:open_sandbox",
}
"""Name -> ``module:function``; a package adds its own by an entry point in the group ``gencode_graph.sandbox``."""


def known() -> dict[str, str]:
    """Every backend by name, those of other packages included."""
    return {point.name: point.value for point in entry_points(group="gencode_graph.sandbox")} | BACKENDS


ORDER = ("docker", "bubblewrap")
"""What ``auto`` tries, the strongest first."""


@dataclass(frozen=True)
class Opened:
    """A sandbox, ready for use, and why it is not a stronger one; None where it is what was asked for."""

    sandbox: Sandbox
    why: str | None = None


async def open_sandbox(settings: Settings, folder: Path, run_id: str, origin: Origin = "builtin") -> Sandbox:
    """The sandbox that ``choose`` takes."""
    return (await choose(settings, folder, run_id, origin)).sandbox


async def choose(settings: Settings, folder: Path, run_id: str, origin: Origin = "builtin") -> Opened:
    """The sandbox of a run; ``folder`` is where a backend on this machine keeps its files.

    ``auto`` is the strongest that works here: Docker, then bubblewrap. Where neither does, what the built-in generator
    makes runs in the local one, and code of a model nowhere, unless ``unsafe_local`` allows it. Raises
    ``SettingError`` for an unknown name and ``MissingError``, with what to install, when no backend can work.
    """
    if settings.sandbox != "auto":
        opener = await asyncio.to_thread(find, settings.sandbox)
        return Opened(await opener(settings, folder, run_id))
    lacking: list[str] = []
    for name in ORDER:
        opener = await asyncio.to_thread(find, name)
        try:
            return Opened(await opener(settings, folder, run_id), "; ".join(lacking) or None)
        except MissingError as error:
            lacking.append(f"{name}: {error}")
    if origin == "builtin" or settings.unsafe_local:
        opener = await asyncio.to_thread(find, "local")
        return Opened(await opener(settings, folder, run_id), "; ".join(lacking))
    raise MissingError("\n".join(["no sandbox that may run code of a model works here", *lacking]))


def find(name: str) -> Any:
    """The function that opens a backend; raises ``SettingError`` for an unknown name."""
    backends = known()
    if name not in backends:
        raise SettingError(f"unknown sandbox {name!r}; known: auto, {', '.join(sorted(backends))}")
    module, _, function = backends[name].partition(":")
    return getattr(import_module(module), function)
