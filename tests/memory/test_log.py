"""The log keeps what was decided, whatever happens to it is said, and it is never half read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gencode_graph.decisions import Context, Decision, Option, Outcome
from gencode_graph.errors import InputError, StorageError
from gencode_graph.memory.log import Log, open_log
from gencode_graph.settings import Settings

DECISION = Decision(
    id="a", point="repair", query="it fails", context=Context(), selected="fix", confidence=0.5, abstained=False,
    ranking=(("fix", 1.0),), value={},
)  # fmt: skip


@contextlib.contextmanager
def opened(home: Path) -> Iterator[Log]:
    with contextlib.closing(open_log(Settings(home=home))) as log:
        yield log


def changed(home: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(home / "memory" / "decisions.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_events_come_back_in_order(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.offer("repair", [Option(name="fix", description="fix it")])
        log.decide(DECISION, "v", "lexical/512", b"\0\0\0\0")
        log.learn("a", Outcome(success=True))
        log.learn("a", Outcome(success=False))
    with opened(tmp_path) as log:
        first, second = log.since("repair", 0)
        assert first.options == (Option(name="fix", description="fix it"),)
        assert (second.decision, second.outcome, second.vector) == (DECISION, Outcome(success=True), b"\0\0\0\0")
        assert log.since("repair", second.seq) == []
        assert log.since("vibe", 0) == []


def test_the_first_decision_under_an_id_stays(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as other:
        assert one.decide(DECISION, "v", "e", b"") == DECISION
        assert other.decide(DECISION.model_copy(update={"selected": "person"}), "v", "e", b"") == DECISION


def test_an_outcome_needs_a_decision(tmp_path: Path) -> None:
    with opened(tmp_path) as log, pytest.raises(InputError, match="no decision 'a' is known"):
        log.learn("a", Outcome(success=True))


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        with contextlib.suppress(ZeroDivisionError), log.writing():
            log.offer("repair", [])
            raise ZeroDivisionError
        assert log.since("repair", 0) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "decisions.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match=r"decisions\.db: .*move it away to begin with an empty memory"):
        open_log(Settings(home=tmp_path))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("pragma user_version = 7", r"a newer gencode-graph wrote it \(schema 7, this one knows 1\)"),
        ("drop table events", "the table events is missing; move it away"),
    ],
)
def test_a_database_that_is_not_ours_is_refused(tmp_path: Path, statement: str, says: str) -> None:
    with opened(tmp_path):
        pass
    changed(tmp_path, statement)
    with pytest.raises(StorageError, match=says):
        open_log(Settings(home=tmp_path))


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    changed(tmp_path, "create table mine (a)")
    with pytest.raises(StorageError, match="it is another program's database"):
        open_log(Settings(home=tmp_path))


@pytest.mark.parametrize(
    "statement",
    [
        "update decisions set decision = '{}'",
        "update events set content = '[' where decision is null",
        "update events set content = '{}' where decision is not null",
        "delete from decisions",
    ],
)
def test_rows_that_were_tampered_with_are_refused(tmp_path: Path, statement: str) -> None:
    with opened(tmp_path) as log:
        log.offer("repair", [])
        log.decide(DECISION, "v", "e", b"")
        log.learn("a", Outcome(success=True))
    changed(tmp_path, statement)
    with opened(tmp_path) as log, pytest.raises(StorageError, match="move it away to begin with an empty memory"):
        log.since("repair", 0)


def test_damaged_pages_are_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        for i in range(300):
            log.decide(DECISION.model_copy(update={"id": f"{i}" * 30}), "v", "e", b"\0" * 2048)
            log.learn(f"{i}" * 30, Outcome(success=True))
        log.rows("pragma wal_checkpoint(truncate)")
    path = tmp_path / "memory" / "decisions.db"
    content = bytearray(path.read_bytes())
    content[8192:-8192] = b"\xff" * (len(content) - 16384)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="move it away"), opened(tmp_path) as log:
        log.since("repair", 0)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("a file")
    with pytest.raises(StorageError, match="set GENCODE_HOME to one that can be written"):
        open_log(Settings(home=tmp_path))
