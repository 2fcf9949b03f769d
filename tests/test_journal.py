"""Effects are made once: over retries, resumes, time and SIGKILL."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypedDict

import pytest
from blockbuster import blockbuster_ctx
from langgraph.graph import END, START, StateGraph
from langgraph.types import RetryPolicy, interrupt

from gencode_graph.checkpoints import checkpointer
from gencode_graph.errors import StorageError, WiringError
from gencode_graph.journal import Journal, journal
from gencode_graph.settings import Settings

pytestmark = pytest.mark.slow

CONFIG: Any = {"configurable": {"thread_id": "run"}}


class State(TypedDict, total=False):
    answers: list[Any]


class Provider:
    """A model that charges for every call."""

    def __init__(self) -> None:
        self.paid: list[str] = []

    def answer(self, prompt: str) -> Callable[[], Awaitable[dict[str, Any]]]:
        async def call() -> dict[str, Any]:
            self.paid.append(prompt)
            return {"text": f"{prompt} {len(self.paid)}", "tokens": 7}

        return call


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def graph_of(node: Callable[[State], Awaitable[State]], retry: RetryPolicy | None = None) -> StateGraph[State]:
    graph = StateGraph(State)
    graph.add_node("node", node, retry_policy=retry)  # type: ignore[call-overload]
    graph.add_edge(START, "node")
    graph.add_edge("node", END)
    return graph


async def test_the_same_call_again_in_a_node_is_another_one(settings: Settings) -> None:
    provider = Provider()
    async with journal(settings) as journ, checkpointer(settings) as saver:

        async def node(state: State) -> State:
            return {"answers": [await journ.once("model", {"prompt": "a"}, provider.answer("a")) for _ in range(2)]}

        done = await graph_of(node).compile(checkpointer=saver).ainvoke({}, CONFIG)
    assert [answer["text"] for answer in done["answers"]] == ["a 1", "a 2"]


async def test_a_retried_node_does_not_pay_again(settings: Settings) -> None:
    provider = Provider()
    async with journal(settings) as journ, checkpointer(settings) as saver:
        failures = [ConnectionError(), ConnectionError()]

        async def node(state: State) -> State:
            answers = [await journ.once("model", name, provider.answer(name)) for name in "aab"]
            if failures:
                raise failures.pop()
            return {"answers": answers}

        policy = RetryPolicy(initial_interval=0.001, jitter=False)
        done = await graph_of(node, policy).compile(checkpointer=saver).ainvoke({}, CONFIG)
    assert provider.paid == ["a", "a", "b"]
    assert [answer["text"] for answer in done["answers"]] == ["a 1", "a 2", "b 3"]


@pytest.mark.parametrize("same_process", [True, False])
async def test_a_resumed_node_does_not_pay_again(settings: Settings, same_process: bool) -> None:
    provider = Provider()
    crash = [ZeroDivisionError()]

    async def once(journ: Journal, resume: bool) -> dict[str, Any]:
        async def node(state: State) -> State:
            answers = [await journ.once("model", name, provider.answer(name)) for name in "ab"]
            if crash:
                raise crash.pop()
            return {"answers": answers}

        async with checkpointer(settings) as saver:
            return await graph_of(node).compile(checkpointer=saver).ainvoke(None if resume else {}, CONFIG)

    async with journal(settings) as first:
        with pytest.raises(ZeroDivisionError):
            await once(first, resume=False)
        if same_process:
            done = await once(first, resume=True)
    if not same_process:
        async with journal(settings) as second:
            done = await once(second, resume=True)
    assert provider.paid == ["a", "b"]
    assert len(done["answers"]) == 2


async def test_an_answered_question_does_not_pay_again(settings: Settings) -> None:
    from langgraph.types import Command

    provider = Provider()
    async with journal(settings) as journ, checkpointer(settings) as saver:

        async def node(state: State) -> State:
            first = await journ.once("model", "a", provider.answer("a"))
            return {"answers": [first, interrupt("Is this right?")]}

        graph = graph_of(node).compile(checkpointer=saver)
        await graph.ainvoke({}, CONFIG)
        done = await graph.ainvoke(Command(resume="yes"), CONFIG)
    assert provider.paid == ["a"]
    assert done["answers"] == [{"text": "a 1", "tokens": 7}, "yes"]


async def test_parallel_calls_and_other_runs_do_not_mix(settings: Settings) -> None:
    provider = Provider()
    async with journal(settings) as journ:
        calls = [journ.once("model", n % 5, provider.answer(str(n % 5)), scope=("run", "task")) for n in range(20)]
        texts = [answer["text"] for answer in await asyncio.gather(*calls)]
        assert len(set(texts)) == 20
        other = await journ.once("model", 0, provider.answer("0"), scope=("other run", "task"))
        assert other["text"] == "0 21"
    async with journal(settings) as again:
        calls = [again.once("model", n % 5, provider.answer("x"), scope=("run", "task")) for n in range(20)]
        assert [answer["text"] for answer in await asyncio.gather(*calls)] == texts


async def test_a_failed_effect_is_not_recorded(settings: Settings) -> None:
    async def fail() -> None:
        raise ConnectionError

    provider = Provider()
    async with journal(settings) as journ:
        with pytest.raises(ConnectionError):
            await journ.once("model", 1, fail, scope=("r", "t"))
    async with journal(settings) as journ:
        assert (await journ.once("model", 1, provider.answer("a"), scope=("r", "t")))["text"] == "a 1"


async def test_gives_the_same_shape_the_first_time_and_ever_after(settings: Settings) -> None:
    async def effect() -> Any:
        return {"b": (1, 2), "a": None, "ü": "\U0001f41e"}

    for _ in range(2):
        async with journal(settings) as journ:
            assert await journ.once("k", None, effect, scope=("r", "t")) == {"a": None, "b": [1, 2], "ü": "\U0001f41e"}


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), b"x"])
async def test_arguments_and_results_are_json(settings: Settings, value: Any) -> None:
    async def effect() -> Any:
        return value

    async with journal(settings) as journ:
        with pytest.raises(WiringError, match="the result of k must be JSON"):
            await journ.once("k", 1, effect, scope=("r", "t"))
        with pytest.raises(WiringError, match="the arguments of k must be JSON"):
            await journ.once("k", value, effect, scope=("r", "t"))


async def test_outside_a_graph_a_scope_is_needed(settings: Settings) -> None:
    async with journal(settings) as journ:
        with pytest.raises(WiringError, match="pass scope"):
            await journ.once("k", 1, Provider().answer("a"))


async def test_nothing_here_blocks_the_event_loop(settings: Settings) -> None:
    with blockbuster_ctx():
        async with journal(settings) as journ:
            assert await journ.once("k", 1, Provider().answer("a"), scope=("r", "t"))
            assert await journ.once("k", 1, Provider().answer("a"), scope=("r", "t"))


async def test_a_damaged_file_is_an_error(settings: Settings) -> None:
    (settings.home / "runs.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="move it away"):
        async with journal(settings):
            pytest.fail("it was opened")


PAYING = """
import asyncio, sys
from pathlib import Path
from gencode_graph.journal import journal
from gencode_graph.settings import Settings

paid = Path(sys.argv[1]) / "paid"

async def pay():
    with paid.open("a") as file:
        file.write("1 coin\\n")
    return len(paid.read_text().splitlines())

async def main():
    async with journal(Settings(home=Path(sys.argv[1]))) as journ:
        for _ in range(3):
            print(await journ.once("pay", {}, pay, scope=("run", "task")), flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("point", "coins"),
    [
        ("journal.before:1", 4),
        ("journal.before:3", 4),
        ("journal.after:1", 3),
        ("journal.after:2", 3),
        ("journal.after:3", 3),
    ],
)
def test_killed_around_the_record_at_most_the_unrecorded_call_is_paid_again(
    tmp_path: Path, point: str, coins: int
) -> None:
    command = [sys.executable, "-c", PAYING, str(tmp_path)]
    killed = subprocess.run(command, env={**os.environ, "GENCODE_CRASH_AT": point}, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    resumed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(resumed.stdout.split()) == 3
    assert len((tmp_path / "paid").read_text().splitlines()) == coins
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == resumed.stdout
