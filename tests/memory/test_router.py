"""The router: what it promises of every decision, that it learns, and that its state is whole or refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gencode_graph.errors import InputError, SettingError, StorageError
from gencode_graph.memory.learning import Floats
from gencode_graph.memory.router import Routed, Router
from gencode_graph.memory.tuning import Tuning

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "router.py"
OPTIONS, DIMENSIONS = 8, 96
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda data: data[:-1],
    "cut to nothing": lambda data: b"",
    "cut in its head": lambda data: data[:20],
    "one bit turned": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "something at its end": lambda data: data + b"\0",
    "of another version": lambda data: data[:14] + b"\xff\xff" + data[16:],
    "something else": lambda data: b"SQLite format 3\0" + data,
}


def unit(vectors: Floats) -> Floats:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


class World:
    """Queries of eight kinds, each the business of one option whose description says it badly."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.centres = unit(self.rng.normal(size=(OPTIONS, DIMENSIONS)))
        self.keys = unit(0.2 * self.centres + unit(self.rng.normal(size=(OPTIONS, DIMENSIONS))))

    def query(self, kind: int) -> Floats:
        return unit(self.centres[kind] + 0.9 * unit(self.rng.normal(size=DIMENSIONS)))

    def live(self, router: Router, rounds: int, *, noise: float = 0.0, teach: bool = True) -> float:
        """The share of right choices."""
        right = 0
        for _ in range(rounds):
            kind = int(self.rng.integers(OPTIONS))
            query = self.query(kind)
            routed = router.route(query)
            right += routed.index == kind
            if teach:
                reward = float((routed.index == kind) ^ (self.rng.random() < noise))
                router.feedback(query, routed.index, reward, routed.confidence)
        return right / rounds


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def taught(world: World) -> Router:
    router = Router(world.keys)
    world.live(router, 400)
    return router


def same(one: Routed, other: Routed) -> bool:
    return (one.index, one.confidence, one.abstained) == (other.index, other.confidence, other.abstained) and bool(
        np.array_equal(one.weights, other.weights)
    )


def test_weights_sum_to_one_and_the_ranking_has_every_option_once(world: World, taught: Router) -> None:
    for kind in range(OPTIONS):
        routed = taught.route(world.query(kind))
        assert routed.weights.sum() == pytest.approx(1, abs=1e-5)
        assert (routed.weights >= 0).all()
        assert sorted(routed.ranking) == list(range(OPTIONS))
        assert routed.ranking[0] == routed.index
        assert 0 < routed.confidence <= 1


def test_what_is_excluded_is_never_chosen(world: World, taught: Router) -> None:
    query, tried = world.query(3), list[int]()
    while len(tried) < OPTIONS:
        routed = taught.route(query, exclude=tried)
        assert routed.index not in tried
        assert routed.weights[tried].sum() == 0
        assert not set(routed.ranking) & set(tried)
        tried.append(routed.index)
    with pytest.raises(SettingError, match="allow one"):
        taught.route(query, exclude=tried)


def test_to_route_changes_nothing(world: World, taught: Router) -> None:
    before = taught.to_bytes()
    query = world.query(0)
    assert same(taught.route(query), taught.route(query))
    assert taught.to_bytes() == before


def test_the_same_events_give_the_same_router() -> None:
    states = []
    for _ in range(2):
        world = World()
        router = Router(world.keys, seed=5)
        world.live(router, 150, noise=0.2)
        states.append(router.to_bytes())
    assert states[0] == states[1]


def test_it_learns_what_descriptions_do_not_say(world: World) -> None:
    static = world.live(Router(world.keys), 400, teach=False)
    router = Router(world.keys)
    world.live(router, 400)
    assert static < 0.75
    assert world.live(router, 400, teach=False) > 0.95


@pytest.mark.parametrize("noise", [0.1, 0.3])
def test_wrong_feedback_does_not_undo_it(world: World, noise: float) -> None:
    static = world.live(Router(world.keys), 400, teach=False)
    router = Router(world.keys)
    world.live(router, 1500, noise=noise)
    assert world.live(router, 400, teach=False) > static + 0.1
    assert router.noise.level == pytest.approx(noise, abs=0.08)


@pytest.mark.parametrize("part", ["drift", "step", "memory"])
def test_each_part_learns_alone(world: World, part: str) -> None:
    off = {"drift": False, "step": 0.0, "memory": 0.0, "explore": False}
    alone = replace(Tuning(), **{name: value for name, value in off.items() if name != part})
    router, idle = Router(world.keys, alone), Router(world.keys, replace(Tuning(), **off))
    world.live(router, 600)
    world.live(idle, 600)
    assert world.live(router, 300, teach=False) > world.live(idle, 300, teach=False) + 0.05


def test_an_option_that_fails_is_left(world: World) -> None:
    router, query = Router(world.keys), world.query(0)
    first = router.route(query).index
    for _ in range(6):
        if (routed := router.route(query)).index == first:
            router.feedback(query, first, 0.0, routed.confidence)
    assert router.route(query).index != first


def test_where_everything_failed_something_new_is_tried_half_of_the_time(world: World) -> None:
    router, query = Router(world.keys, replace(Tuning(), memory=0.0, step=0.0, drift=False)), world.query(0)
    favourite = router.route(query).index
    picks = []
    for _ in range(60):
        routed = router.route(query)
        picks.append((routed.index == favourite, routed.explored))
        router.feedback(query, favourite, 0.0, routed.confidence)
    assert not any(explored for _, explored in picks[:6])
    assert {explored for favoured, explored in picks if favoured} == {False}
    assert 15 < sum(explored for _, explored in picks) < 40


