"""The command line: progress to stderr, results to stdout, one function a command."""

from gencode_graph.cli.app import main

__all__ = ["main"]
