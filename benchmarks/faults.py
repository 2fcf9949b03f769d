"""Runs of the graph against models that misbehave: does every run end well, is no key left anywhere?

    python benchmarks/faults.py [--runs N] [--at-once N] [--seed N] [--whole] [--json]

Each run asks up to three providers on loopback (OpenAI's, Gemini's and Anthropic's wire formats), in a chain; faults
are drawn at random for some of them or all, at a rate drawn at random too. What the agents say is the rehearsal's
script. Without --whole, the steps up to the wired backend are run, with their real checks in the Docker sandbox, but
without the browser. Fails when a run does not deliver, is not over in its time, asks again after a 401, or leaves its
key in a file: of the workspace, its git objects, checkpoints, journal, logs, or all that the graph streams.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

if Path(sys.path[0]) == Path(__file__).parent:  # also read by the processes of the pool, which begin without it
    sys.path.pop(0)  # `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.checkpoints import checkpointer
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import build, parallel, series
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.testing import Chance, Wire, load_script
from gencode_graph.testing.rehearsal import BUG_TRACKER, REQUEST

FEW = series(
    "analysis", "architecture", parallel("frontend_mock", "contracts"),
    "backend_models", "backend_implementation", "system_integration",
)  # fmt: skip
PROVIDERS = {
    "openai": "openai:gpt-4o-mini",
    "google": "google_genai:gemini-2.5-flash",
    "anthropic": "anthropic:claude-haiku-4-5",
}
SECONDS = 600.0
"""A run may take, at most; far more than its calls may take together."""


def one(seed: int, whole: bool) -> dict[str, Any]:
    """A run: how it ended, what it met, and where its key was found."""
    dice = random.Random(seed)
    chain = dice.sample(sorted(PROVIDERS), dice.randint(1, 3))
    bad = dice.sample(chain, dice.randint(1, len(chain)))
    chance = Chance(seed=seed, rate=dice.choice([0.2, 0.5, 0.8, 1.0]), providers=bad, seconds=3)
    canary = f"sk-canary-{uuid4().hex}"
    script = load_script(BUG_TRACKER)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="gencode-faults-") as scratch,
        Wire(script.rules, otherwise=script.otherwise, chance=chance) as wire,
    ):
        for provider in PROVIDERS:
            for name, value in wire.env_of(provider).items():
                os.environ[name] = canary if name.endswith("_KEY") else value
        settings = Settings(
            workspace=Path(scratch, "app"), home=Path(scratch, "home"), model=",".join(PROVIDERS[it] for it in chain),
            call_timeout=2, budget_usd=50, budget_calls=2000, budget_tokens=50_000_000, budget_seconds=36_000,
        )  # fmt: skip
        logging.basicConfig(filename=Path(scratch, "log.txt"), level=logging.INFO, force=True)
        try:
            ended = asyncio.run(asyncio.wait_for(_run(settings, whole), SECONDS))
        except TimeoutError:
            ended = "hung"
        except Exception:  # whatever it is, it is what this looks for
            ended = traceback.format_exc()
        refused = Counter(call.provider for call in wire.calls if call.fault in ("401", "403"))
        return {
            "seed": seed,
            "chain": chain,
            "bad": bad,
            "rate": chance.rate,
            "ended": ended,
            "seconds": round(time.monotonic() - began, 1),
            "calls": len(wire.calls),
            "faults": dict(Counter(str(call.fault) for call in wire.calls if call.fault)),
            "again_after_401": _again(wire.calls),
            "refused": dict(refused),
            "leaks": _leaks(Path(scratch), canary.encode()),
        }


async def _run(settings: Settings, whole: bool) -> str:
    """``delivered``, or what did not pass."""
    if whole:
        from gencode_graph import agenerate

        report = await agenerate(REQUEST, settings=settings)
        return "delivered" if report.preview else report.status
    config: Any = {"configurable": {"thread_id": "run"}, "recursion_limit": 100}
    async with connect(settings, "run"), checkpointer(settings) as saver:
        graph = build(FEW, STEPS).compile(checkpointer=saver)
        modes: Any = ["custom", "values", "updates", "messages", "debug"]
        with Path(settings.home, "events.txt").open("w") as events:  # noqa: ASYNC230 - all that a watcher could see
            stream = graph.astream({"request": REQUEST}, config, context=settings, stream_mode=modes, subgraphs=True)
            async for part in stream:
                print(part, file=events)
        end = (await graph.aget_state(config)).values
    failed = [f"{name}: {result.findings[:2]}" for name, result in end["steps"].items() if result.status != "passed"]
    return "; ".join(failed) or "delivered"


def _again(calls: Any) -> int:
    """Questions that were asked of a model again after it had refused the key."""
    refused: set[tuple[str, str]] = set()
    again = 0
    for call in calls:
        key = (call.model, call.conversation.digest)
        again += key in refused
        if call.fault in ("401", "403"):
            refused.add(key)
    return again


def _leaks(folder: Path, canary: bytes) -> list[str]:
    """Files, and git objects, that hold the key."""
    found = [str(path) for path in folder.rglob("*") if path.is_file() and canary in path.read_bytes()]
    for git in folder.rglob(".git"):
        argv = ["git", "-C", str(git.parent), "cat-file", "--batch", "--batch-all-objects"]
        objects = subprocess.run(argv, capture_output=True, check=False).stdout
        found += [str(git)] if canary in objects else []
    return found


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next ones count on")
    parser.add_argument("--whole", action="store_true", help="the whole graph, browser included: minutes a run")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.runs)
    with ProcessPoolExecutor(options.at_once, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(one, seed, options.whole) for seed in seeds]
        results = []
        for future in futures:
            results.append(future.result())
            print(f"\r{len(results)} of {options.runs}", end="", file=sys.stderr, flush=True)
    delivered = sum(it["ended"] == "delivered" for it in results)
    again, leaks = sum(it["again_after_401"] for it in results), sum(len(it["leaks"]) for it in results)
    faults = sum((Counter(it["faults"]) for it in results), Counter[str]())
    if options.json:
        print(json.dumps({"delivered": delivered, "again_after_401": again, "leaks": leaks, "runs": results}, indent=1))
    else:
        print(f"\ndelivered            {delivered} of {len(results)}")
        print(f"calls                {sum(it['calls'] for it in results):,}, {faults.total():,} of them with a fault")
        print(f"                     {', '.join(f'{name} {n}' for name, n in sorted(faults.items()))}")
        print(f"asked after a 401    {again}")
        print(f"files with the key   {leaks}")
        print(f"longest run          {max(it['seconds'] for it in results)} s")
        for it in results:
            if it["ended"] != "delivered":
                print(f"seed {it['seed']}, {it['chain']}, bad {it['bad']} at {it['rate']}: {it['ended'][-2000:]}")
    return 0 if delivered == len(results) and not again and not leaks else 1


if __name__ == "__main__":
    sys.exit(main())
