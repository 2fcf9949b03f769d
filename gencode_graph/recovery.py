"""What is done again, and by whom nothing is noticed, when the sandbox of a run is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from langgraph.runtime import Runtime

from gencode_graph.errors import SandboxLost
from gencode_graph.events import Warned, emit
from gencode_graph.services import Services, renew, services_of
from gencode_graph.settings import Settings
from gencode_graph.state import StepState


class Superstep(Protocol):
    """What LangGraph calls for a part of a step."""

    async def __call__(self, state: StepState, runtime: Runtime[Settings]) -> StepState: ...


def lasting(work: Callable[[StepState, Services], Awaitable[StepState]]) -> Superstep:
    """The node that does a piece of work, from the same state in another sandbox each time that one is lost.

    So no attempt counts, and no check has a say, for what happened to the sandbox; models are not asked again, as the
    journal has what they answered.
    """

    async def node(state: StepState, runtime: Runtime[Settings]) -> StepState:
        while True:
            services = await services_of(runtime)
            try:
                return await work(state, services)
            except SandboxLost as lost:
                if await renew(services, lost):
                    emit(Warned(message=f"the sandbox was lost, and another one opened for the same work: {lost}"))

    return node
