"""Step: one row of the pipeline as data, and the proof that a pipeline of steps can work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gencode_graph.errors import WiringError
from gencode_graph.protocols import Check, Producer


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who improves on a green draft, and what such a draft must pass besides the step's own checks."""

    agents: tuple[Producer, ...]
    """One way of asking each; the next is taken when one meets the same findings again."""
    fixers: tuple[Producer, ...] = ()
    """Asked where a draft fails that no agent wrote, once the healers have nothing more to propose."""
    gates: tuple[Check, ...] = ()
    """Cheap; the step's checks run only on what passes them."""
    reviewers: tuple[Check, ...] = ()
    """Asked last, about what all tools let pass."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step reads and writes, who makes the draft, who judges, who repairs. No code."""

    name: str
    persona: str
    """Who of the cast does it: Marcus, Victoria, Derek or Luna."""
    does: str
    """One line for people."""
    reads: tuple[str, ...]
    """Files, or folders ending in ``/``, that an earlier step writes."""
    writes: tuple[str, ...] = ()
    """The only files, or folders ending in ``/``, that it may write."""
    producers: tuple[Producer, ...] = ()
    """The first that accepts goes first; a step without any only checks what is there."""
    checks: tuple[Check, ...] = ()
    """Run side by side."""
    healers: tuple[Producer, ...] = ()
    """Cheapest first; they are asked once there are findings, and need no model."""
    resorts: tuple[Producer, ...] = ()
    """The certain ways back, which come last; the attempts for them are kept free."""
    team: Team | None = None
    """Works where there is a model to ask."""
    share: float = 0.25
    """Of a run's tokens and USD; once it is used up, the step begins no further attempt that asks a model."""

    def owns(self, path: str) -> bool:
        """Whether the step may write a path."""
        return within(path, self.writes)


def within(path: str, places: Iterable[str]) -> bool:
    """Whether a path is one of some files, or lies in one of some folders, which end in ``/``."""
    return any(path == place or _inside(path, place) for place in places)


def verify(step: Step, written: Iterable[str]) -> None:
    """Raise ``WiringError`` unless everything that a step reads is among what was written before it."""
    before = tuple(written)
    for read in step.reads:
        if not any(read == w or _inside(read, w) or _inside(w, read) for w in before):
            known = ", ".join(sorted(before)) or "nothing"
            raise WiringError(
                f"step {step.name} reads {read}, which no step before it writes (written so far: {known})"
            )
    if not step.producers and not step.checks:
        raise WiringError(f"step {step.name} neither makes nor checks anything")
    if step.producers and not step.writes:
        raise WiringError(f"step {step.name} makes files but owns none: give it `writes`")


def _inside(path: str, folder: str) -> bool:
    return folder.endswith("/") and path.startswith(folder)
