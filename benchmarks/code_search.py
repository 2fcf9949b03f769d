"""How well code is found by a sentence about it: BM25, embeddings, and mixes of both.

    python benchmarks/code_search.py [--embedders lexical,minilm] [--functions 1500] [--queries 300] [--json]

The corpus is made from the packages that are installed here: a function with a docstring, the docstring removed. Two
kinds of questions about it: its docstring's first sentence (prose, without the function's name), and that sentence
with a name that is in its code (prose with an identifier). Reported is the mean reciprocal rank of the function, over
the first hundred.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import random
import re
import sys
import sysconfig
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.memory.code_search import CodeSearch
from gencode_graph.memory.embedders import embedder

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
PACKAGES = (
    "networkx",
    "sklearn",
    "httpx",
    "rich",
    "chromadb",
    "langchain_core",
    "dulwich",
    "jinja2",
    "pydantic",
    "click",
)


@dataclass(frozen=True)
class Case:
    """A function without its docstring, and questions that ask for it."""

    path: str
    code: str
    prose: str
    named: str


def cases(number: int, seed: int) -> list[Case]:
    """Functions of installed packages, spread over them."""
    site = Path(sysconfig.get_path("purelib"))
    draw = random.Random(seed)
    files = [file for name in PACKAGES for file in sorted((site / name).rglob("*.py")) if "test" not in str(file)]
    draw.shuffle(files)
    found: dict[str, Case] = {}
    for file in files:
        for case in draw.sample(held := list(of_file(file, site)), min(3, len(held))):
            found.setdefault(case.prose, case)
        if len(found) >= number:
            break
    return list(found.values())[:number]


def of_file(file: Path, site: Path) -> Iterator[Case]:
    """The functions of one file that can be asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        told = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
        sentence = re.split(r"(?<=[.!?])\s", told)[0]
        if not 5 <= len(sentence.split()) <= 25 or node.name in sentence:
            continue
        node.body, node.decorator_list = node.body[1:], []
        code = ast.unparse(node)
        names = sorted({n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and "_" in n.attr.strip("_")})
        path = f"{file.relative_to(site).with_suffix('')}/{node.name}.py"
        yield Case(path, code, sentence, f"{sentence} {random.Random(code).choice(names)}" if names else "")


async def measure(name: str, corpus: list[Case], queries: int) -> dict[str, Any]:
    """Mean reciprocal ranks of one embedder by share of words."""
    search = CodeSearch(embedder(name))
    begun = time.perf_counter()
    await search.add_all({f"{i}.py": case.code for i, case in enumerate(corpus)})
    result: dict[str, Any] = {"index_seconds": round(time.perf_counter() - begun, 1)}
    for kind in ("prose", "named"):
        asked = [(i, getattr(case, kind)) for i, case in enumerate(corpus) if getattr(case, kind)][:queries]
        begun = time.perf_counter()
        ranks = {share: [await rank(search, i, text, share) for i, text in asked] for share in (None, *SHARES)}
        seconds = time.perf_counter() - begun
        figures = {("chosen" if share is None else str(share)): mean(found) for share, found in ranks.items()}
        figures["ms_a_query"] = round(seconds * 1000 / (len(asked) * len(ranks)), 2)
        result[kind] = {
            "questions": len(asked),
            "embeddings": figures.pop("0.0"),
            "bm25": figures.pop("1.0"),
            **figures,
        }
    return result


async def rank(search: CodeSearch, wanted: int, query: str, share: float | None) -> float:
    """One over the place of the wanted function; 0 beyond the first hundred."""
    hits = await search.search(query, words=share, limit=100)
    return next((1 / place for place, hit in enumerate(hits, 1) if hit.chunk.path == f"{wanted}.py"), 0.0)


def mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 3)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--embedders", default="lexical,minilm")
    options.add_argument("--functions", type=int, default=1500)
    options.add_argument("--queries", type=int, default=300)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--json", action="store_true", help="one object, for programs")
    chosen = options.parse_args()
    corpus = cases(chosen.functions, chosen.seed)
    names = chosen.embedders.split(",")
    result = {"functions": len(corpus)} | {n: asyncio.run(measure(n, corpus, chosen.queries)) for n in names}
    if chosen.json:
        print(json.dumps(result))
        return
    print(f"{len(corpus)} functions; mean reciprocal rank; the numbers are shares of words")
    for name in names:
        for kind in ("prose", "named"):
            print(f"{name:10} {kind:6} " + "  ".join(f"{k} {v}" for k, v in result[name][kind].items()))


if __name__ == "__main__":
    main()
