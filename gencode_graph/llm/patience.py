"""How often the same model is asked the same thing, and how long to wait in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gencode_graph.llm.breaker import Breaker
from gencode_graph.llm.failures import CallFailedError

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the same model, and the same provider, is tried."""

    attempts: int = 3
    """Calls to one model for one question; at most ``timeouts`` of them may take too long."""
    timeouts: int = 2
    first_wait: float = 0.5
    """Seconds before the second call; doubled for the next, with a random part."""
    longest_wait: float = 30.0
    """Seconds, whatever Retry-After says."""
    opens_after: int = 6
    """Failed calls in a row after which a provider is left alone ..."""
    opens_for: float = 30.0
    """... for so many seconds, doubled each time."""

    def retrying(self, breaker: Breaker) -> AsyncRetrying:
        """Calls a function again that raised ``CallFailedError``, as long as another call may help."""
        from tenacity import AsyncRetrying

        timeouts = 0

        def again(state: RetryCallState) -> bool:
            nonlocal timeouts
            error = state.outcome.exception() if state.outcome else None
            if not isinstance(error, CallFailedError) or not error.failure.retryable:
                return False
            timeouts += error.failure.kind == "timeout"
            return state.attempt_number < self.attempts and timeouts < self.timeouts and breaker.closed

        return AsyncRetrying(retry=again, wait=self._wait, reraise=True)

    def _wait(self, state: RetryCallState) -> float:
        """Seconds before the next call: what the provider asks for, or longer each time."""
        from tenacity import wait_random_exponential

        error = state.outcome.exception() if state.outcome else None
        wanted = error.failure.wait if isinstance(error, CallFailedError) else None
        if wanted is None:
            wanted = wait_random_exponential(multiplier=self.first_wait, max=self.longest_wait)(state)
        return float(min(wanted, self.longest_wait))
