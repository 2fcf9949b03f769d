"""Typed progress events, sent over LangGraph's custom stream in order."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from gencode_graph.decisions import Decision
from gencode_graph.types import Finding, Value


class StepStarted(Value):
    """A step begins, or begins again after a resume."""

    type: Literal["step_started"] = "step_started"
    step: str
    persona: str


class Activity(Value):
    """What a step is doing right now."""

    type: Literal["activity"] = "activity"
    step: str
    attempt: int
    name: str
    """The producer or check at work."""
    state: Literal["started", "finished"]
    seconds: float | None = None
    findings: int = 0


class AttemptFailed(Value):
    """An attempt did not pass; another way is tried, or the step ends so."""

    type: Literal["attempt_failed"] = "attempt_failed"
    step: str
    attempt: int
    findings: tuple[Finding, ...]


class StepFinished(Value):
    """A step ended; its files are committed and on disk."""

    type: Literal["step_finished"] = "step_finished"
    step: str
    status: Literal["passed", "failed"]
    seconds: float
    files: int
    findings: int


class ModelCalled(Value):
    """A model was asked; once for each call, also for those that failed."""

    type: Literal["model_called"] = "model_called"
    step: str
    agent: str
    attempt: int
    model: str
    """As ``provider:name``."""
    outcome: str
    """Why the answer ended, or what went wrong with the call: ``stop``, ``length``, ``timeout``, ``rate_limit`` ..."""
    tokens_in: int
    tokens_out: int
    usd: float
    seconds: float
    doubted: bool = False
    """The provider's figures cannot be right, or there were none."""


class Decided(Value):
    """The memory chose between options."""

    type: Literal["decided"] = "decided"
    step: str
    decision: Decision


class Learned(Value):
    """The memory was told how a decision went."""

    type: Literal["learned"] = "learned"
    step: str
    decision: str
    """Its id."""
    success: bool
    score: float | None = None


class Warned(Value):
    """Something the user should know: a conflict, a weaker sandbox, a tool that is not there."""

    type: Literal["warning"] = "warning"
    message: str


Event = Annotated[
    StepStarted | Activity | AttemptFailed | StepFinished | ModelCalled | Decided | Learned | Warned,
    Field(discriminator="type"),
]
_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def parse_event(data: dict[str, Any]) -> Event:
    """The event that a stream part or a server sent as JSON."""
    return _ADAPTER.validate_python(data)


def in_a_graph() -> bool:
    """Whether this runs inside a node, so that :func:`emit` reaches somebody."""
    from langgraph.config import get_stream_writer

    try:
        get_stream_writer()
    except (RuntimeError, KeyError):  # no runnable at all, or one that no graph runs
        return False
    return True


def emit(event: Value) -> None:
    """Send an event from inside a node."""
    from langgraph.config import get_stream_writer

    get_stream_writer()(event.model_dump(mode="json"))
