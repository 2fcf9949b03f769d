"""Icons: the kebab names of lucide, as a spec gives them, and what the pages import."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_NAMES = Path(__file__).with_name("lucide.txt")


@cache
def known() -> frozenset[str]:
    """Every icon of the lucide version that the apps are pinned to."""
    return frozenset(_NAMES.read_text(encoding="utf-8").split())


def component(name: str | None, fallback: str = "circle") -> str:
    """The React component of an icon: ``circle-dot`` -> ``CircleDotIcon``; unknown names give the fallback's."""
    chosen = name if name in known() else fallback
    return "".join(word[:1].upper() + word[1:] for word in chosen.split("-")) + "Icon"
