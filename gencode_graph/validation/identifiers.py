"""Names in code that look like others: letters of alphabets that resemble Latin ones."""

from __future__ import annotations

import re
import unicodedata

from gencode_graph.types import Finding
from gencode_graph.validation.comments import without_words
from gencode_graph.validation.kinds import SCRIPTS, kind_of

_WORD = re.compile(r"[^\W\d]\w*")
_TWINS = frozenset("аеорсхуіјѕһԁԛԝАВЕКМНОРСТХУІЈЅοαρνικυτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Letters of other alphabets that a reader takes for Latin ones."""


def identifiers(path: str, text: str) -> list[Finding]:
    """A finding for each name in code that can be mistaken for another one."""
    kind = kind_of(path)
    if text.isascii() or kind not in ("python", *SCRIPTS):
        return []
    found = {}
    for line, word in without_words(kind, text):
        if word not in found and _deceives(word):
            found[word] = line
    return [
        Finding(
            rule="text/lookalike",
            message=f"the name {word.encode('ascii', 'backslashreplace').decode()} looks like another one",
            path=path,
            line=line,
            hint="write names in ASCII",
        )
        for word, line in found.items()
    ]


def _deceives(word: str) -> bool:
    """A twin beside Latin letters, nothing but twins, or letters that Python reads as others."""
    if word.isascii() or not _WORD.fullmatch(word):
        return False
    strange = [letter for letter in word if not letter.isascii() and letter.isalpha()]
    twins = [letter for letter in strange if letter in _TWINS]
    latin = any(letter.isascii() and letter.isalpha() for letter in word)
    symbol = len(word) == 1 and unicodedata.name(word, "").startswith("GREEK SMALL")  # as in a formula, alone
    return (
        bool(twins and (latin or len(twins) == len(strange)) and not symbol)
        or unicodedata.normalize("NFKC", word) != word
    )
