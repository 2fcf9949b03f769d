"""SIGKILL at any point: no answer that came is paid for again; the server counts."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gencode_graph.llm import connect_model
from gencode_graph.settings import Settings
from gencode_graph.testing import Rule, Wire

QUESTIONS = 4
ASKING = """
import asyncio, sys
from typing import TypedDict
from langgraph.graph import END, START, StateGraph
from gencode_graph.checkpoints import checkpointer
from gencode_graph.llm import connect_model
from gencode_graph.settings import Settings
from gencode_graph.types import Prompt

class State(TypedDict, total=False):
    answers: list[str]

def prompt(number):
    return Prompt(agent="derek", step="contracts", attempt=1, system="You are Derek.", messages=(f"{number}",))

async def main():
    settings = Settings(model="openai:gpt-6-luna", call_timeout=10.0)
    async with connect_model(settings, "run") as model, checkpointer(settings) as saver:
        async def ask(number):
            reply = await model.ask(prompt(number))
            print(number, flush=True)
            return reply.text

        async def node(state):
            pairs = [await asyncio.gather(ask(number), ask(number + 1)) for number in range(0, 4, 2)]
            return {"answers": [text for pair in pairs for text in pair]}

        graph = StateGraph(State)
        graph.add_node("node", node)
        graph.add_edge(START, "node")
        graph.add_edge("node", END)
        compiled = graph.compile(checkpointer=saver)
        config = {"configurable": {"thread_id": "run"}}
        began = (await compiled.aget_state(config)).created_at is not None
        done = await compiled.ainvoke(None if began else {}, config, durability="sync")
        print("done", *done["answers"])

asyncio.run(main())
"""


def run(home: Path, server: Wire, **more: str) -> subprocess.Popen[str]:
    """The program, as a user starts it and starts it again."""
    variables = {**os.environ, **server.env, "GENCODE_HOME": str(home), **more}
    return subprocess.Popen(
        [sys.executable, "-c", ASKING], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def asked(server: Wire) -> Counter[str]:
    """How often the server got each question."""
    return Counter(call.conversation.last for call in server.calls)


async def within_the_books(server: Wire, home: Path) -> None:
    """What the server counted is spent or held."""
    async with connect_model(Settings(home=home, model="openai:gpt-6-luna"), "run") as model:
        assert model is not None
        assert server.usage.tokens_in <= model.spent.tokens_in + model.held.tokens_in
        assert server.usage.tokens_out <= model.spent.tokens_out + model.held.tokens_out
        assert len(server.calls) <= model.spent.calls


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "calls"),
    [
        ("model.reserved:1", QUESTIONS + 1),  # the other one of the pair was on its way
        ("journal.before:1", QUESTIONS + 2),
        ("journal.before:4", QUESTIONS + 2),  # the third may be on its way to the disk
        ("journal.after:1", QUESTIONS + 1),
        ("journal.after:2", QUESTIONS),
        ("journal.after:4", QUESTIONS),
    ],
)
def test_killed_at_a_point(tmp_path: Path, wire: Callable[..., Wire], point: str, calls: int) -> None:
    with wire(Rule(reply=lambda call: f"answer {call.last}")) as server:
        killed = run(tmp_path, server, GENCODE_CRASH_AT=point)
        told = killed.communicate(timeout=60)[0].split()
        assert killed.returncode == -signal.SIGKILL
        seen = asked(server)
        done = run(tmp_path, server)
        assert "done answer 0 answer 1 answer 2 answer 3" in done.communicate(timeout=60)[0]
        assert len(server.calls) <= calls
        assert {question: asked(server)[question] for question in told} == {
            question: seen[question] for question in told
        }
        asyncio.run(within_the_books(server, tmp_path))


@pytest.mark.slow
def test_killed_at_any_time(tmp_path: Path, wire: Callable[..., Wire]) -> None:
    dice = random.Random(1)
    with wire(Rule(reply=lambda call: f"answer {call.last}", delay=0.15)) as server:
        kills, told = 0, set[str]()
        for _ in range(20):
            before = asked(server)
            program = run(tmp_path, server)
            waiting = time.monotonic() + 30
            while len(server.calls) == sum(before.values()) and program.poll() is None and time.monotonic() < waiting:
                time.sleep(0.01)
            time.sleep(dice.uniform(0.0, 0.5))
            program.kill()
            shown = program.communicate(timeout=60)[0].split()
            assert {question: asked(server)[question] for question in told} == {q: before[q] for q in told}
            told |= set(shown) & {"0", "1", "2", "3"}
            if "done" in shown:
                break
            kills += 1
        assert told == {"0", "1", "2", "3"}
        assert len(server.calls) <= QUESTIONS + 2 * kills
        asyncio.run(within_the_books(server, tmp_path))
