"""The app graph: twelve steps from a sentence to a tested, running full-stack app, on one screen."""

from __future__ import annotations

from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import AppGraph, build, parallel, series

APP = series(
    "analysis",
    "architecture",
    parallel("frontend_mock", "contracts"),
    parallel(
        series("screenshot_verify", "frontend_integration"),
        series("backend_models", "backend_implementation", "system_integration", "testing_backend"),
    ),
    "testing_frontend",
    "preview_final",
)


def build_graph() -> AppGraph:
    """The app graph, not yet compiled: give it a checkpointer, or export it to the LangGraph server as it is."""
    return build(APP, STEPS)
