"""Where tools and generated code run: a table of backends by name, imported on use."""

from __future__ import annotations

import asyncio
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gencode_graph.errors import SettingError

if TYPE_CHECKING:
    from gencode_graph.protocols import Sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.types import Origin

BACKENDS = {
    "docker": "gencode_graph.sandbox.pod:open_sandbox",
    "local": "gencode_graph.sandbox.local:open_sandbox",
}
"""Name -> ``module:function``; a package adds its own by an entry point in the group ``gencode_graph.sandbox``."""


def known() -> dict[str, str]:
    """Every backend by name, those of other packages included."""
    return {point.name: point.value for point in entry_points(group="gencode_graph.sandbox")} | BACKENDS


async def open_sandbox(settings: Settings, folder: Path, run_id: str, origin: Origin = "builtin") -> Sandbox:
    """The sandbox of a run, ready for use; ``folder`` is where a backend on this machine keeps its files.

    ``auto`` is ``local`` for what the built-in generator makes and ``docker`` for anything else. Raises
    ``SettingError`` for an unknown name and ``MissingError`` when the backend cannot work on this machine.
    """
    name = settings.sandbox
    if name == "auto":
        name = "local" if origin == "builtin" else "docker"
    opener = await asyncio.to_thread(find, name)
    return cast("Sandbox", await opener(settings, folder, run_id))


def find(name: str) -> Any:
    """The function that opens a backend; raises ``SettingError`` for an unknown name."""
    backends = known()
    if name not in backends:
        raise SettingError(f"unknown sandbox {name!r}; known: auto, {', '.join(sorted(backends))}")
    module, _, function = backends[name].partition(":")
    return getattr(import_module(module), function)
