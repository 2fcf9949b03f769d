"""What the graph itself costs: milliseconds a step, and checkpoint bytes a superstep whatever the size of the app.

    python benchmarks/overhead.py [--json]

Twelve steps in the shape of the app graph, each writing its share of an app of 12, 600 and 1,800 files of 2 kB without
running any tool. The time to write, commit and show the files is measured apart, by the same calls without a graph.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.checkpoints import checkpointer
from gencode_graph.graph import APP
from gencode_graph.pipeline import build, leaves
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Draft, Task
from gencode_graph.workspace import Workspace

SIZES = (12, 600, 1800)


@dataclass(frozen=True)
class Filler:
    """Writes a number of files under the step's own folder."""

    files: int
    name: str = "filler"

    def accepts(self, task: Task) -> bool:
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        return Draft(files=content(task.step, self.files))


def content(step: str, files: int) -> dict[str, str | bytes]:
    """Files of 2 kB, different in each step."""
    return {f"{step}/f{n}.txt": f"{step} {n}\n" + "x" * 2000 + "\n" for n in range(files)}


async def through_the_graph(files: int, root: Path) -> tuple[float, int, int]:
    """Seconds, checkpoint bytes, and supersteps of one run."""
    steps = {
        name: Step(
            name=name,
            persona="Derek",
            does="fills",
            reads=("request",),
            writes=(f"{name}/",),
            producers=(Filler(files // 12),),
        )
        for name in leaves(APP)
    }
    settings = Settings(workspace=root / "app", home=root / "home")
    async with connect(settings, "bench"), checkpointer(settings) as saver:
        graph = build(APP, steps).compile(checkpointer=saver)
        config: Any = {"configurable": {"thread_id": "bench"}}
        began = time.perf_counter()
        await graph.ainvoke({"request": "bench"}, config, context=settings, durability="sync")
        seconds = time.perf_counter() - began
    with sqlite3.connect(settings.home / "runs.db") as database:
        stored = "select count(*), sum(length(checkpoint) + length(metadata)) from checkpoints"
        count, size = database.execute(stored).fetchone()
        size += database.execute("select sum(length(value)) from writes").fetchone()[0]
    return seconds, size, count


def without_a_graph(files: int, root: Path) -> float:
    """Seconds of the same files written, committed and shown, one step after the other."""
    workspace = Workspace.open(root / "plain", create=True)
    began = time.perf_counter()
    for name in leaves(APP):
        tree = workspace.write(content(name, files // 12), origin="builtin")
        workspace.commit(tree, step=name, producer="filler", attempt=1, run_id="bench", subject=name)
        workspace.publish(workspace.head)
    return time.perf_counter() - began


def main() -> int:
    """Measure each size five times, interleaved, and print the medians."""
    rows = []
    for files in SIZES:
        graph, plain, growth = [], [], 0.0
        for _ in range(5 if files < 1000 else 2):
            with tempfile.TemporaryDirectory() as folder:
                seconds, size, supersteps = asyncio.run(through_the_graph(files, Path(folder)))
                graph.append(seconds)
                growth = size / supersteps / 1024
                plain.append(without_a_graph(files, Path(folder)))
        overhead = (median(graph) - median(plain)) / 12 * 1000
        rows.append(
            {"files": files, "overhead_ms_a_step": round(overhead, 1), "checkpoint_kb_a_superstep": round(growth, 1)}
        )
    if "--json" in sys.argv:
        print(json.dumps(rows))
    else:
        for row in rows:
            cost, growth = row["overhead_ms_a_step"], row["checkpoint_kb_a_superstep"]
            print(f"{row['files']:5} files: {cost} ms a step, {growth} KB a superstep")
    return 0 if all(row["overhead_ms_a_step"] <= 50 and row["checkpoint_kb_a_superstep"] <= 32 for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
