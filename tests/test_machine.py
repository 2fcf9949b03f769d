"""What a machine lacks is said with how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph import machine
from gencode_graph.errors import MissingError, SettingError
from gencode_graph.settings import Settings


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose path holds only this empty folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    machine.version_of.cache_clear()
    return folder


def program(folder: Path, name: str, says: str, *, status: int = 0) -> Path:
    """A program that prints this and ends."""
    place = folder / name
    place.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    place.chmod(0o755)
    return place


def need(name: str, settings: Settings | None = None) -> machine.Need:
    return next(it for it in machine.examine(settings or Settings()) if it.name == name)


def test_everything_is_looked_at_once() -> None:
    names = [it.name for it in machine.examine(Settings())]
    assert names == ["python", "node", "npm", "git", "chromium", "docker", "bwrap", "home", "cache", "disk"]


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", ["node", "npm", "git", "chromium", "docker", "bwrap"])
@pytest.mark.parametrize(("system", "word"), [("linux", "install"), ("darwin", "brew install"), ("win32", "winget")])
def test_a_missing_tool_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, name: str, system: str, word: str) -> None:
    monkeypatch.setattr("sys.platform", system)
    assert need(name).found is None
    assert word in need(name).how


@pytest.mark.parametrize(
    ("says", "found"),
    [("v22.20.0", True), ("v20.0.0", True), ("v18.20.4", False), ("v9.0.0", False), ("nonsense", False)],
)
def test_node_must_be_new_enough(bare: Path, says: str, found: bool) -> None:
    program(bare, "node", says)
    assert (need("node").found is not None) == found
    if says.startswith("v18"):
        assert "too old" in need("node").how


def test_a_program_that_cannot_be_run_is_not_found(bare: Path) -> None:
    program(bare, "git", "git version 2.39.5", status=1)
    assert need("git").found is None


def test_docker_without_its_daemon_is_told_from_no_docker(bare: Path) -> None:
    assert "daemon does not answer" not in need("docker").how
    program(bare, "docker", "Cannot connect", status=1)
    assert "daemon does not answer" in need("docker").how


@pytest.mark.usefixtures("bare")
def test_a_run_can_require_tools() -> None:
    with pytest.raises(MissingError, match=r"node is missing .*; chromium is missing") as caught:
        machine.require("node", "chromium", settings=Settings())
    assert caught.value.exit_status == 3


def test_the_quickest_browser_is_taken_first(bare: Path) -> None:
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        place = program(bare, name, "1.2.3")
        assert machine.find_browser() == place


def test_a_named_browser_goes_before_all(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare, "chromium", "1.2.3")
    other, third = program(tmp_path, "other", "1.2.3"), program(tmp_path, "third", "1.2.3")
    monkeypatch.setenv("CHROMIUM", str(other))
    assert machine.find_browser() == other
    assert machine.find_browser(third) == third
    with pytest.raises(SettingError, match="not-there"):
        machine.find_browser(tmp_path / "not-there")


def test_a_named_browser_that_is_none_does_not_stop_the_look(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(bare / "gone"))
    assert need("chromium").found is None
    assert "gone" in need("chromium").how


def test_a_folder_that_cannot_be_written_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(home=tmp_path / "file" / "below", cache=tmp_path / "new" / "deep")
    assert need("home", settings).found is None
    assert "GENCODE_HOME" in need("home", settings).how
    assert need("cache", settings).found


def test_a_full_disk_says_how_much_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOM", 10**9)
    assert need("disk").found is None
    assert "GB are free" in need("disk").how
