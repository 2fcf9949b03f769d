"""Checkpoints: what may be stored, what comes back, and what happens to a file that cannot be used."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import ormsgpack
import pytest
from blockbuster import blockbuster_ctx
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send
from pydantic import BaseModel

from gencode_graph.checkpoints import STATE_TYPES, Saver, StrictSerializer, checkpointer
from gencode_graph.errors import StorageError, WiringError
from gencode_graph.settings import Settings
from gencode_graph.types import Attempt, Finding, StepResult

FINDING = Finding(
    rule="axe/color-contrast", message="Text ‘x’ 🐞", severity="warning", path="web/a.tsx", line=3, hint="darker"
)
RESULT = StepResult(
    status="failed",
    tree="4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    removed=("a", "b"),
    producer=None,
    attempts=2,
    seconds=1.25,
    findings=(FINDING,),
    figures={"backend_tests": {"passed": 49, "failed": 0}, "list": [1, None, "x"]},
)
ATTEMPT = Attempt(number=2, producer="derek", score=4.5, errors=("tsc/TS2304: no such name",))
SAMPLES: dict[type[BaseModel], BaseModel] = {Attempt: ATTEMPT, Finding: FINDING, StepResult: RESULT}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.mark.parametrize("kind", STATE_TYPES, ids=lambda kind: kind.__name__)
def test_every_kind_comes_back_as_it_was(kind: type[BaseModel]) -> None:
    value = SAMPLES[kind]
    serializer = StrictSerializer()
    back = serializer.loads_typed(serializer.dumps_typed(value))
    assert type(back) is kind
    assert back == value
    assert serializer.loads_typed(serializer.dumps_typed({"k": [value, value]})) == {"k": [value, value]}


def test_the_list_names_what_the_state_holds_and_no_more() -> None:
    assert set(STATE_TYPES) == SAMPLES.keys()


@pytest.mark.parametrize(
    "value",
    [None, b"bytes", "text", 3, 1.5, True, [1, [2]], {"a": {"b": None}}, {1, 2}, Send("node", {"finding": FINDING})],
)
def test_json_values_and_langgraphs_own_come_back(value: object) -> None:
    serializer = StrictSerializer()
    assert serializer.loads_typed(serializer.dumps_typed(value)) == value


@dataclass
class Plain:
    number: int


class Unlisted(BaseModel):
    number: int = 1


class Later(Finding):
    extra: int = 0


@pytest.mark.parametrize(
    "value",
    [Plain(1), Unlisted(), Later(rule="a", message="b"), {"deep": [Unlisted()]}, Send("node", Unlisted()), Settings()],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_refused_when_it_is_stored(value: object) -> None:
    with pytest.raises(WiringError, match=r"list it in checkpoints\.STATE_TYPES"):
        StrictSerializer().dumps_typed(value)


@pytest.mark.parametrize("value", [Plain(1), Unlisted(), {"deep": [Unlisted()]}], ids=str)
def test_anything_else_is_refused_when_it_is_read(value: object) -> None:
    stored = JsonPlusSerializer().dumps_typed(value)
    with pytest.raises(StorageError, match=r"does not fit this version .*is not known"):
        StrictSerializer().loads_typed(stored)


def test_what_is_no_longer_valid_is_refused_and_not_half_built() -> None:
    kind, data = StrictSerializer().dumps_typed(FINDING)
    assert kind == "msgpack"
    broken = data.replace(b"warning", b"warming")
    with pytest.raises(StorageError, match=r"Finding is not valid: \('severity',\)"):
        StrictSerializer().loads_typed((kind, broken))


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    call = ormsgpack.packb(["os", "mkdir", [str(victim)]])
    with pytest.raises(StorageError, match=r"os\.mkdir is not known"):
        StrictSerializer().loads_typed(("msgpack", ormsgpack.packb(ormsgpack.Ext(1, call))))
    assert not victim.exists()


class State(TypedDict, total=False):
    results: dict[str, StepResult]
    other: Any


def graph_of(update: State) -> StateGraph[State]:
    async def node(state: State) -> State:
        return update

    graph = StateGraph(State)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    graph.add_edge("node", END)
    return graph


def config(name: str) -> Any:
    return {"configurable": {"thread_id": name, "checkpoint_ns": ""}}


async def test_a_graph_finds_its_state_in_a_new_process(settings: Settings) -> None:
    update: State = {"results": {"analysis": RESULT}}
    async with checkpointer(settings) as saver:
        await graph_of(update).compile(checkpointer=saver).ainvoke({}, config("run"), durability="sync")
    async with checkpointer(settings) as saver:
        found = await graph_of({}).compile(checkpointer=saver).aget_state(config("run"))
    assert found.values == update


async def test_a_graph_that_stores_something_else_fails_at_once(settings: Settings) -> None:
    async with checkpointer(settings) as saver:
        graph = graph_of({"other": Unlisted()}).compile(checkpointer=saver)
        with pytest.raises(WiringError, match="Unlisted"):
            await graph.ainvoke({}, config("run"), durability="sync")


async def test_the_file_is_as_fast_and_as_safe_as_it_should_be(settings: Settings) -> None:
    async with checkpointer(settings) as saver:
        values = []
        for pragma in ("journal_mode", "synchronous", "busy_timeout"):
            async with saver.conn.execute(f"pragma {pragma}") as cursor:
                values.append((await cursor.fetchone() or [None])[0])
    assert values == ["wal", 1, 10_000]


async def test_several_runs_write_at_once(settings: Settings) -> None:
    async def one(name: str) -> None:
        async with checkpointer(settings) as saver:
            graph = graph_of({"results": {name: RESULT}}).compile(checkpointer=saver)
            await graph.ainvoke({}, config(name), durability="sync")
            assert (await graph.aget_state(config(name))).values["results"].keys() == {name}

    await asyncio.gather(*(one(f"run{number}") for number in range(6)))


@pytest.mark.parametrize("damage", [b"this is no database " * 500, b"SQLite format 3\0" + b"\xff" * 8000])
async def test_a_damaged_file_is_an_error_that_names_it_and_the_fix(settings: Settings, damage: bytes) -> None:
    settings.home.mkdir()
    (settings.home / "runs.db").write_bytes(damage)
    with pytest.raises(StorageError, match=r"cannot use .*runs\.db: .*; move it away"):
        async with checkpointer(settings):
            pytest.fail("it was opened")


async def test_a_file_that_is_damaged_later_is_an_error(settings: Settings) -> None:
    async with checkpointer(settings) as saver:
        graph = graph_of({"results": {str(number): RESULT for number in range(200)}}).compile(checkpointer=saver)
        await graph.ainvoke({}, config("run"), durability="sync")
    file = settings.home / "runs.db"
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(bytes(data))
    with pytest.raises(StorageError, match="move it away"):
        async with checkpointer(settings) as saver:
            await graph_of({}).compile(checkpointer=saver).aget_state(config("run"))


async def test_a_home_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="set GENCODE_HOME"):
        async with checkpointer(Settings(home=tmp_path / "file" / "home")):
            pytest.fail("it was opened")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_full_disk_is_an_error_and_the_run_goes_on_when_there_is_room(small_disk: Path) -> None:
    settings = Settings(home=small_disk)
    large: State = {"results": {str(number): RESULT for number in range(1000)}}
    async with checkpointer(settings) as saver:
        graph = graph_of(large).compile(checkpointer=saver)
        (small_disk / "filler").write_bytes(b"x" * 700_000)
        with pytest.raises(StorageError, match=r"full; free some space on that disk, then resume"):
            await graph.ainvoke({}, config("run"), durability="sync")
    (small_disk / "filler").unlink()
    async with checkpointer(settings) as saver:
        graph = graph_of({"results": {"a": RESULT}}).compile(checkpointer=saver)
        began = (await graph.aget_state(config("run"))).created_at is not None
        done = await graph.ainvoke(None if began else {}, config("run"), durability="sync")
    assert done["results"] == {"a": RESULT}


@pytest.mark.slow
async def test_it_is_a_checkpointer_as_langgraph_wants_one(tmp_path: Path) -> None:
    made = iter(range(1000))

    @checkpointer_test(name="gencode")
    async def fresh() -> AsyncIterator[Saver]:
        async with checkpointer(Settings(home=tmp_path / str(next(made)))) as saver:
            yield saver

    report = await validate(fresh)
    assert report.passed_all_base(), report.to_dict()


async def test_reading_an_unknown_run_gives_nothing(settings: Settings) -> None:
    async with checkpointer(settings) as saver:
        assert await saver.aget_tuple(config("none")) is None
        assert [item async for item in saver.alist(config("none"))] == []
        await saver.aput(config("one"), empty_checkpoint(), {}, {})
        assert len([item async for item in saver.alist(None)]) == 1
        await saver.adelete_thread("one")
        assert await saver.aget_tuple(config("one")) is None


async def test_nothing_here_blocks_the_event_loop(settings: Settings) -> None:
    with blockbuster_ctx():
        async with checkpointer(settings) as saver:
            graph = graph_of({"results": {"a": RESULT}}).compile(checkpointer=saver)
            await graph.ainvoke({}, config("run"), durability="sync")
            assert (await graph.aget_state(config("run"))).values
