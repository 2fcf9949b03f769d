"""The router against what it should beat, on streams of real queries of which only the chosen option is judged.

    python benchmarks/router.py --clinc FILE --hwu FOLDER --data TRAIN [TEST] --embedder minilm

Each option is known by its name alone. A round embeds a query, chooses an option and hears whether that was right:
always truly (``clean``), with 10 or 30 % of the words turned around (``n10``, ``n30``), or with 30 % of the options
changing meaning halfway (``pdrift``). Figures are the share of right choices over the whole stream, as it truly was.
After the clean stream the router is tested on other queries: expected calibration error of its confidence, how many
it abstains from, of those that have a label and of those that have none. Then six strategies, whose success depends on
the kind of query and not on what their descriptions say: mean chance of success, .85 at best.

The settings were chosen on HWU64. Fails when the router is not better than the static one, the moving average, and
UCB1 in every clean stream.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path[0] = str(Path(__file__).resolve().parents[1])  # not this folder: it has a `requests`

from benchmarks.bandits import ROWS, Floats, Ours
from benchmarks.intents import Queries, Vectors, clinc, hwu, labelled
from gencode_graph.errors import GencodeError
from gencode_graph.settings import Settings

COLUMNS = {"clean": 0.0, "n10": 0.1, "n30": 0.3, "pdrift": 0.0}
"""Column -> share of wrong feedback."""
CHANGING = 0.3
BEATEN = ("static", "moving-average", "ucb1")
STRATEGIES = (
    "ask for the same again with what went wrong",
    "take the built-in solution and leave the rest",
    "split the work into smaller pieces first",
    "use a stronger and slower model",
    "repair only the line that is named",
    "look for a solution that worked elsewhere",
)
CHANCES = (0.85, 0.5, 0.25, 0.2, 0.2, 0.15)
ROUNDS_OF_STRATEGIES = 10_000
SLOW = ("linucb", "linucb-firm", "thompson", "memory")
"""Rows that may be given fewer seeds."""


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A set as vectors and numbers of labels."""

    queries: Queries
    keys: Floats
    stream: Floats
    labels: NDArray[np.int64]
    test: Floats
    tested: NDArray[np.int64]
    strange: Floats


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a row did in a stream."""

    share: float
    microseconds: tuple[float, float]
    """Median of a choice, and of learning from it."""
    policy: Any


def embedded(queries: Queries, vectors: Vectors) -> Embedded:
    """A set through an embedder."""
    number = {label: n for n, label in enumerate(queries.labels)}
    test = [(text, label) for text, label in queries.test if label in number]
    return Embedded(
        queries=queries,
        keys=vectors.of([label.replace("_", " ") for label in queries.labels]),
        stream=vectors.of([text for text, _ in queries.stream]),
        labels=np.array([number[label] for _, label in queries.stream]),
        test=vectors.of([text for text, _ in test]),
        tested=np.array([number[label] for _, label in test]),
        strange=vectors.of(queries.strange),
    )


def play(row: str, data: Embedded, column: str, seed: int) -> Run:
    """One stream of a set."""
    rng = np.random.default_rng(seed)
    rounds = min(data.queries.rounds, len(data.stream))
    order = rng.permutation(len(data.stream))[:rounds]
    wrong = rng.random(rounds) < COLUMNS[column]
    meaning = np.arange(len(data.keys))
    if column == "pdrift":
        changed = rng.permutation(len(meaning))[: int(CHANGING * len(meaning))]
        meaning[changed] = np.roll(changed, 1)
    truth = data.labels[order]
    truth[rounds // 2 :] = meaning[truth[rounds // 2 :]]
    policy, right, times = ROWS[row](data.keys, seed), 0, np.zeros((rounds, 2))
    for turn, (at, label) in enumerate(zip(order.tolist(), truth.tolist(), strict=True)):
        query, start = data.stream[at], time.perf_counter()
        index, confidence = policy.choose(query)
        chosen = time.perf_counter()
        right += index == label
        policy.learn(query, index, float((index == label) != wrong[turn]), confidence)
        times[turn] = chosen - start, time.perf_counter() - chosen
    choice, learning = np.median(times, axis=0) * 1e6
    return Run(share=right / rounds, microseconds=(float(choice), float(learning)), policy=policy)


def strategies(row: str, data: Embedded, vectors: Vectors, seed: int) -> dict[str, float]:
    """Mean chance of success by kinds: domains or labels, as they are and with the strategies turned halfway."""
    domains = sorted(set(data.queries.domains.values()))
    coarse = np.array([domains.index(data.queries.domains[label]) for label in data.queries.labels])
    keys, found = vectors.of(STRATEGIES), {}
    for name, kinds in (("domains", coarse[data.labels]), ("labels", data.labels)):
        for turned in (False, True):
            rng = np.random.default_rng(seed)
            order = rng.integers(0, len(data.stream), ROUNDS_OF_STRATEGIES).tolist()
            chances = np.array([rng.permutation(CHANCES) for _ in range(kinds.max() + 1)])
            policy, total = ROWS[row](keys, seed), 0.0
            for turn, at in enumerate(order):
                if turned and turn == ROUNDS_OF_STRATEGIES // 2:
                    chances = np.roll(chances, 1, axis=1)
                index, confidence = policy.choose(data.stream[at])
                chance = float(chances[kinds[at], index])
                total += chance
                policy.learn(data.stream[at], index, float(rng.random() < chance), confidence)
            found[f"{name}, turned" if turned else name] = total / ROUNDS_OF_STRATEGIES
    return found


def calibration(policy: Ours, data: Embedded) -> dict[str, float]:
    """On the test queries, after a stream: accuracy, calibration error in 15 bins, shares abstained from."""
    routed = [policy.router.route(query) for query in data.test]
    right = np.array([r.index for r in routed]) == data.tested
    sure = np.array([r.confidence for r in routed])
    bins = np.minimum((sure * 15).astype(int), 14)
    gaps = [abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    found = {
        "accuracy": float(right.mean()),
        "calibration_error": float(sum(gaps)),
        "abstained_in_scope": float(np.mean([r.abstained for r in routed])),
    }
    if len(data.strange):
        found["abstained_out_of_scope"] = float(np.mean([policy.router.route(q).abstained for q in data.strange]))
    return found


def measure(data: Embedded, vectors: Vectors, seeds: Mapping[str, int], kinds: bool) -> dict[str, Any]:
    """Every row in every column, the test of the router, and with ``kinds`` the strategies."""
    found: dict[str, Any] = {"options": len(data.keys), "rounds": min(data.queries.rounds, len(data.stream))}
    print(f"{data.queries.name}: {found}", file=sys.stderr)
    found |= {"streams": {}, "tests": {}, "strategies": {}}
    for row in seeds:
        cells: dict[str, Any] = {"seeds": seeds[row]}
        for column in COLUMNS:
            runs = [play(row, data, column, seed) for seed in range(seeds[row])]
            cells[column] = float(np.mean([run.share for run in runs]))
            if column == "clean":
                cells["microseconds"] = np.mean([run.microseconds for run in runs], axis=0).tolist()
            if row == "router":
                found["tests"][column] = mean([calibration(run.policy, data) for run in runs])
        found["streams"][row] = cells
        if kinds and data.queries.domains:
            found["strategies"][row] = mean([strategies(row, data, vectors, seed) for seed in range(seeds[row])])
        so_far = " ".join(f"{share:.3f}" for share in found["strategies"].get(row, {}).values())
        print(f"  {line(row, cells)}   {so_far}", file=sys.stderr)
    return found


def cost(options: int) -> dict[str, float]:
    """Milliseconds with a full memory, medians of 1,000, for random vectors of 384 numbers: without the embedding."""
    drawn = np.random.default_rng(0).normal(size=(options + 6000, 384)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    policy, times = Ours(vectors[:options], 0), []
    for turn, query in enumerate(vectors[options:]):
        start = time.perf_counter()
        index, confidence = policy.choose(query)
        chosen = time.perf_counter()
        policy.learn(query, index, float(turn % 3 > 0), confidence)
        times.append((chosen - start, time.perf_counter() - chosen))
    choice, learning = np.median(times[-1000:], axis=0) * 1e3
    return {"options": options, "choose_ms": float(choice), "learn_ms": float(learning)}


def mean(tests: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each figure."""
    return {name: float(np.mean([test[name] for test in tests])) for name in tests[0]}


