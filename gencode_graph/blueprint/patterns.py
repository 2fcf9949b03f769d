"""Texts that match a simple regular expression."""

from __future__ import annotations

import re
from typing import Any

_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": "abcdefghijklmnopqrstuvwxyz0123456789",
    "CATEGORY_SPACE": " ",
}


def alphabets(pattern: str, spare: int = 0) -> list[str]:
    """The letters that are possible at each place of the shortest texts that match; any choice of them matches.

    With ``spare``, what may be repeated is, as many times more as it may.
    """
    return _sequence(re._parser.parse(pattern), spare)  # type: ignore[attr-defined]


def _sequence(parts: Any, spare: int) -> list[str]:
    return [letters for name, argument in parts for letters in _part(str(name), argument, spare)]


def _part(name: str, argument: Any, spare: int) -> list[str]:
    match name:
        case "LITERAL":
            return [chr(argument)]
        case "ANY" | "NOT_LITERAL":
            return ["".join(c for c in "abcdefgh" if name == "ANY" or ord(c) != argument)]
        case "IN":
            return [_letters(argument)]
        case "MAX_REPEAT" | "MIN_REPEAT":
            low, high, inner = argument
            return _sequence(inner, spare) * int(max(low, min(1, high), min(low + spare, high)))
        case "SUBPATTERN":
            return _sequence(argument[-1], spare)
        case "BRANCH":
            return _sequence(argument[1][0], spare)
    return []


def _letters(parts: Any) -> str:
    refused = str(parts[0][0]) == "NEGATE"
    found: list[str] = []
    for name, argument in parts:
        match str(name):
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                found += [chr(code) for code in range(argument[0], argument[1] + 1)]
            case "CATEGORY":
                found += _CATEGORIES.get(str(argument), "a")
    if refused:
        return "".join(c for c in "abcdefghijklmnopqrstuvwxyz0123456789" if c not in found)
    return "".join(dict.fromkeys(found))
