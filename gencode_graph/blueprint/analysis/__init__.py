"""The built-in analyst: a request in plain language -> AppSpec, by rules; pure, no network, no model."""

from gencode_graph.blueprint.analysis.analyst import analyse
from gencode_graph.blueprint.analysis.request import check_request

__all__ = ["analyse", "check_request"]
