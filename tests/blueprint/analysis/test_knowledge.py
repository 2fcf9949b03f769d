"""The well-known kinds of records: every one can stand in an app."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.blueprint.analysis import analyse, knowledge
from gencode_graph.blueprint.analysis.knowledge import concepts
from gencode_graph.blueprint.icons import known
from gencode_graph.errors import WiringError


def test_every_known_kind_gives_a_sound_app() -> None:
    for concept in concepts().values():
        plural = concept.plural or f"{concept.words[0]}s"
        assert analyse(f"Manage {plural.replace('_', ' ')}").entities, concept.name


def test_every_icon_exists() -> None:
    icons = {(c.name, c.icon) for c in concepts().values()}
    icons |= {(c.name, o.icon) for c in concepts().values() for f in c.fields for o in f.options if o.icon}
    assert sorted(pair for pair in icons if pair[1] not in known()) == []


def test_every_named_neighbour_exists() -> None:
    everybody = concepts()
    named = {(c.name, n) for c in everybody.values() for n in (*c.needs, *c.brings, *(r.target for r in c.relations))}
    assert sorted(pair for pair in named if pair[1] not in everybody) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class: {fields: {name: string!}}", "a.yaml: class is a reserved name"),
        ("thing: 3", "a.yaml: thing has to be a mapping"),
        ("thing: {fields: {name: string}}", "a.yaml: thing: .*has to be a required string"),
        ("thing: {fields: {name: strong!}}", "a.yaml: thing: fields.*'string', 'text'"),
        ("thing: {fields: {name: string!}, board: name}", "name is no enum field"),
        ("thing: {fields: {name: string!}, seeds: [{nome: x}]}", "seed 1 has nome"),
        ("thing: {fields: {name: string!}, colour: red}", "colour"),
        ("thing: [", "a.yaml cannot be read"),
    ],
)
def test_a_file_with_a_mistake_is_named(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(text)
    monkeypatch.setattr(knowledge, "FOLDER", tmp_path)
    concepts.cache_clear()
    try:
        with pytest.raises(WiringError, match=said):
            concepts()
    finally:
        concepts.cache_clear()
