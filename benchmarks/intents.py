"""Labelled queries of CLINC150, HWU64 and sets like BANKING77, as vectors that are kept on disk."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gencode_graph.memory.embedders import embedder

Floats = NDArray[np.float32]
Said = list[tuple[str, str]]
"""Queries with their labels."""

HELD_OUT = 0.2
"""Share of the queries kept for the test, where a set brings none."""
BATCH = 1024


@dataclass(frozen=True, kw_only=True)
class Queries:
    """A set: what is streamed, what is tested on, and what belongs to no label."""

    name: str
    stream: Said
    test: Said
    strange: list[str] = field(default_factory=list)
    domains: dict[str, str] = field(default_factory=dict)
    """Label -> its domain, where the set has such."""
    rounds: int = 15_000

    @property
    def labels(self) -> list[str]:
        return sorted({label for _, label in self.stream})


def clinc(file: Path) -> Queries:
    """``data_full.json`` of CLINC150; a ``clinc_domains.json`` beside it gives the domains."""
    told = json.loads(file.read_text(encoding="utf-8"))
    beside = file.with_name("clinc_domains.json")
    domains = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return Queries(
        name="CLINC150",
        stream=[(text, label) for text, label in told["train"]],
        test=[(text, label) for text, label in told["test"]],
        strange=[text for text, _ in told["oos_test"]],
        domains={label.replace(" ", "_"): domain for domain, labels in domains.items() for label in labels},
    )


def hwu(folder: Path) -> Queries:
    """HWU64 in files of one query and one label a line: ``...train...seq.in...`` and ``...train...label...``."""

    def part(name: str) -> Said:
        files = [f for f in folder.rglob("*") if f.is_file() and name in f.relative_to(folder).as_posix()]
        texts, labels = (
            next(f for f in files if mark in f.name).read_text(encoding="utf-8").splitlines()
            for mark in ("seq.in", "label")
        )
        return list(zip(texts, labels, strict=True))

    stream = part("train")
    domains = {label: label.split("_")[0] for _, label in stream}
    return Queries(name="HWU64", stream=stream, test=part("test"), domains=domains, rounds=8_000)


def labelled(files: Sequence[Path]) -> Queries:
    """A file of queries, and one to test on or a fifth of the first: CSV, JSON or lines of JSON.

    A row has a text and a label: two columns or items, or fields named ``text`` and ``label``, ``category`` or
    ``intent``.
    """
    stream = read(files[0])
    if len(files) > 1:
        return Queries(name=files[0].stem, stream=stream, test=read(files[1]))
    order = np.random.default_rng(0).permutation(len(stream)).tolist()
    cut = int(HELD_OUT * len(stream))
    test = [stream[i] for i in order[:cut]]
    return Queries(name=files[0].stem, stream=[stream[i] for i in order[cut:]], test=test)


def read(file: Path) -> Said:
    """The rows of a file."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".csv":
        rows = list(csv.reader(text.splitlines()))
        named = [cell.strip().lower() for cell in rows[0]]
        if "text" in named:
            return [pair(dict(zip(named, row, strict=False))) for row in rows[1:] if row]
        return [pair(row) for row in rows if row]
    if file.suffix == ".jsonl":
        return [pair(json.loads(line)) for line in text.splitlines() if line.strip()]
    return [pair(row) for row in json.loads(text)]


def pair(row: Sequence[str] | dict[str, str]) -> tuple[str, str]:
    """Text and label of a row."""
    if isinstance(row, dict):
        label = next(row[name] for name in ("label", "category", "intent") if name in row)
        return str(row["text"]), str(label)
    return str(row[0]), str(row[1])


class Vectors:
    """Texts as vectors of unit length by one of our embedders, kept in a file by the hash of the text."""

    def __init__(self, name: str, cache: Path) -> None:
        self.embedder = embedder(name)
        self.file = cache / f"{re.sub(r'[^A-Za-z0-9.]+', '-', name)}.npz"
        self.known: dict[bytes, Floats] = {}
        if self.file.exists():
            with np.load(self.file) as kept:
                hashes, vectors = kept["hashes"], kept["vectors"]
            self.known = {row.tobytes(): vector for row, vector in zip(hashes, vectors, strict=True)}

    def of(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        lacking = sorted({text for key, text in zip(keys, texts, strict=True) if key not in self.known})
        for start in range(0, len(lacking), BATCH):
            print(f"  embedding {start} of {len(lacking)}", file=sys.stderr)
            some = lacking[start : start + BATCH]
            for text, vector in zip(some, asyncio.run(self.embedder.embed(some)), strict=True):
                row = np.array(vector, np.float32)
                key = hashlib.blake2b(text.encode(), digest_size=16).digest()
                self.known[key] = row / np.linalg.norm(row)
            self._keep()
        return np.array([self.known[key] for key in keys], np.float32)

    def _keep(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        hashes = np.frombuffer(b"".join(self.known), np.uint8).reshape(-1, 16)
        half = self.file.with_suffix(".half.npz")
        np.savez(half, hashes=hashes, vectors=np.array(list(self.known.values())))
        half.replace(self.file)
