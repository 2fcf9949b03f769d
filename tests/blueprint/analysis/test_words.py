"""Words: singulars, plurals, and which of them are verbs."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis.words import names_thing, plural_of, singular, tokens

SINGULARS = {
    "categories": "category", "boxes": "box", "people": "person", "leaves": "leaf", "movies": "movie", "news": "news",
    "status": "status", "chess": "chess", "humorous": "humorous", "analysis": "analysis",
    "buses": "bus", "cookies": "cookie",
}  # fmt: skip


@pytest.mark.parametrize("word", SINGULARS)
def test_words_are_brought_to_their_singular(word: str) -> None:
    assert singular(word) == SINGULARS[word]


@pytest.mark.parametrize(
    ("name", "plural"),
    [("bug_report", "bug_reports"), ("category", "categories"), ("person", "people"), ("series", "series_list")],
)
def test_a_plural_is_never_the_name(name: str, plural: str) -> None:
    assert plural_of(name, None) == plural


def verbs(text: str) -> list[str]:
    return [t.verb for t in tokens(text) if t.verb]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Users can book rooms and manage bookings", ["book", "manage"]),
        ("a log of books and orders", []),
        ("an app that assigns chores and tracks completion", ["assign", "track"]),
        ("a bug tracking system", []),
        ("an interface for managing classes", ["manage"]),
        ("to track books, members and loans", ["track"]),
        ("help me keep track of tools", ["help", "keep", "track"]),
    ],
)
def test_verbs_are_told_from_nouns(text: str, found: list[str]) -> None:
    assert verbs(text) == found


def test_words_that_name_nothing_are_left_out() -> None:
    named = [t.norm for t in tokens("A simple web app to log suspicious meteorites using React") if names_thing(t)]
    assert named == ["meteorite"]