def line(row: str, cells: dict[str, Any]) -> str:
    """A row of the table."""
    shares = "  ".join(f"{cells[column]:.3f}" for column in COLUMNS)
    choice, learning = cells["microseconds"]
    return f"{row:15} {shares}   {choice:6.0f} {learning:6.0f}   {cells['seeds']}"


def table(name: str, found: dict[str, Any]) -> str:
    """A set's figures for people."""
    lines = [f"{name}: {found['options']} options, {found['rounds']} rounds", ""]
    lines.append(f"{'':15} {' '.join(f'{column:6}' for column in COLUMNS)}   choose  learn (us)  seeds")
    lines += [line(row, cells) for row, cells in found["streams"].items()]
    for column, test in found["tests"].items():
        lines.append(
            f"tested after {column}: " + ", ".join(f"{what.replace('_', ' ')} {v:.3f}" for what, v in test.items())
        )
    if found["strategies"]:
        lines.append("six strategies, by the kind of query: " + " | ".join(next(iter(found["strategies"].values()))))
    for row, cells in found["strategies"].items():
        lines.append(f"{row:15} " + "  ".join(f"{value:.3f}" for value in cells.values()))
    return "\n".join([*lines, ""])


def main() -> int:
    """Measure, print, and say whether the router is better than what does not look at outcomes or at the query."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clinc", type=Path, help="data_full.json of CLINC150")
    parser.add_argument("--hwu", type=Path, help="folder of HWU64")
    parser.add_argument("--data", type=Path, nargs="+", action="append", default=[], help="a file, and one to test on")
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--rows", help=f"some of {','.join(ROWS)}")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--slow-seeds", type=int, help=f"for {', '.join(SLOW)}; as many as for the others")
    parser.add_argument("--no-strategies", dest="strategies", action="store_false", help="only the streams")
    parser.add_argument("--rounds", type=int, help="at most so many")
    parser.add_argument("--cache", type=Path, help="folder for the vectors")
    parser.add_argument("--cost", action="store_true", help="what a decision costs over 10, 100 and 1,000 options")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    rows = options.rows.split(",") if options.rows else list(ROWS)
    seeds = {row: options.slow_seeds or options.seeds if row in SLOW else options.seeds for row in rows}
    try:
        vectors = Vectors(options.embedder, options.cache or Settings().home / "benchmarks")
        sets = [clinc(options.clinc)] if options.clinc else []
        sets += [hwu(options.hwu)] if options.hwu else []
        sets += [labelled(files) for files in options.data]
        found = {}
        for queries in sets:
            data = embedded(queries if options.rounds is None else replace(queries, rounds=options.rounds), vectors)
            found[queries.name] = measure(data, vectors, seeds, options.strategies)
    except GencodeError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    costs = [cost(number) for number in (10, 100, 1000)] if options.cost else []
    if options.json:
        print(json.dumps({"embedder": options.embedder, "sets": found, "cost": costs}, indent=1))
    else:
        print(f"embedder {options.embedder}\n")
        print("\n".join(table(name, figures) for name, figures in found.items()))
        for of in costs:
            print(f"{of['options']:5} options: choose {of['choose_ms']:.3f} ms, learn {of['learn_ms']:.3f} ms")
    clean = [{row: cells["clean"] for row, cells in figures["streams"].items()} for figures in found.values()]
    return int(any(shares.get("router", 1.0) <= shares.get(row, 0.0) for shares in clean for row in BEATEN))


if __name__ == "__main__":
    sys.exit(main())
