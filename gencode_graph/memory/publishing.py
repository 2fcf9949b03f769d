"""What was learned, put where it is found by meaning: LangGraph's store, which keeps large namespaces in Chroma.

Options are under ``("options", point)``, decisions with their outcome under ``("decisions", point)``, patterns under
``("patterns", kind)``. The log stays the truth: what is not there yet comes with the next close.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from gencode_graph.decisions import Decision, Outcome, Pattern
from gencode_graph.memory.log import Log
from gencode_graph.protocols import Embedder

AT_ONCE = 200
"""Rows of each kind that one close takes along; each has a text to embed."""
KINDS = ("repair", "plan")


async def publish(log: Log, folder: Path, embedder: Embedder, url: str | None = None) -> int:
    """Put what is new since the last time into the store in ``folder``, or at ``url``; how many items that were.

    Raises ``StorageError`` for a store that cannot be used.
    """
    there = f"-{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}" if url else ""
    mark = folder / f"published{there}.json"
    seq, change = await asyncio.to_thread(_marked, mark, log.id)
    events = await asyncio.to_thread(
        log.rows,
        "select e.seq, e.point, e.content, d.decision from events e left join decisions d on d.id = e.decision"
        " where e.seq > ? order by e.seq limit ?",
        *(seq, AT_ONCE),
    )
    patterns = await asyncio.to_thread(
        log.rows,
        "select change, id, content, used, worked from patterns where change > ? order by change limit ?",
        *(change, AT_ONCE),
    )
    if not events and not patterns:
        return 0
    store_module = await asyncio.to_thread(import_module, "gencode_graph.memory.store")
    puts = [*_of_events(log, events), *_of_patterns(log, patterns)]
    async with store_module.connect_store(folder, embedder, url=url) as store:
        await store.abatch([store_module.PutOp(*put) for put in puts])
    last = {"log": log.id, "seq": events[-1][0] if events else seq, "change": patterns[-1][0] if patterns else change}
    await asyncio.to_thread(_mark, mark, last)
    return len(puts)


Put = tuple[tuple[str, ...], str, dict[str, Any] | None, Literal[False] | list[str]]


def _of_events(log: Log, rows: Sequence[tuple[Any, ...]]) -> list[Put]:
    found: list[Put] = []
    for _, point, content, decided in rows:
        if decided is None:
            for option in json.loads(content):
                found.append((("options", _label(point)), option["name"], option, ["description", "examples[*]"]))
            continue
        decision: Decision = log.read(Decision, decided)
        outcome: Outcome = log.read(Outcome, content)
        value = {
            "query": decision.query,
            "selected": decision.selected,
            "confidence": decision.confidence,
            **decision.context.model_dump(),
            **outcome.model_dump(),
        }
        found.append((("decisions", _label(point)), decision.id, value, ["query"]))
    return found


def _of_patterns(log: Log, rows: Sequence[tuple[Any, ...]]) -> list[Put]:
    found: list[Put] = []
    for _, name, content, used, worked in rows:
        if content is None:
            found += [(("patterns", kind), name, None, False) for kind in KINDS]
            continue
        pattern: Pattern = log.read(Pattern, content)
        value = {**pattern.model_dump(), "used": used, "worked": worked}
        found.append((("patterns", pattern.kind), name, value, ["text"]))
    return found


def _label(point: str) -> str:
    """A namespace's label has no dots."""
    return point.replace(".", "-") or "-"


def _marked(path: Path, log_id: str) -> tuple[int, int]:
    """How far this log was published."""
    try:
        told = json.loads(path.read_text())
        return (int(told["seq"]), int(told["change"])) if told["log"] == log_id else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _mark(path: Path, last: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(json.dumps(last))
    half.replace(path)
