"""Words that are written for one another: in the kit of components, among colours, and in the questions to an API."""

from __future__ import annotations

import re
from collections.abc import Collection

from gencode_graph.healing.web.alike import closest

_GROUPS = """
gray grey slate zinc neutral stone silver
purple violet
magenta fuchsia pink
cyan teal sky turquoise
orange amber
yellow amber
green emerald lime
red rose crimson
blue indigo navy
danger destructive error critical
primary default main contained solid filled standard
secondary muted subtle
outlined outline bordered
text ghost plain
success green positive
warning amber yellow orange
info blue
small sm s tiny compact xs
medium md m default base
large lg l big
start left begin
end right
middle center centre
limit page_size per_page pagesize size count take first
offset skip page
q search query term keyword text filter
sort order order_by sort_by orderby sortby ordering
name title label
label title name
body data payload json content
done finished completed complete closed
open todo new
in_progress doing started ongoing active
urgent critical highest
description details text summary
email mail
image photo picture avatar cover
created_at created date_created
updated_at updated modified modified_at
"""


def meant(name: str, known: Collection[str]) -> str | None:
    """The one of some words that is meant by another: close to it, short for it, a part of it, or the same thing."""
    if (near := closest(name, known)) is not None:
        return near
    for ways in (_worded, _shortened, _alike):
        found = ways(name, known)
        if len(found) == 1:
            return found[0]
    return None


def _shortened(name: str, known: Collection[str]) -> list[str]:
    """Words that one is short for, as ``btn`` is for ``button``."""
    return [one for one in known if len(name) > 1 and (_is_short(name, one) or (len(one) > 1 and _is_short(one, name)))]


def _is_short(short: str, word: str) -> bool:
    letters = iter(word.lower())
    return word[:1].lower() == short[:1].lower() and len(word) > len(short) and all(s in letters for s in short.lower())


def _worded(name: str, known: Collection[str]) -> list[str]:
    """Words that are the last one of some."""
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name)]
    return [one for word in reversed(words) for one in known if one.lower() == word][:1] if len(words) > 1 else []


def _alike(name: str, known: Collection[str]) -> list[str]:
    """Words of the same group, those of its first group before others."""
    low = name.lower()
    for group in _GROUPS.split("\n"):
        words = group.split()
        if low in words or low.replace("-", "_") in words:
            found = [one for one in known if re.sub(r"-", "_", one.lower()) in words and one != name]
            if found:
                return sorted(found, key=lambda one: words.index(re.sub(r"-", "_", one.lower())))[:1]
    return []
