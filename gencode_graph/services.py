"""Services: the live objects a run works with. ``connect`` is the only place where names become objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gencode_graph.protocols import Sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Services:
    """The only way out of the graph."""

    settings: Settings
    workspace: Workspace
    sandbox: Sandbox
