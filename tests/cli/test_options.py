"""What a command is told becomes settings, a request, a folder and a file, or one clear error."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.cli.make import new
from gencode_graph.cli.options import fresh, request_from, settings_from, slug, writable
from gencode_graph.errors import InputError, RequestError, SettingError
from gencode_graph.spec import Archetype, Vibe


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ("Create a bug tracking system with projects, issues, comments and labels", "bug-tracking"),
        ("Build me a gym app", "gym"),
        ("a simple recipe book where people rate recipes", "recipe-book"),
        ("I would like an online flower shop, please", "online-flower-shop"),
        ("Café Ménage für Gäste", "cafe-menage-fur"),
        ("Сделай трекер задач", "app"),
        ("app", "app"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 100, "x" * 20),
    ],
)
def test_a_folder_is_named_after_the_request(request_: str, name: str) -> None:
    assert slug(request_) == name


@given(st.text())
def test_a_folder_name_is_always_one_plain_segment(text: str) -> None:
    assert slug(text)
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug(text)) <= 62


def test_a_taken_folder_is_left_alone(tmp_path: Path) -> None:
    assert fresh(tmp_path, "gym") == tmp_path / "gym"
    (tmp_path / "gym").mkdir()
    assert fresh(tmp_path, "gym") == tmp_path / "gym"
    (tmp_path / "gym" / "notes.txt").write_text("mine")
    (tmp_path / "gym-2").write_text("a file")
    assert fresh(tmp_path, "gym") == tmp_path / "gym-3"


@pytest.mark.parametrize(("option", "known"), [("archetype", get_args(Archetype)), ("vibe", get_args(Vibe))])
def test_an_unknown_kind_or_look_lists_the_known_ones(option: str, known: tuple[str, ...]) -> None:
    with pytest.raises(SettingError) as raised:
        settings_from(**{option: "neon"})
    assert f"--{option} 'neon'" in str(raised.value)
    assert all(name in str(raised.value) for name in known)


def test_the_help_names_every_kind_and_look() -> None:
    hints = get_type_hints(new, include_extras=True)
    described = " ".join(str(hints[name].__metadata__[0].help) for name in ("archetype", "vibe"))
    assert [name for name in (*get_args(Archetype), *get_args(Vibe)) if name not in described] == []


def test_a_bad_variable_is_named_as_the_user_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENCODE_ATTEMPTS", "99")
    with pytest.raises(SettingError, match=r"GENCODE_ATTEMPTS '99' cannot be used: .*less than or equal to 5"):
        settings_from()


def test_what_was_not_given_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENCODE_VIBE", "dark")
    assert settings_from(vibe=None).vibe == "dark"
    assert settings_from(vibe="bold").vibe == "bold"


def test_a_dash_reads_the_request_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Ein Café\n".encode())))
    assert request_from("-") == "Ein Café\n"
    assert request_from("a gym") == "a gym"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9")))
    with pytest.raises(RequestError, match="not UTF-8"):
        request_from("-")


def test_a_report_that_could_not_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    assert writable(None) is None
    assert writable(tmp_path / "report.json") == tmp_path / "report.json"
    with pytest.raises(InputError, match="is a folder"):
        writable(tmp_path)
    with pytest.raises(InputError, match="there is no folder"):
        writable(tmp_path / "nowhere" / "report.json")
    with pytest.raises(InputError, match="cannot be written"):
        writable(Path("/proc/report.json"))
    assert list(tmp_path.iterdir()) == []
