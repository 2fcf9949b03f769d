"""``gencode memory``: look, take along, forget."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gencode_graph.cli.app import app
from gencode_graph.decisions import Context, Pattern
from gencode_graph.memory import connect_memory
from gencode_graph.settings import Settings

PATTERN = Pattern(
    id="abc123", kind="repair", signature="pytest/failed|KeyError", text="pytest/failed KeyError",
    context=Context(step="testing_backend"), body={"edits": []}, proof="a test", used=1, worked=1,
)  # fmt: skip


def gencode(*words: str) -> Result:
    return CliRunner().invoke(app, ["memory", *words])


@pytest.fixture
def known() -> None:
    async def remember() -> None:
        async with connect_memory(Settings(), redact=str) as memory:
            await memory.remember(PATTERN)

    asyncio.run(remember())


def test_an_empty_memory_says_what_would_be_in_it() -> None:
    ran = gencode("ls")
    assert ran.exit_code == 0
    assert "repairs that turned a failing check green" in ran.output


@pytest.mark.usefixtures("known")
def test_patterns_are_listed_and_shown() -> None:
    assert "testing_backend" in gencode("ls").stdout
    assert json.loads(gencode("ls", "--json").stdout)[0]["id"] == "abc123"
    assert json.loads(gencode("ls", "--kind", "plan", "--json").stdout) == []
    assert json.loads(gencode("show", "abc").stdout)["proof"] == "a test"


@pytest.mark.usefixtures("known")
def test_what_is_forgotten_can_be_taken_in_again(tmp_path: Path) -> None:
    file = tmp_path / "patterns.jsonl"
    file.write_text(gencode("export").stdout)
    assert gencode("forget", "abc").exit_code == 0
    assert json.loads(gencode("ls", "--json").stdout) == []
    assert "1 new pattern" in gencode("import", str(file)).output
    assert json.loads(gencode("ls", "--json").stdout)[0]["id"] == "abc123"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "zzz"), "gencode memory ls"),
        (("forget", "zzz"), "gencode memory ls"),
        (("import", "/no/such/file"), "cannot be read"),
    ],
)
def test_mistakes_are_explained(words: tuple[str, ...], told: str) -> None:
    ran = gencode(*words)
    assert ran.exit_code == 2
    assert told in ran.output
    assert "Traceback" not in ran.output


def test_a_file_that_holds_no_patterns_is_refused_whole(tmp_path: Path) -> None:
    file = tmp_path / "patterns.jsonl"
    file.write_text(PATTERN.model_dump_json() + '\n{"id": 3}\n')
    ran = gencode("import", str(file))
    assert ran.exit_code == 2
    assert "line 2" in ran.output
    assert json.loads(gencode("ls", "--json").stdout) == []