def test_what_is_reset_starts_from_its_new_description(world: World, taught: Router) -> None:
    moved = unit(world.rng.normal(size=DIMENSIONS))
    assert taught.route(moved).confidence < 0.9
    taught.reset(2, moved)
    assert taught.route(moved).index == 2
    assert taught.route(moved).confidence > 0.9
    assert taught.route(world.query(2)).index != 2


def test_options_come_and_go(world: World, taught: Router) -> None:
    query = world.query(5)
    assert taught.route(query).index == 5
    new = unit(world.rng.normal(size=DIMENSIONS))
    assert taught.add(new) == OPTIONS
    assert taught.route(new).index == OPTIONS
    taught.remove(1)
    assert len(taught) == OPTIONS
    assert taught.route(query).index == 4
    assert taught.route(new).index == OPTIONS - 1
    alone = Router(world.keys[:1])
    with pytest.raises(SettingError, match="last option"):
        alone.remove(0)


def test_what_is_strange_is_abstained_from(world: World) -> None:
    router = Router(world.keys)
    world.live(router, 1500)
    known = sum(router.route(world.query(kind % OPTIONS)).abstained for kind in range(100))
    strange = sum(router.route(unit(world.rng.normal(size=DIMENSIONS))).abstained for _ in range(100))
    assert known < 15
    assert strange > 60


def test_doubt_makes_it_blend_and_the_sharpness_can_be_asked_for(world: World, taught: Router) -> None:
    sure = taught.route(world.query(1))
    between = unit(taught._table.drifted[1] + taught._table.drifted[2])
    unsure = Router(taught._table.drifted).route(between)
    assert sure.sharpness == "standard"
    assert unsure.sharpness == "combinational"
    assert sorted(np.flatnonzero(unsure.weights)) == [1, 2]
    assert unsure.weights[[1, 2]] == pytest.approx([0.5, 0.5], abs=0.1)
    forced = taught.route(world.query(1), sharpness="combinational")
    assert forced.sharpness == "combinational"
    assert np.count_nonzero(forced.weights) == 2


def test_what_was_saved_decides_the_same_and_learns_the_same(world: World, taught: Router) -> None:
    again = Router.from_bytes(taught.to_bytes())
    for kind in range(OPTIONS):
        query = world.query(kind)
        assert same(again.route(query), taught.route(query))
        for router in (taught, again):
            router.feedback(query, kind, 1.0, 0.5)
    assert again.to_bytes() == taught.to_bytes()


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_refused(taught: Router, damage: str) -> None:
    with pytest.raises(StorageError, match="delete it"):
        Router.from_bytes(DAMAGES[damage](taught.to_bytes()))


def test_old_events_give_way(world: World) -> None:
    few = replace(Tuning(), events=100)
    router = Router(world.keys, few)
    world.live(router, 250)
    assert sorted(router._episodes.arrays()["times"].tolist()) == list(range(150, 250))
    again = Router.from_bytes(router.to_bytes(), few)
    for number in range(20):
        for each in (router, again):
            each.feedback(world.centres[0], number % OPTIONS, 1.0, 0.5)
    assert again.to_bytes() == router.to_bytes()
    fewer = Router.from_bytes(router.to_bytes(), replace(few, events=40))
    assert sorted(fewer._episodes.arrays()["times"].tolist()) == list(range(230, 270))


@pytest.mark.parametrize(
    "wrong",
    [np.zeros(DIMENSIONS - 1), np.full(DIMENSIONS, np.nan), np.zeros((1, DIMENSIONS))],
    ids=["short", "not a number", "a matrix"],
)
def test_a_wrong_vector_is_refused(taught: Router, wrong: Floats) -> None:
    with pytest.raises(InputError, match="finite numbers of shape"):
        taught.route(wrong)


@pytest.mark.parametrize(("index", "reward"), [(OPTIONS, 1.0), (-1, 1.0), (0, 1.5), (0, -0.1)])
def test_wrong_feedback_is_refused(world: World, taught: Router, index: int, reward: float) -> None:
    with pytest.raises(InputError, match="reward"):
        taught.feedback(world.query(0), index, reward, 0.5)


def test_a_router_needs_options() -> None:
    with pytest.raises(InputError, match="one option at least"):
        Router(np.zeros((0, DIMENSIONS), np.float32))


@pytest.mark.slow
def test_the_benchmark_takes_sets_of_labelled_queries(tmp_path: Path) -> None:
    """CSV with names, JSON pairs and lines of JSON; the router is better than what does not look at outcomes."""
    words = {"pay a bill": ["settle my invoice", "owe money"], "book a table": ["reserve dinner", "seats for two"]}
    rows = [(f"{text} number {n}", label) for n in range(25) for label, texts in words.items() for text in texts]
    files = [tmp_path / "named.csv", tmp_path / "pairs.json", tmp_path / "lines.jsonl"]
    files[0].write_text("text,category\n" + "\n".join(f'"{text}",{label}' for text, label in rows))
    files[1].write_text(json.dumps(rows))
    files[2].write_text("\n".join(json.dumps({"text": text, "intent": label}) for text, label in rows))
    told = [argument for file in files for argument in ("--data", str(file), str(files[1]))]
    settings = ["--embedder", "lexical", "--seeds", "1", "--rows", "static,router", "--json"]
    argv = [sys.executable, str(BENCHMARK), *told, *settings, "--cache", str(tmp_path)]
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    sets = json.loads(ran.stdout)["sets"]
    assert set(sets) == {"named", "pairs", "lines"}
    for figures in sets.values():
        assert figures["rounds"] == len(rows)
        assert figures["streams"]["router"]["clean"] > max(0.9, figures["streams"]["static"]["clean"])
        assert figures["tests"]["clean"]["accuracy"] > 0.95
