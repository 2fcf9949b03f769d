"""What steps exchange. The state is small: files are ids of trees in the workspace's repository."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from typing_extensions import TypedDict  # pydantic cannot make a JSON schema of typing's before Python 3.12

from gencode_graph.types import Attempt, Finding, Origin, StepResult


def keyed_union(old: Mapping[str, StepResult], new: Mapping[str, StepResult]) -> dict[str, StepResult]:
    """Union by key, the newer value wins: idempotent, so that a step that runs again changes nothing twice."""
    return {**old, **new}


class AppInput(TypedDict):
    """What a run begins with."""

    request: str


class AppState(AppInput):
    """The state of the app graph."""

    steps: Annotated[dict[str, StepResult], keyed_union]
    """By step; a step that is not there has not ended."""


class AppOutput(TypedDict):
    """What a run ends with."""

    steps: dict[str, StepResult]


class StepState(TypedDict, total=False):
    """The state inside one step: one superstep an attempt, so that a resumed run goes on at the attempt."""

    request: str
    base: str
    """Tree of all files before this step."""
    attempt: int
    producer: str | None
    tree: str
    """What the last draft wrote."""
    builtin: str | None
    """Tree of the last draft that no model had a part in."""
    judged: str | None
    """Tree of the last draft that was judged; the findings are about it."""
    removed: tuple[str, ...]
    origin: Origin
    findings: tuple[Finding, ...]
    figures: dict[str, Any]
    drafted: bool
    """Whether the last attempt came to a draft."""
    again: bool
    """Whether there is another way to try."""
    tried: tuple[str, ...]
    """``producer|findings`` pairs, so that nothing is tried twice on the same findings."""
    said: tuple[Finding, ...]
    """What was wrong already with the answer that the draft was read from."""
    kept: StepResult | None
    """The best draft that passed so far."""
    asked: int
    """Attempts in which a model was asked."""
    alone: bool
    """No model answers any more, or none is affordable: the rest is done without."""
    notes: tuple[Finding, ...]
    """Warnings about the agents, for the report."""
    history: tuple[Attempt, ...]
    started: float
    """Unix time."""
