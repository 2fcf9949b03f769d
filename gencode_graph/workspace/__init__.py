"""Where the made files live: blobs, trees, a commit for each step, and the folder that shows them."""

from gencode_graph.workspace.history import Entry
from gencode_graph.workspace.objects import EMPTY
from gencode_graph.workspace.paths import LIMITS, Limits, check_path, check_tree
from gencode_graph.workspace.store import Workspace
from gencode_graph.workspace.text import check_content, hidden, odd, strip_hidden

__all__ = [
    "EMPTY",
    "LIMITS",
    "Entry",
    "Limits",
    "Workspace",
    "check_content",
    "check_path",
    "check_tree",
    "hidden",
    "odd",
    "strip_hidden",
]
