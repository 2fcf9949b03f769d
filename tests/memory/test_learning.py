"""The gradient is the likelihood's, and the running estimates find what they estimate."""

from __future__ import annotations

import numpy as np
import pytest

from gencode_graph.memory.learning import Noise, Threshold, gradient, odds


def likelihood(logits: np.ndarray, chosen: int, reward: float, noise: float) -> float:
    seen = (1 - 2 * noise) * odds(logits)[chosen] + noise
    return float(np.log(seen) if reward else np.log(1 - seen))


@pytest.mark.parametrize("noise", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("reward", [0.0, 1.0])
def test_the_gradient_is_that_of_the_likelihood(reward: float, noise: float) -> None:
    logits, chosen, little = np.array([0.3, -1.0, 0.8, 0.1]), 2, 1e-6
    moves = gradient(logits[None], np.array([chosen]), np.array([reward]), noise, clip=100.0)[0]
    for option in range(len(logits)):
        nudged = logits.copy()
        nudged[option] += little
        slope = (likelihood(nudged, chosen, reward, noise) - likelihood(logits, chosen, reward, noise)) / little
        assert moves[option] == pytest.approx(slope, abs=1e-4)


def test_a_failure_of_a_sure_choice_moves_no_more_than_the_clip() -> None:
    logits, chosen = np.array([[9.0, 0.0]]), np.array([0])
    free, clipped = (gradient(logits, chosen, np.array([0.0]), 0.02, clip)[0] for clip in (100.0, 0.5))
    assert abs(clipped).max() < abs(free).max()
    assert clipped[0] == pytest.approx(-0.5 * (1 - odds(logits)[0, 0]))


def test_half_a_success_is_between() -> None:
    logits, chosen = np.array([[0.5, 0.0, 0.2]]), np.array([0])
    none, half, full = (gradient(logits, chosen, np.array([r]), 0.1, 1.0) for r in (0.0, 0.5, 1.0))
    assert half == pytest.approx((none + full) / 2)


def test_an_excluded_option_has_no_odds() -> None:
    shares = odds(np.array([1.0, -np.inf, 1.0]))
    assert shares == pytest.approx([0.5, 0.0, 0.5])


@pytest.mark.parametrize("wrong", [0.0, 0.1, 0.3])
def test_noise_is_how_often_sure_choices_fail(wrong: float) -> None:
    rng, noise = np.random.default_rng(0), Noise()
    for _ in range(5000):
        confidence = rng.random()
        right = confidence > 0.6 or rng.random() < 0.3
        noise.observe(confidence, float(right != (rng.random() < wrong)))
    assert noise.estimate == pytest.approx(wrong, abs=0.07)
    assert noise.sure == pytest.approx(0.8, abs=0.1)
    assert 0.02 <= noise.level <= 0.35


def test_the_threshold_is_a_quantile() -> None:
    rng, threshold = np.random.default_rng(0), Threshold()
    for likeness in rng.uniform(0.2, 1.0, 40_000):
        threshold.observe(likeness, 0.05)
    assert threshold.value == pytest.approx(0.24, abs=0.03)
