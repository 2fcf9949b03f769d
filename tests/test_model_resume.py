"""A run that asks models and is killed, at named points and at any time, ends as if nothing had been, and pays once."""

from __future__ import annotations

import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from gencode_graph.testing import Wire, load_script
from gencode_graph.testing.rehearsal import BUG_TRACKER, REQUEST

pytestmark = [pytest.mark.slow, pytest.mark.docker]
STEPS = ("analysis", "architecture", "contracts", "backend_models", "backend_implementation")
POINTS = (
    "model.reserved", "journal.before", "journal.after", "step.analysis.produced", "step.analysis.checked",
    "journal.before:3", "step.contracts.produced", "step.contracts.checked", "journal.after:2",
    "step.contracts.recorded", "step.backend_implementation.produced", "step.backend_implementation.checked",
    "journal.before:2", "step.backend_implementation.recorded", "step.backend_implementation.end",
)  # fmt: skip
RUN = """
import asyncio, sys
from pathlib import Path
from gencode_graph.checkpoints import checkpointer
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import build, series
from gencode_graph.services import connect
from gencode_graph.settings import Settings

async def main(workspace, request, *steps):
    settings = Settings(workspace=Path(workspace), model="openai:gpt-4o-mini")
    config = {"configurable": {"thread_id": "run"}, "recursion_limit": 100}
    async with connect(settings, "run"), checkpointer(settings) as saver:
        graph = build(series(*steps), STEPS).compile(checkpointer=saver)
        began = (await graph.aget_state(config)).created_at is not None
        given = None if began else {"request": request}
        end = await graph.ainvoke(given, config, context=settings, durability="sync")
    for name, result in end["steps"].items():
        print(name, result.status, result.producer, result.attempts, result.tree)

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(kw_only=True)
class Life:
    """A run's folders, and the program that goes on with it."""

    folder: Path
    wire: Wire
    key: str

    def start(self, crash_at: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        env = {**os.environ, **self.wire.env_of("openai"), "OPENAI_API_KEY": self.key}
        env |= {"GENCODE_HOME": str(self.folder / "home"), "GENCODE_CRASH_AT": ",".join(crash_at)}
        argv = [sys.executable, "-c", RUN, str(self.folder / "app"), REQUEST, *STEPS]
        return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @property
    def kept(self) -> int:
        """Answers in the journal."""
        file = self.folder / "home" / "runs.db"
        if not file.exists():
            return 0
        with sqlite3.connect(file) as runs:
            try:
                return int(runs.execute("select count(*) from effects where kind = 'model'").fetchone()[0])
            except sqlite3.OperationalError:  # no table yet
                return 0
            finally:
                runs.commit()

    @property
    def paid(self) -> Counter[str]:
        """How often each question was answered in full."""
        return Counter(call.conversation.digest for call in self.wire.calls if call.end == "sent")

    def files(self) -> dict[str, bytes]:
        """What the user sees."""
        app = self.folder / "app"
        shown = (p for p in app.rglob("*") if p.is_file() and p.relative_to(app).parts[0] not in (".git", ".gencode"))
        return {path.relative_to(app).as_posix(): path.read_bytes() for path in shown}

    def holding(self, secret: str) -> list[str]:
        """Files, and git repositories by their objects, in which a text occurs."""
        wanted = secret.encode()
        found = [str(path) for path in self.folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]
        argv = ["git", "-C", str(self.folder / "app"), "cat-file", "--batch", "--batch-all-objects"]
        objects = subprocess.run(argv, capture_output=True, check=True).stdout
        return [*found, *(["git"] if wanted in objects else [])]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Callable[[str], Life]]:
    """Makes a run of its own, with a server of its own."""
    wires: list[Wire] = []

    def make(name: str) -> Life:
        wire = Wire(**vars(load_script(BUG_TRACKER)))
        wire.start()
        wires.append(wire)
        return Life(folder=tmp_path / name, wire=wire, key=f"sk-canary{uuid4().hex}")

    yield make
    for wire in wires:
        wire.stop()


def nth(target: str) -> int:
    """At which time that a point is passed a target kills."""
    return int(target.partition(":")[2] or 1)


def test_no_answer_is_paid_for_twice_however_often_it_is_killed(live: Callable[[str], Life]) -> None:
    undisturbed = live("undisturbed")
    told, error = undisturbed.start().communicate(timeout=300)
    assert "backend_implementation passed derek 5" in told, error[-3000:]

    life, dice, left = live("killed"), random.Random(3), list(POINTS)
    kills = {"at a point": 0, "at some time": 0}
    lost = 0  # answered in full, and killed before it was in the journal: these have to be asked for again
    while True:
        sent, kept = sum(life.paid.values()), life.kept
        at_random = left and sum(kills.values()) % 4 == 3
        program = life.start(() if at_random else tuple(left))
        if at_random:
            time.sleep(dice.uniform(1.0, 3.0))
            program.kill()
        shown, error = program.communicate(timeout=300)
        lost += (sum(life.paid.values()) - sent) - (life.kept - kept)
        if program.returncode == 0:
            break
        assert program.returncode == -signal.SIGKILL, error[-3000:]
        if at_random:
            kills["at some time"] += 1
        else:
            name = error.rpartition("killed at ")[2].strip()
            left.remove(min((it for it in left if it.partition(":")[0] == name), key=nth))
            kills["at a point"] += 1
    logging.getLogger(__name__).info("%s kills; answers that came while the process was killed: %s", kills, lost)
    assert shown == told
    assert life.files() == undisturbed.files()
    assert kills["at a point"] >= 8
    assert sum(life.paid.values()) - len(life.paid) <= lost, "an answer that was in the journal was paid for again"
    assert lost <= sum(kills.values()), "more answers were lost than were on their way to the journal"
    assert life.paid.keys() == undisturbed.paid.keys()
    assert max(undisturbed.paid.values()) == 1
    assert [*undisturbed.holding(undisturbed.key), *life.holding(life.key)] == []
