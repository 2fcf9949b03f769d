"""Near events are found, the weight is theirs, and old ones give way."""

from __future__ import annotations

import numpy as np
import pytest

from gencode_graph.memory.episodes import Episodes, shorten
from gencode_graph.memory.learning import Floats

DIMENSIONS = 256


def vectors(count: int, seed: int = 0) -> Floats:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def filled(queries: Floats, capacity: int = 4000) -> Episodes:
    episodes = Episodes(queries.shape[1], capacity)
    for time, query in enumerate(queries):
        episodes.add(query, time % 7, float(time % 2), time)
    return episodes


def test_what_is_near_is_found_among_many() -> None:
    many = vectors(3000)
    about = many[42]
    close = about + 0.4 * vectors(8, seed=1)
    queries = np.concatenate([many, close / np.linalg.norm(close, axis=1, keepdims=True)])
    near = filled(queries).near(about, len(queries), 64, 0.0)
    exact = np.sort(queries @ about)[::-1][:9]
    assert len(near.option) == 64
    assert np.sort(near.likeness)[::-1][:9] == pytest.approx(exact, abs=1e-5)


def test_of_equals_the_latest_are_taken() -> None:
    same = np.repeat(vectors(1), 500, axis=0)
    near = filled(same).near(same[0], 500, 10, 1e-4)
    assert sorted(near.age.tolist()) == list(range(1, 11))


def test_the_short_form_keeps_likeness_about() -> None:
    some = vectors(200)
    off = [float(shorten(a) @ shorten(b) - a @ b) for a, b in zip(some, vectors(200, seed=1), strict=True)]
    assert np.abs(off).mean() < 0.15
    assert shorten(some[0]) == pytest.approx(shorten(some[0]))
    assert shorten(some[0][:10]) is not None
    assert len(shorten(some[0][:10])) == 10


def test_an_option_s_share_is_the_balance_near_here() -> None:
    axes = np.eye(DIMENSIONS, dtype=np.float32)
    episodes = Episodes(DIMENSIONS, 100)
    for option, reward in ((0, 1.0), (0, 1.0), (1, 0.0), (2, 1.0), (2, 0.0)):
        episodes.add(axes[0], option, reward, 0)
    episodes.add(axes[1], 3, 1.0, 0)
    shares = episodes.near(axes[0], 0, 64, 0.0).shares(5, closeness=15.0, horizon=1000.0, reserve=0.1)
    assert shares == pytest.approx([2 / 2.1, -1 / 1.1, 0.0, 0.0, 0.0], abs=1e-4)


def test_what_is_forgotten_is_gone_and_numbers_move_down() -> None:
    episodes = filled(vectors(70))
    episodes.forget(3)
    assert episodes.count == 60
    assert set(episodes.options.tolist()) == {0, 1, 2, 4, 5, 6}
    episodes.forget(4, removed=True)
    assert set(episodes.options.tolist()) == {0, 1, 2, 4, 5}
    assert episodes.near(vectors(1)[0], 70, 64, 0.0).likeness.max() == pytest.approx(1, abs=1e-5)


def test_when_full_the_oldest_gives_way_also_after_some_were_forgotten() -> None:
    episodes = filled(vectors(150), capacity=100)
    assert sorted(episodes.times.tolist()) == list(range(50, 150))
    episodes.forget(0)
    left = episodes.count
    for time in range(150, 150 + 110 - left):
        episodes.add(vectors(1)[0], 1, 1.0, time)
    assert episodes.count == 100
    assert episodes.times.min() > 50
    assert len(set(episodes.times.tolist())) == 100


def test_events_that_do_not_fit_together_are_refused() -> None:
    episodes = filled(vectors(5))
    kept = episodes.arrays()
    with pytest.raises(ValueError, match="fit together"):
        episodes.restore(kept["queries"], kept["options"][:3], kept["rewards"], kept["times"])
