"""The table of runs."""

import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gencode_graph.errors import RunNotFoundError, SettingError, StorageError
from gencode_graph.runs import Runs, new_run_id
from gencode_graph.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", workspace=tmp_path / "app", attempts=5)


def test_remembers_a_run_with_its_settings(settings: Settings) -> None:
    made = Runs(settings).create("20261121-0a3f9c", "Create a bug tracker 🐞", settings)
    again = Runs(settings).get("20261121-0a3f9c")
    assert again == made
    assert (again.request, again.status, again.settings) == ("Create a bug tracker 🐞", "running", settings)
    assert again.workspace == settings.workspace


def test_settings_are_those_of_then_and_not_of_now(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Runs(settings).create("a", "x", settings)
    monkeypatch.setenv("GENCODE_ATTEMPTS", "1")
    assert Runs(settings).get("a").settings.attempts == 5


def test_follows_the_status(settings: Settings) -> None:
    runs = Runs(settings)
    made = runs.create("a", "x", settings)
    time.sleep(0.002)
    runs.update("a", "interrupted")
    assert runs.get("a").status == "interrupted"
    assert runs.get("a").updated > made.updated
    assert runs.get("a").created == made.created


def test_the_newest_first_and_the_newest_when_none_is_named(settings: Settings) -> None:
    runs = Runs(settings)
    for name in ("a", "c", "b"):
        runs.create(name, "x", settings)
    assert [run.run_id for run in runs.recent()] == ["b", "c", "a"]
    assert [run.run_id for run in runs.recent(2)] == ["b", "c"]
    assert runs.get().run_id == "b"


def test_an_unknown_run_is_an_error_that_names_the_recent_ones(settings: Settings) -> None:
    runs = Runs(settings)
    for call in (runs.get, lambda: runs.get("a"), lambda: runs.update("a", "failed")):
        with pytest.raises(RunNotFoundError, match="there are no runs yet; start one with `gencode new"):
            call()
    runs.create("20261121-0a3f9c", "x", settings)
    with pytest.raises(RunNotFoundError, match=r"no run 'b\\x1b'; the recent ones are 20261121-0a3f9c"):
        runs.get("b\x1b")


def test_an_id_is_used_once(settings: Settings) -> None:
    Runs(settings).create("a", "x", settings)
    with pytest.raises(SettingError, match="a run a already; resume it"):
        Runs(settings).create("a", "y", settings)
    assert Runs(settings).get("a").request == "x"


def test_ids_are_short_and_sort_by_time() -> None:
    ids = []
    for _ in range(5):
        ids.append(new_run_id())
        time.sleep(0.006)
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"20\d{6}-[0-9a-f]{6}", name) for name in ids)


def test_many_processes_write_at_once(settings: Settings) -> None:
    def add(number: int) -> None:
        Runs(settings).create(f"run{number:02}", "x", settings)
        Runs(settings).update(f"run{number:02}", "delivered")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))
    assert {run.status for run in Runs(settings).recent()} == {"delivered"}
    assert len(Runs(settings).recent()) == 24


def test_a_damaged_file_is_an_error_that_names_it_and_the_fix(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "runs.db").write_bytes(b"this is not a database, " * 100)
    with pytest.raises(StorageError, match=r"runs\.db: file is not a database; move it away"):
        Runs(settings).recent()


def test_a_home_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="set GENCODE_HOME to one that can be written"):
        Runs(Settings(home=tmp_path / "file" / "home")).recent()


def test_a_file_that_is_a_folder_is_an_error(settings: Settings) -> None:
    (settings.home / "runs.db").mkdir(parents=True)
    with pytest.raises(StorageError, match="unable to open database file"):
        Runs(settings).recent()


def test_mistakes_in_our_own_sql_are_not_dressed_up(settings: Settings) -> None:
    from gencode_graph.database import connected, database

    with pytest.raises(sqlite3.OperationalError, match="syntax"), connected(database(settings)) as connection:
        connection.execute("selekt")


def test_settings_of_a_later_version_are_an_error_or_left_out(settings: Settings) -> None:
    from gencode_graph.database import connected, database

    Runs(settings).create("a", "x", settings)
    with connected(database(settings)) as connection:
        connection.execute("""update runs set settings = '{"attempts": 2, "new": 1}'""")
    assert Runs(settings).get("a").settings.attempts == 2
    with connected(database(settings)) as connection:
        connection.execute("""update runs set settings = '{"attempts": 99}'""")
    with pytest.raises(StorageError, match="settings of run a do not fit this version"):
        Runs(settings).get("a")
