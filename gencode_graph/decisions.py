"""What is asked of the memory and what it answers: options, decisions, outcomes, patterns; frozen and plain."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from gencode_graph.types import Value

Sharpness = Literal["standard", "combinational"]


class Context(Value):
    """Where a decision is made; what is not known is None, and matches everything."""

    archetype: str | None = None
    step: str | None = None
    language: str | None = None


class Option(Value):
    """One thing that can be chosen: its key is what its texts mean, its value is how to behave."""

    name: str
    description: str
    examples: tuple[str, ...] = ()
    """Further texts that mean it; the key is the mean of all."""
    value: dict[str, Any] = Field(default_factory=dict)
    """JSON; numbers of several options can be blended."""


class Decision(Value):
    """What was chosen, how surely, and why."""

    id: str
    point: str
    """The decision point, for instance ``archetype`` or ``repair``."""
    query: str
    context: Context
    selected: str
    confidence: float
    """Chance that it is right, as far as outcomes so far tell."""
    abstained: bool
    """Nothing is near enough to trust: take a default instead."""
    ranking: tuple[tuple[str, float], ...]
    """Every option with its weight, the first one first; weights sum to 1."""
    value: dict[str, Any]
    """The selected option's, with its numbers blended by weight."""
    sharpness: Sharpness = "standard"
    evolved: bool = False
    """Outcomes had a part in it."""
    foreign: bool = False
    """Brought in from another context, after those of this one kept failing."""


class Outcome(Value):
    """How it went with a decision."""

    success: bool
    score: float | None = Field(default=None, ge=0, le=1)
    """Finer than success, where it is known."""
    cost: float = Field(default=0.0, ge=0)
    """USD."""
    seconds: float = Field(default=0.0, ge=0)


class Pattern(Value):
    """A repair that turned a check green, or a plan that worked, in general form; nothing personal, no secrets."""

    id: str
    kind: Literal["repair", "plan"]
    signature: str
    """Of what was wrong (``healing.classify.signature``), or of what was asked for."""
    text: str
    """What it is found by: the finding's or the request's words."""
    context: Context
    body: dict[str, Any]
    """A repair's edits, or a plan's decisions."""
    proof: str
    """Which check turned green, in which run's step."""
    used: int = 0
    worked: int = 0
    foreign: bool = False
    """Found in another context than the one that was asked for."""

    @property
    def trust(self) -> float:
        """Chance that it works again: Laplace's rule of succession."""
        return (self.worked + 1) / (self.used + 2)
