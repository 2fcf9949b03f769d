"""gencode-graph: LangGraph graphs that turn a sentence into tested, running software."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "1")  # read when langgraph is imported

if TYPE_CHECKING:
    from gencode_graph.errors import GencodeError
    from gencode_graph.events import Event
    from gencode_graph.graph import build_graph
    from gencode_graph.report import Report
    from gencode_graph.running import agenerate, aresume, generate, resume
    from gencode_graph.settings import Settings
    from gencode_graph.spec import AppSpec

__all__ = [
    "AppSpec",
    "Event",
    "GencodeError",
    "Report",
    "Settings",
    "agenerate",
    "aresume",
    "build_graph",
    "generate",
    "resume",
]
_HOMES = {
    "AppSpec": "spec",
    "Event": "events",
    "GencodeError": "errors",
    "Report": "report",
    "Settings": "settings",
    "agenerate": "running",
    "aresume": "running",
    "build_graph": "graph",
    "generate": "running",
    "resume": "running",
}


def __getattr__(name: str) -> Any:
    """Public names, imported on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
