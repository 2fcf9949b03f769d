"""Words of a request: cut, brought to their singular, and back to plurals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from gencode_graph.blueprint.analysis import plurals
from gencode_graph.blueprint.analysis.lexicon import describes, empty, verb, words
from gencode_graph.spec_names import ENTITY_WORDS

_TOKEN = re.compile(r"https?://\S+|[^\W_]+(?:[-'’./+#][^\W_]+)*[+#]*|[^\w\s]|_+")
_PLURALS = {"person": "people", "staff": "staff_members", "equipment": "equipment_items", "inventory": "inventories"}
_US = frozenset(["menus", "gurus", "emus", "skis", "taxis", "bikinis", "kiwis", "pianos"])
_SUBJECTS = frozenset(
    ["that", "which", "it", "app", "system", "application", "tool", "platform", "and", "also", "site"]
)
_GERUND_AFTER = frozenset(
    ["for", "by", "of", "while", "like", "start", "without", "using", "in", "about", "from", "when"]
)


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
    alias: str = ""
    """The English word, where a dictionary has one."""
    verb: str | None = None
    """The base form, where the word is used as a verb."""

    @property
    def low(self) -> str:
        return self.alias or self.text.lower().replace("’", "'")


@cache
def singular(word: str) -> str:
    """``categories`` -> ``category``; words that are singular already stay."""
    if word in ("people", "folks"):
        return "person"
    if len(word) < 3 or not word.isalpha() or word in words("keep") | words("uncounted"):
        return word
    if not word.endswith("s") and word not in words("irregular"):
        return word
    if word.endswith(("ss", "us", "is", "ous")) and word not in _US:
        return word
    return plurals.one(word) or word


@cache
def plural_of(name: str, told: str | None) -> str:
    """The plural of a snake-case name: ``bug_report`` -> ``bug_reports``; never the name itself, never reserved."""
    if told:
        made = re.sub(r"[^a-z0-9]+", "_", told.lower()).strip("_")
    elif name in _PLURALS:
        made = _PLURALS[name]
    else:
        head, _, last = name.rpartition("_")
        word = plurals.many(last).lower() if last.isalpha() else f"{last}s"
        made = f"{head}_{word}" if head else word
    if made == name or made in ENTITY_WORDS or not re.fullmatch(r"[a-z][a-z0-9_]*", made):
        made = f"{name}_list"
    return made[:40].rstrip("_")


def tokens(text: str) -> list[Token]:
    """The words and marks of a text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        mark = not any(c.isalnum() for c in word)
        low = word.lower().replace("’", "'").removesuffix("'s").removesuffix("s'")
        norm = low if mark else singular(low)
        found.append(Token(text=word, norm=norm, start=match.start(), end=match.end(), plural=norm != low, mark=mark))
    return tagged(found)


def tagged(cut: Sequence[Token]) -> list[Token]:
    """The tokens with ``verb`` set where a word is used as one."""
    done: list[Token] = []
    for token in cut:
        done.append(replace(token, verb=_acting(token, done)))
    return done


def _acting(token: Token, done: Sequence[Token]) -> str | None:
    """The base form of a word that is used as a verb after these; None for nouns and the rest."""
    base = None if token.mark else verb(token.low)
    if base is None or (token.low.endswith("ed") and token.low != base):
        return None
    before = done[-1].norm if done else "."
    chained = before in ("and", "or", ",", "&", "/") and any(t.verb for t in done[-3:])
    if token.low == base:
        if base == "track" and before == "keep":
            return base
        if done and done[-1].plural and not done[-1].verb:
            return base
        free = base not in words("both") or before in words("modal") or before in ".!?;:\n" or chained
        return base if free else None
    if token.low.endswith("ing"):
        return base if before in _GERUND_AFTER or chained or before in words("modal") else None
    third = before in _SUBJECTS and (
        before not in ("and", "also") or any(t.verb and t.low[-1] == "s" for t in done[-30:])
    )
    return base if third else None


def names_thing(token: Token) -> bool:
    """Whether a word may be part of the name of a thing."""
    if token.mark or token.verb or empty(token.norm) or describes(token.low) or len(token.norm) < 2:
        return False
    if token.norm in words("singular_only") and not token.plural:
        return False
    base = verb(token.low)
    return base is None or (base in words("both") and (token.plural or not token.low.endswith(("ing", "ed"))))
