"""Causes: what an exception's type and the words of its message say of a category; the words are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gencode_graph.healing.logs.clue import Category, kinds


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A category for a reason."""

    category: Category
    alternatives: tuple[Category, ...] = ()
    code: str | None = None
    """The system's own name of it: ``ECONNREFUSED``."""


@dataclass(frozen=True, kw_only=True)
class _Rule:
    pattern: re.Pattern[str]
    cause: Cause


@cache
def _data(name: str) -> Any:
    return yaml.safe_load((files("gencode_graph.healing") / f"errors/{name}.yaml").read_text("utf-8"))


@cache
def rules(name: str, part: str) -> tuple[_Rule, ...]:
    """Patterns of a data file in order; the first that matches decides."""
    made = []
    for text, words in _data(name)[part].items():
        category, alternatives = kinds(words)
        made.append(_Rule(pattern=re.compile(text), cause=Cause(category=category, alternatives=alternatives)))
    return tuple(made)


def by_message(message: str, name: str = "messages", part: str = "system") -> Cause | None:
    """What words that only a system or a tool writes say; None where there are none."""
    for rule in rules(name, part):
        if match := rule.pattern.search(message):
            code = match.groupdict().get("code")
            return Cause(category=rule.cause.category, alternatives=rule.cause.alternatives, code=code or None)
    return None


@cache
def _types(part: str) -> dict[str, Cause]:
    table = {}
    for words, listed in _data("exceptions")[part].items():
        category, alternatives = kinds(words)
        table.update({name: Cause(category=category, alternatives=alternatives) for name in listed.split()})
    return table


def by_type(kind: str, language: str) -> Cause | None:
    """What an exception's type alone says; the last part of a dotted name counts."""
    last = re.split(r"[.:\\$]+", kind)[-1]
    for part in (language, "any"):
        if last in _types(part):
            return _types(part)[last]
    return None


def by_ending(kind: str) -> Cause | None:
    """What an unknown exception's name ends in: ``MyTimeoutError`` is a timeout."""
    return by_message(re.split(r"[.:\\$]+", kind)[-1], "exceptions", "endings")


def of_exception(kind: str, message: str, language: str) -> Cause:
    """The category of an exception: particular words of its message, its type, system words, how its name ends."""
    return (
        by_message(f"{kind}: {message}", "messages", language)
        or by_type(kind, language)
        or by_message(message)
        or by_ending(kind)
        or Cause(category="runtime", alternatives=("logic",))
    )
