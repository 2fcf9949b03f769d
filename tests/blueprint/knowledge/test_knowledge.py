"""The knowledge files: every kind is whole, its words are its own, and its rows speak of what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gencode_graph.blueprint import knowledge
from gencode_graph.blueprint.analysis import reading
from gencode_graph.blueprint.analysis.knowledge import Concept, concepts
from gencode_graph.blueprint.icons import known
from gencode_graph.spec_fields import field_problems

FOLDER = Path(str(knowledge.__file__)).parent
KINDS = sorted(concepts())


def test_there_are_many() -> None:
    assert len(KINDS) >= 150


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_files_stay_readable(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) < 250


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_whole(name: str) -> None:
    kind = concepts()[name]
    assert 1 <= len(kind.fields) <= 13
    assert kind.words
    assert kind.about.endswith((".", "!", "?"))
    assert len(kind.seeds) >= 5
    assert [f"{f.name}: {text}" for f in kind.fields for text in field_problems(f)] == []


@pytest.mark.parametrize("name", KINDS)
def test_its_icons_exist(name: str) -> None:
    kind = concepts()[name]
    icons = {kind.icon, *(o.icon for f in kind.fields for o in f.options if o.icon)}
    icons |= {str(hint["icon"]) for hint in kind.dashboard if "icon" in hint}
    assert icons <= known()


@pytest.mark.parametrize("name", KINDS)
def test_it_refers_to_kinds_that_exist(name: str) -> None:
    kind = concepts()[name]
    named = {r.target for r in kind.relations} | {*kind.needs, *kind.brings, *kind.seeds_with}
    named |= {figure.source for figure in kind.aggregates.values()}
    named |= set(kind.part_of) - {r.name for r in kind.relations}
    assert named <= {*KINDS}


@pytest.mark.parametrize("name", KINDS)
def test_its_rows_name_rows_that_are_told(name: str) -> None:
    kind = concepts()[name]
    targets = {r.name: r.target for r in kind.relations}
    for row in _rows(kind):
        for relation in targets.keys() & row.keys():
            wished = row[relation] if isinstance(row[relation], list) else [row[relation]]
            told = [other.get(concepts()[targets[relation]].title) for other in _rows(concepts()[targets[relation]])]
            assert [w for w in wished if w not in told] == [], f"{name}.{relation}"


def test_a_word_of_several_kinds_needs_a_context_in_all_but_one() -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for kind in concepts().values():
        for word in {*kind.words, kind.name.replace("_", " ")}:
            owners[word.lower()].add(kind.name)
    narrow = set(yaml.safe_load(Path(str(reading.__file__)).with_name("contexts.yaml").read_text(encoding="utf-8")))
    unclear = {word: names for word, names in owners.items() if len(names - narrow) > 1}
    assert unclear == {}


def test_no_told_text_is_a_placeholder() -> None:
    said = " ".join(str(value) for kind in concepts().values() for row in _rows(kind) for value in row.values()).lower()
    assert [word for word in ("lorem", "foo bar", "item 1", "test test", "asdf", "todo:") if word in said] == []


def _rows(kind: Concept) -> Iterator[dict[str, object]]:
    yield from kind.seeds
    for rows in kind.seeds_with.values():
        yield from rows
