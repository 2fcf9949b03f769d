"""The name of an app: what the request calls it, or what it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gencode_graph.blueprint.analysis.compose import plural_label
from gencode_graph.blueprint.analysis.knowledge import Concept
from gencode_graph.blueprint.analysis.lexicon import words
from gencode_graph.blueprint.analysis.words import tokens

_CALLED = re.compile(r"\b(?:called|named|titled)\s+[\"“'«]?([A-Z][\w&'’-]*(?:\s+[A-Z0-9][\w&'’-]*){0,3})")
_ENDS = {"tracking": "Tracker", "tracker": "Tracker", "management": "Manager", "manager": "Manager", "organizer": "Organizer", "planner": "Planner"} | {
    "crm": "CRM", "inventory": "Inventory", "catalog": "Catalog", "journal": "Journal", "diary": "Diary", "log": "Log", "wiki": "Wiki",
    "converter": "Converter", "editor": "Editor", "generator": "Generator", "shortener": "Shortener", "library": "Library", "marketplace": "Marketplace",
    "store": "Store", "shop": "Shop", "forum": "Forum", "blog": "Blog", "board": "Board", "explorer": "Explorer", "timer": "Timer", "calendar": "Calendar",
}  # fmt: skip


def name(request: str, concepts: Sequence[Concept], main: Concept) -> str:
    """At most 60 characters, in title case; never a cut sentence."""
    if found := _CALLED.search(request):
        return found[1].strip()[:60]
    cut = tokens(request)[:30]
    for at, token in enumerate(cut):
        low = token.text.lower()
        if low in _ENDS and at:
            before = [t for t in cut[max(0, at - 2) : at] if not t.mark]
            kept = []
            for word in reversed(before):
                if word.norm in words("function") | words("adjectives") | words("verbs") | words("generic"):
                    break
                kept.insert(0, word.text)
            if kept:
                return _title([*kept, _ENDS[low]])
    return _title(plural_label(main.label).split())


def _title(parts: Sequence[str]) -> str:
    return " ".join(p if p[1:2].isupper() else p[:1].upper() + p[1:] for p in parts)[:60]
