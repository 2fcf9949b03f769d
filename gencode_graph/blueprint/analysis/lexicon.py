"""Words of requests that are no things, by kind; read from ``lexicon.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.knowledge import read

_FILE = Path(__file__).with_name("lexicon.yaml")


@cache
def words(kind: str) -> frozenset[str]:
    """``verbs``, ``actions``, ``function``, ``adjectives``, ``generic`` or ``heads``."""
    return frozenset(str(read(_FILE)[kind]).split())


def is_noun(norm: str) -> bool:
    """Whether a word may name a thing, as far as these lists know."""
    return (
        len(norm) > 1
        and norm[0].isalpha()
        and not any(norm in words(kind) for kind in ("verbs", "function", "adjectives", "generic"))
    )
