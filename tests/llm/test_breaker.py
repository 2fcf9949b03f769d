"""A provider that keeps failing is left alone, then tried with one call."""

from __future__ import annotations

from gencode_graph.llm.breaker import Breaker
from gencode_graph.llm.failures import Failure


class Clock:
    """Time that the test lets pass."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    """A breaker that has seen three failures."""
    breaker = Breaker(3, 10.0, clock)
    for _ in range(3):
        assert breaker.enter()
        breaker.failed()
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker(3, 10.0, Clock())
    for end in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed, breaker.failed):
        assert breaker.enter()
        end()
    assert breaker.closed
    breaker.failed()
    assert not breaker.closed
    assert not breaker.enter()


def test_after_a_while_one_call_may_try() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 10.0
    assert breaker.closed
    assert breaker.enter()
    assert not breaker.enter()
    breaker.succeeded()
    assert breaker.enter()


def test_each_try_that_fails_makes_the_pause_longer() -> None:
    clock = Clock()
    breaker = opened(clock)
    pauses = []
    for _ in range(9):
        began = clock.now
        while not breaker.closed:
            clock.now += 1.0
        pauses.append(clock.now - began)
        breaker.enter()
        breaker.failed()
    assert pauses == [10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 600.0, 600.0, 600.0]


def test_a_try_that_was_cancelled_makes_way_for_another() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 11.0
    assert breaker.enter()
    breaker.left()
    assert breaker.enter()


def test_what_was_stopped_stays_so() -> None:
    breaker, spent = Breaker(3, 10.0, Clock()), Failure(kind="quota", message="nothing left")
    breaker.stop(spent)
    breaker.succeeded()
    assert not breaker.closed
    assert breaker.stopped is spent
