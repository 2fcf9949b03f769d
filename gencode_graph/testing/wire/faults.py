"""What can go wrong between a client and a model, by name, and how often."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from gencode_graph.errors import SettingError

FAULTS: Mapping[str, str] = {
    "429": "too many requests; Retry-After says how long to wait",
    "500": "an internal error",
    "503": "overloaded",
    "401": "not authenticated",
    "403": "not permitted",
    "404": "no such model",
    "bad_key": "the key is not valid; Gemini says so with 400",
    "quota": "the account's quota is used up: a 429 that no waiting helps",
    "context": "the prompt is longer than the model can read",
    "filter_prompt": "the prompt is refused by a filter",
    "filter_answer": "the answer is cut off by a filter",
    "refusal": "the model will not answer",
    "hang": "no byte of an answer, until `seconds` are over or the client leaves",
    "stall": "half of the answer, then the same",
    "drip": "all of the answer, with `seconds` shared out between its pieces",
    "reset": "the connection is reset before a byte of the answer",
    "cut": "the connection is closed when the share `at` of the answer was sent",
    "no_finish": "half of the answer, with no reason why it ends there",
    "length": "the share `at` of the answer, because it grew too long",
    "empty_text": "an answer with no text",
    "empty": "no choices, no candidates",
    "bad_sse": "an event that is not JSON in the middle of a stream; a whole answer that is not JSON",
    "sse_error": "an error in the middle of a stream; a whole answer is a 500",
    "bad_json": "a body that is cut off but declared whole",
    "html": "a page for people, with status 200",
    "usage_zero": "the answer, said to have cost nothing",
    "usage_low": "the answer, said to have cost a tenth",
    "usage_huge": "the answer, said to have cost a million tokens more",
    "usage_none": "the answer, and not a word of its cost",
}
"""Name -> what the client meets. What a provider's client makes of it is in docs/testing.md."""

IDLE = frozenset({"hang", "reset", "html"})
"""With these, and with those that are an error in a provider's words, the model does no work: no token is paid for."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. Raises ``SettingError`` for a name that is not in ``FAULTS``."""

    name: str
    seconds: float | None = None
    """How long ``hang`` and ``stall`` last, what ``drip`` shares out, what Retry-After says with ``429`` and
    ``503``; None is a good choice: for ever, 2, 1, and nothing."""
    at: float = 0.5
    """Which share of the answer comes before it is cut, from 0 to 1."""

    def __post_init__(self) -> None:
        if self.name not in FAULTS:
            raise SettingError(f"no fault is named {self.name!r}; known: {', '.join(FAULTS)}")
        if not 0 <= self.at <= 1:
            raise SettingError(f"the share of an answer is from 0 to 1, not {self.at}")
        if self.seconds is not None and self.seconds < 0:
            raise SettingError(f"{self.seconds} seconds are too few; 0 is the least")


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Faults at random: the n-th call to a provider always meets the same one for the same seed."""

    seed: int
    rate: float
    """Share of calls that meet a fault, from 0 to 1."""
    kinds: Collection[str] = tuple(FAULTS)
    providers: Collection[str] | None = None
    """Who is unreliable; None is everyone."""
    seconds: float | None = None
    """For those faults that take a time."""
    _dice: dict[str, Random] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise SettingError(f"the rate of faults is from 0 to 1, not {self.rate}")
        for name in self.kinds:
            Fault(name)

    def fresh(self) -> Chance:
        """The same chances, from the first call on."""
        return replace(self)

    def draw(self, provider: str) -> Fault | None:
        """The fault that the next call to a provider meets, if it does."""
        if self.providers is not None and provider not in self.providers:
            return None
        dice = self._dice.setdefault(provider, Random(f"{self.seed}:{provider}"))
        hit, name, share = dice.random(), dice.choice(tuple(self.kinds)), dice.random()
        return Fault(name, self.seconds, at=round(share, 2)) if hit < self.rate else None
