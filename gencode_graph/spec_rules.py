"""What must hold between the parts of an AppSpec; each broken rule is one readable sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gencode_graph.spec import AppSpec


def problems(spec: AppSpec) -> list[str]:
    """Every broken rule of a spec, as sentences; empty when it is sound."""
    return []
