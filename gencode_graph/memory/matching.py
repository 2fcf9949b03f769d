"""What a filter and a namespace pattern match, as LangGraph defines them; pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import ge, gt, le, lt
from typing import Any

from gencode_graph.errors import InputError

ABSENT = object()
"""Where a value has no such field."""
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"$gt": gt, "$gte": ge, "$lt": lt, "$lte": le}
OPERATORS = ("$eq", "$ne", *_ORDER)


def matches(value: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> bool:
    """Whether a value has every field as wanted; ``user.name`` is a field of that name, else one within ``user``.

    Raises ``InputError`` for an operator that does not exist.
    """
    return all(_fits(_field(value, name), want) for name, want in (wanted or {}).items())


def sure_texts(wanted: Mapping[str, Any] | None) -> list[str]:
    """Pieces of JSON that are in every value that matches, as ``json.dumps`` writes them: a cheap first sieve."""
    texts = ((name, want) for name, want in (wanted or {}).items() if isinstance(want, str))
    return [f": {_json(want)}" if "." in name else f"{_json(name)}: {_json(want)}" for name, want in texts]


def in_namespace(namespace: Sequence[str], path: Sequence[str], *, at_end: bool) -> bool:
    """Whether a namespace begins, or ends, with a path; ``*`` in the path is any one label."""
    if len(namespace) < len(path):
        return False
    part = namespace[len(namespace) - len(path) :] if at_end else namespace[: len(path)]
    return all(want in ("*", label) for label, want in zip(part, path, strict=True))


def namespaces(
    spaces: Iterable[str], conditions: Sequence[tuple[Sequence[str], bool]], depth: int | None
) -> list[tuple[str, ...]]:
    """Those that begin, or end (True), with every path; in order, cut at ``depth`` labels, each once."""
    every = (tuple(space.split(".")) for space in spaces)
    kept = (one for one in every if all(in_namespace(one, path, at_end=at_end) for path, at_end in conditions))
    return sorted({one[:depth] for one in kept})


def _field(value: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        return ABSENT
    if name in value:
        return value[name]
    head, dot, rest = name.partition(".")
    return _field(value.get(head), rest) if dot else ABSENT


def _fits(value: Any, want: Any) -> bool:
    if isinstance(want, Mapping):
        if any(str(key).startswith("$") for key in want):
            return all(_compare(value, operator, other) for operator, other in want.items())
        return isinstance(value, Mapping) and all(_fits(value.get(key, ABSENT), other) for key, other in want.items())
    if isinstance(want, list | tuple):
        same = isinstance(value, list | tuple) and len(value) == len(want)
        return same and all(_fits(one, other) for one, other in zip(value, want, strict=True))
    return _same(value, want)


def _same(value: Any, want: Any) -> bool:
    if value is ABSENT:
        return want is None
    return bool(value == want) and isinstance(value, bool) == isinstance(want, bool)


def _compare(value: Any, operator: str, other: Any) -> bool:
    if operator in ("$eq", "$ne"):
        return _fits(value, other) == (operator == "$eq")
    if operator not in _ORDER:
        raise InputError(f"unknown operator {operator!r} in a filter; known: {', '.join(OPERATORS)}")
    texts = isinstance(value, str) and isinstance(other, str)
    numbers = isinstance(value, int | float) and isinstance(other, int | float)
    return (texts or numbers) and _ORDER[operator](value, other)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
