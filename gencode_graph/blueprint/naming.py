"""Words and order: how names are written, which classes the backend has, which tables come first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gencode_graph.spec import Entity

_VOWEL = re.compile(r"(?!eu|one\b|u(?:ni|se|ti))[aeiou]|hour|hono|heir", re.IGNORECASE)
_SUFFIXES = ("", "Create", "Update", "Read", "Ref", "ListParams")


def pascal(name: str) -> str:
    """``bug_report`` -> ``BugReport``."""
    return "".join(word.capitalize() for word in name.split("_"))


def camel(name: str) -> str:
    """``bug_report`` -> ``bugReport``."""
    word = pascal(name)
    return word[:1].lower() + word[1:]


def kebab(name: str) -> str:
    """``bug_report`` -> ``bug-report``."""
    return name.replace("_", "-")


def noun(label: str) -> str:
    """A label within a sentence, abbreviations kept: ``Bug report`` -> ``bug report``, ``API key`` -> ``API key``."""
    return " ".join(word if word[1:].lower() != word[1:] else word.lower() for word in label.split())


def with_article(label: str) -> str:
    """``Issue`` -> ``an issue``, ``User`` -> ``a user``."""
    return f"{'an' if _VOWEL.match(label) else 'a'} {noun(label)}"


def type_names(entities: Sequence[Entity]) -> dict[tuple[str, str], str]:
    """(entity, field) -> the name of the field's own type: ``IssueStatus``, with ``Value`` where that is taken."""
    taken = {pascal(e.name) + suffix for e in entities for suffix in _SUFFIXES}
    found: dict[tuple[str, str], str] = {}
    for entity in entities:
        for field in sorted(entity.fields, key=lambda f: f.type != "enum"):
            name = pascal(entity.name) + pascal(field.name)
            while name in taken:
                name += "Value"
            taken.add(name)
            found[entity.name, field.name] = name
    return found


def dependencies(entities: Sequence[Entity]) -> dict[str, set[str]]:
    """Entity -> what must be there before it: the targets of its ``one`` relations, less what closes a circle."""
    found: dict[str, set[str]] = {e.name: set() for e in entities}

    def reaches(start: str, goal: str) -> bool:
        return start == goal or any(reaches(name, goal) for name in found[start])

    relations = [(e.name, r) for e in entities for r in e.relations if r.kind == "one"]
    for owner, relation in sorted(relations, key=lambda pair: not pair[1].required):
        if not reaches(relation.target, owner):
            found[owner].add(relation.target)
    return found


def in_order(entities: Sequence[Entity]) -> tuple[str, ...]:
    """Parents before children, as far as relations make no circle; otherwise as given."""
    before, done = dependencies(entities), dict[str, None]()
    while len(done) < len(entities):
        done[next(e.name for e in entities if e.name not in done and before[e.name] <= done.keys())] = None
    return tuple(done)
