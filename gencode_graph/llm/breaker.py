"""A circuit breaker: a provider that keeps failing is left alone for a while, then tried with one call."""

from __future__ import annotations

import time
from collections.abc import Callable

from gencode_graph.llm.failures import Failure

PAUSE_GROWS = 2.0
LONGEST_PAUSE = 600.0
"""Seconds."""


class Breaker:
    """Closed, open after ``threshold`` failures in a row, half open after ``pause`` seconds; or stopped for good."""

    def __init__(self, threshold: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._threshold = threshold
        self._first_pause = self._pause = pause
        self._clock = clock
        self._failures = 0
        self._until: float | None = None
        self._probing = False
        self.stopped: Failure | None = None
        """Why the provider is of no use for the rest of the run, for instance because its quota is spent."""

    @property
    def closed(self) -> bool:
        """Whether a call may be made, or the one with which to try again."""
        if self.stopped is not None:
            return False
        return self._until is None or (not self._probing and self._clock() >= self._until)

    def enter(self) -> bool:
        """Whether this call may be made; while it is half open the first one that asks may."""
        if not self.closed:
            return False
        self._probing = self._until is not None
        return True

    def succeeded(self) -> None:
        """The provider answered."""
        self._failures, self._until, self._probing, self._pause = 0, None, False, self._first_pause

    def failed(self) -> None:
        """The provider did not answer, or not usefully."""
        self._failures += 1
        if self._probing:
            self._pause = min(self._pause * PAUSE_GROWS, LONGEST_PAUSE)
        if self._probing or self._failures >= self._threshold:
            self._until = self._clock() + self._pause
        self._probing = False

    def left(self) -> None:
        """A call ended without telling anything of the provider: it was cancelled, or the request itself was bad."""
        self._probing = False

    def stop(self, reason: Failure) -> None:
        """Never again in this run."""
        self.stopped = reason
