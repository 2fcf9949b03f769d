"""The app graph as the LangGraph server wants it: compiled, without a checkpointer, which is the server's own."""

from __future__ import annotations

from gencode_graph.graph import build_graph

graph = build_graph().compile(name="app")
