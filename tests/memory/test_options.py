"""Decision points are files; users and packages add to them, and a file that cannot be used is named."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import get_args

import pytest

from gencode_graph.errors import SettingError
from gencode_graph.memory import options
from gencode_graph.memory.options import points, version
from gencode_graph.settings import Settings
from gencode_graph.spec import Archetype, Vibe
from gencode_graph.types import Tier

ERROR_CLASSES = "runtime syntax environment type dependency config network import lint logic timeout security"
REPAIRS = "fix pattern regenerate regenerate_higher foreign restore_file restore_step person"


def given(home: Path, point: str, text: str) -> Settings:
    (home / "options").mkdir(exist_ok=True)
    (home / "options" / f"{point}.yaml").write_text(text)
    return Settings(home=home)


@pytest.mark.parametrize(
    ("point", "names"),
    [
        ("archetype", get_args(Archetype)),
        ("vibe", get_args(Vibe)),
        ("error_class", ERROR_CLASSES.split()),
        ("repair", REPAIRS.split()),
        ("model_tier", get_args(Tier)),
    ],
)
def test_a_point_has_the_options_that_the_program_knows(tmp_path: Path, point: str, names: tuple[str, ...]) -> None:
    assert sorted(points(Settings(home=tmp_path))[point].options) == sorted(names)


def test_every_point_says_what_it_decides_and_every_option_what_it_means(tmp_path: Path) -> None:
    found = points(Settings(home=tmp_path))
    assert {"context_files", "skills", "supervision"} < found.keys()
    for point in found.values():
        assert point.decides
        for option in point.options.values():
            assert len(option.description.split()) > 8, option
            assert len(option.examples) >= 3, option
            assert option.value or point.name == "error_class", option
    assert all(option.value["text"] for option in found["skills"].options.values())


def test_a_user_adds_options_and_changes_others(tmp_path: Path) -> None:
    before = points(Settings(home=tmp_path))["skills"].options
    text = "options:\n  pets: {description: animals, value: {text: Be kind.}}\n  money: {value: {text: Count twice.}}\n"
    after = points(given(tmp_path, "skills", text))["skills"].options
    assert after.keys() - before.keys() == {"pets"}
    assert after["pets"].value == {"text": "Be kind."}
    assert after["money"].value == {"text": "Count twice."}
    assert after["money"].description == before["money"].description
    assert version(after["money"]) != version(before["money"])
    assert version(after["search"]) == version(before["search"])


def test_a_package_brings_points_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "my_points"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "colour.yaml").write_text("decides: which colour\noptions: {red: {description: like blood}}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = EntryPoint(name="mine", value="my_points", group="gencode_graph.options")
    monkeypatch.setattr(options, "entry_points", lambda group: [entry])
    assert points(Settings(home=tmp_path))["colour"].options["red"].description == "like blood"
    sys.modules.pop("my_points", None)


def test_a_package_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="mine", value="no_such_points", group="gencode_graph.options")
    monkeypatch.setattr(options, "entry_points", lambda group: [entry])
    with pytest.raises(SettingError, match="names 'no_such_points', which is no package here"):
        points(Settings(home=tmp_path))


@pytest.mark.parametrize(
    ("point", "text", "says"),
    [
        ("skils", "options: {a: {description: a}}", "no decision point 'skils'; rename it to one of archetype"),
        ("skills", "options: [", "cannot be read: .*; correct it, or move it away"),
        ("skills", "- 1", "the file: "),
        ("skills", "options: {}", "options: "),
        ("skills", "options: {a: {value: {}}}", "a is new, so it needs a description"),
        ("skills", "options: {a: {description: ''}}", "options.a.description: "),
        ("skills", "options: {a: {description: a, weight: 1}}", "options.a.weight: Extra inputs"),
        ("skills", "words: 2\noptions: {a: {description: a}}", "words: "),
        ("skills", "a: &a [*a]\noptions: 1", "skills.yaml"),
        ("archetype", "options: {game: {description: a game}}", "game: archetype has only admin_dashboard"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_fix(tmp_path: Path, point: str, text: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as caught:
        points(given(tmp_path, point, text))
    assert f"{point}.yaml" in str(caught.value)


def test_a_file_is_read_again_when_it_was_changed(tmp_path: Path) -> None:
    points(given(tmp_path, "skills", "options: {pets: {description: animals}}"))
    again = points(given(tmp_path, "skills", "options: {plants: {description: flowers}}"))["skills"].options
    assert "plants" in again
    assert "pets" not in again
