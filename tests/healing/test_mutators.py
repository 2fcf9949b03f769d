"""Faults for the benchmark of healing: the same for a seed, each in one place, none in a test."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from random import Random

import pytest

from gencode_graph.blueprint.render import render_all
from gencode_graph.healing.patient import is_judge
from gencode_graph.validation.preflight import judge
from tests.blueprint.specs import spec

sys.path.insert(0, str(Path(__file__).parents[2]))  # the benchmarks are no part of the package

from benchmarks.mutators import CLASSES, draw
from benchmarks.mutators.apps import App, camel, misspelt, snake

WAYS = [(kind, language) for kind, ways in CLASSES.items() for language in ways]


@cache
def app() -> App:
    made = render_all(spec("bugtracker"))
    files = {p: t if isinstance(t, str) else t.decode(errors="replace") for p, t in made.items()}
    return App(name="bugtracker", files=files, spec=spec("bugtracker"))


@pytest.mark.parametrize(("kind", "language"), WAYS)
def test_every_class_finds_a_place_and_leaves_tests_alone(kind: str, language: str) -> None:
    for seed in range(3):
        fault = draw(kind, language, [app()], Random(seed))  # type: ignore[arg-type]
        assert fault.changes
        assert all(app().files.get(path) != text and not is_judge(path) for path, text in fault.changes.items())


def test_a_seed_gives_the_same_fault_again() -> None:
    assert draw("name", "python", [app()], Random(7)) == draw("name", "python", [app()], Random(7))


def test_a_forgotten_import_is_seen_at_once() -> None:
    fault = draw("import", "python", [app()], Random(1))
    changes = {path: text or "" for path, text in fault.changes.items()}
    found = judge(changes, app().files)
    assert "names/undefined" in {finding.rule for finding in found}


def test_nothing_to_change_says_so() -> None:
    empty = App(name="empty", files={}, spec=spec("bugtracker"))
    with pytest.raises(LookupError, match="give more apps"):
        draw("name", "python", [empty], Random(0))


@pytest.mark.parametrize("word", ["page_size", "useCreateIssue", "Session", "status"])
def test_a_slip_is_near_the_word_and_not_in_use(word: str) -> None:
    for seed in range(30):
        slip = misspelt(word, Random(seed), {f"{word}s"})
        assert slip is not None
        assert slip not in (word, f"{word}s")
        assert slip.isidentifier()


def test_words_change_their_case() -> None:
    assert camel("page_size") == "pageSize"
    assert snake("pageSize") == "page_size"
