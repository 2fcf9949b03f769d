"""How an end is read: whose exit code it is, and which limit ended it."""

from __future__ import annotations

import pytest

from gencode_graph.sandbox.attached import Cut
from gencode_graph.sandbox.confinement import Place
from gencode_graph.sandbox.docker import End, moment
from gencode_graph.sandbox.jobs import Job, verdict

JOB = Job(place=Place(image="i", network="n", mounts={}, labels={}), argv=("true",), seconds=5)


@pytest.mark.parametrize(
    ("code", "out_of_memory", "seconds", "cut", "means"),
    [
        (0, False, 0.1, None, "ok"),
        (1, False, 0.1, None, "failed"),
        (124, False, 0.1, None, "failed"),  # its own code
        (124, False, 4.99, None, "failed"),
        (124, False, 5.01, None, "timeout"),
        (137, False, 0.1, None, "failed"),  # it killed itself
        (137, False, 7.01, None, "timeout"),  # it ignored the first signal
        (137, True, 0.1, None, "memory"),
        (1, True, 0.1, None, "memory"),  # a child was out of memory, and it gave up
        (0, True, 0.1, None, "ok"),  # a child was, and it did without
        (137, False, 8.0, "timeout", "timeout"),
        (137, False, 0.2, "output_limit", "output_limit"),
        (137, False, 0.2, "stopped", "failed"),
    ],
)
def test_an_end_and_what_it_means(code: int, out_of_memory: bool, seconds: float, cut: Cut | None, means: str) -> None:
    assert verdict(JOB, End(code=code, out_of_memory=out_of_memory, seconds=seconds), cut) == means


def test_times_of_the_engine_are_read_to_the_microsecond() -> None:
    assert moment("2026-11-21T18:00:01.123456789Z") - moment("2026-11-21T18:00:00.5Z") == pytest.approx(0.623456)
    assert moment("0001-01-01T00:00:00Z") == moment(None) == 0.0
