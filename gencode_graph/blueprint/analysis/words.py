"""Words of a request: cut, brought to their singular, and back to plurals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gencode_graph.spec_names import ENTITY_WORDS

if TYPE_CHECKING:
    import inflect

_TOKEN = re.compile(r"https?://\S+|[^\W_]+(?:[-'’./+#][^\W_]+)*[+#]*|[^\w\s]|_+")
_UNCOUNTED = frozenset(
    "equipment information inventory software hardware staff furniture luggage feedback advice music".split()
)
_KEEP = frozenset(
    "news series species status progress analysis basis diagnosis crisis chess tennis address access business process class "
    "boss dress glass grass kiss loss mass pass bus gas lens canvas campus focus virus bonus census corpus menu sos css js "
    "redis sass saas aws ios dns gps sms os rss always perhaps various previous obvious famous us this his its is was has does "
    "less plus minus thus yes sales physics mathematics economics politics athletics logistics analytics goods clothes thanks".split()
)
_PLURALS = {"person": "people", "staff": "staff_members", "equipment": "equipment_items", "inventory": "inventories"}


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word or a mark of the request."""

    text: str
    norm: str
    """Lower case, singular, in English where a dictionary has it."""
    start: int
    end: int
    plural: bool = False
    mark: bool = False


@cache
def _engine() -> inflect.engine:
    import inflect

    return inflect.engine()


@cache
def singular(word: str) -> str:
    """``categories`` -> ``category``; words that are singular already stay."""
    if len(word) < 3 or word in _KEEP or word in _UNCOUNTED or word.endswith(("ss", "'s")) or not word.isalpha():
        return word
    if word in ("people", "folks"):
        return "person"
    if word in ("data", "media", "criteria"):
        return word
    if not word.endswith("s") and word not in _IRREGULAR:
        return word
    try:
        return str(_engine().singular_noun(word) or word)  # type: ignore[arg-type]
    except (ValueError, IndexError):
        return word


_IRREGULAR = frozenset(
    "children men women mice geese teeth feet oxen wives knives lives alumni fungi cacti dice vertices indices".split()
)


@cache
def plural_of(name: str, told: str | None) -> str:
    """The plural of a snake-case name: ``bug_report`` -> ``bug_reports``; never the name itself, never reserved."""
    if told:
        made = re.sub(r"[^a-z0-9]+", "_", told.lower()).strip("_")
    elif name in _PLURALS:
        made = _PLURALS[name]
    else:
        head, _, last = name.rpartition("_")
        word = last if last.endswith("s") and singular(last) != last else _plural_word(last)
        made = f"{head}_{word}" if head else word
    if made == name or made in ENTITY_WORDS or not re.fullmatch(r"[a-z][a-z0-9_]*", made):
        made = f"{name}_list" if f"{name}_list" not in ENTITY_WORDS else f"{name}_rows"
    return made[:40]


def _plural_word(word: str) -> str:
    try:
        return str(_engine().plural_noun(word)).lower() if word.isalpha() else f"{word}s"  # type: ignore[arg-type]
    except (ValueError, IndexError):
        return f"{word}s"


def tokens(text: str) -> list[Token]:
    """The words and marks of a text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        mark = not any(c.isalnum() for c in word)
        low = word.lower().replace("’", "'")
        if low.endswith("'s"):
            low = low[:-2]
        norm = low if mark else singular(low)
        found.append(Token(text=word, norm=norm, start=match.start(), end=match.end(), plural=norm != low, mark=mark))
    return found
