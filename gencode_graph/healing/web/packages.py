"""What the packages export that the apps are pinned to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gencode_graph.blueprint.icons import component
from gencode_graph.blueprint.icons import known as icons

ICONS = "lucide-react"
_TABLE = Path(__file__).with_name("packages.yaml")


@dataclass(frozen=True, kw_only=True)
class Package:
    """The names that a package exports."""

    values: frozenset[str]
    types: frozenset[str]
    default: str | None
    """What its default export is usually called."""

    @property
    def names(self) -> frozenset[str]:
        """Values and types."""
        return self.values | self.types


@cache
def packages() -> Mapping[str, Package]:
    """The known packages by the name that imports have."""
    import yaml

    table: dict[str, dict[str, Any]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    known = {
        name: Package(
            values=frozenset(one.get("values", "").split()),
            types=frozenset(one.get("types", "").split()),
            default=one.get("default"),
        )
        for name, one in table.items()
    }
    lucide = known[ICONS]
    drawn = frozenset(component(icon) for icon in icons())
    known[ICONS] = Package(
        values=drawn | frozenset(icon.removesuffix("Icon") for icon in drawn), types=lucide.types, default=None
    )
    return known


def providers(local: str) -> list[tuple[str, str]]:
    """The packages that may be meant by a name, and the name there."""
    found = []
    for source, package in packages().items():
        if local in package.names:
            found.append((source, local))
        elif local == package.default:
            found.append((source, "default"))
    return found
