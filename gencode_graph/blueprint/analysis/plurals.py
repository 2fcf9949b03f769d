"""Singulars and plurals, by the inflect library."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import inflect


@cache
def _engine() -> inflect.engine:
    # inflect lets typeguard rewrite each of its functions at import, which takes four seconds: not here
    if find_spec("typeguard") is None:
        import inflect

        return inflect.engine()
    import typeguard

    checked = typeguard.typechecked
    typeguard.typechecked = lambda target: target  # type: ignore[assignment]
    try:
        import inflect
    finally:
        typeguard.typechecked = checked
    return inflect.engine()


@cache
def one(word: str) -> str | None:
    """The singular of a lower-case word; None where it is none of a plural."""
    try:
        found = _engine().singular_noun(cast("Any", word))
    except (ValueError, IndexError):
        return None
    return str(found) if found else None


@cache
def many(word: str) -> str:
    """The plural of a lower-case word."""
    try:
        return str(_engine().plural_noun(cast("Any", word)))
    except (ValueError, IndexError):
        return f"{word}s"
