"""What a request may be at all."""

from __future__ import annotations

import unicodedata

from gencode_graph.errors import RequestError

LONGEST = 20_000
SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
"""Variation selectors: they choose between pictures of a character, and can hide text."""


def check_request(request: str) -> str:
    """The request in composed form, without what cannot be seen and without white space at its ends.

    ``RequestError`` says how to put a request right that cannot be used.
    """
    if len(request) > LONGEST:
        raise RequestError(f"the request has {len(request):,} characters; shorten it to {LONGEST:,}")
    for at, char in enumerate(request):
        kind = unicodedata.category(char)
        if kind == "Cs":
            raise RequestError(f"the request is no valid text at character {at + 1}; save it as UTF-8")
        if kind == "Cc" and char not in "\t\n\r":
            raise RequestError(f"the request has a control character ({char!r}) at character {at + 1}; take it out")
    seen = (char for char in request if unicodedata.category(char) != "Cf" and char not in SELECTORS)
    text = unicodedata.normalize("NFC", "".join(seen)).strip()
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        raise RequestError(
            "the request is empty; say in a sentence what to build, for instance: a recipe box with ratings"
        )
    return text
