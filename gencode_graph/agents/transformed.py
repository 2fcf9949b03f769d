"""The producer of the last resort: the same agent, on a task of which a person let one constraint be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gencode_graph.approval import ask
from gencode_graph.errors import RefusedError
from gencode_graph.memory.transformation import Variant, transform
from gencode_graph.protocols import Producer
from gencode_graph.services import Services
from gencode_graph.spec import Requirement
from gencode_graph.types import Draft, Finding, Task

FROM = 4
"""The first attempt at which constraints may change: after the built-in draft and two ways of asking."""


@dataclass(frozen=True, kw_only=True)
class Transformed:
    """Asks a person, then the agent. What comes of it must pass the same checks, and the app is judged as before."""

    agent: Producer

    @property
    def name(self) -> str:
        return f"{self.agent.name}/transformed"

    def accepts(self, task: Task) -> bool:
        return task.transforms and task.models and task.attempt >= FROM and bool(task.errors and task.spec)

    async def produce(self, task: Task, services: Services) -> Draft:
        """The agent's draft for the changed task; an empty one where nobody approves of a change.

        Waits for the person by LangGraph's ``interrupt``: resume with the labels of what is approved.
        """
        spec, limits = task.spec, services.sandbox.limits
        assert spec is not None  # what is accepted has one
        asked = {requirement.text: requirement for requirement in spec.requirements}
        try:
            approved = await transform(
                tuple(asked),
                allowed=services.settings.transformation,
                sandboxed="files" in limits and "network" in limits,
                approve=lambda offered: _ask(task, offered),
            )
        except RefusedError:
            return Draft()
        change = approved[0]
        new = tuple(asked.get(text) or Requirement(text=text[:300], status="unclear") for text in change.constraints)
        changed = replace(task, spec=spec.model_copy(update={"requirements": new}))
        draft = await self.agent.produce(changed, services)
        note = Finding(rule="agent/transformed", severity="warning", message=f"a person let it {change.label}")
        return replace(draft, findings=(*draft.findings, note))


async def _ask(task: Task, offered: Sequence[Variant]) -> Sequence[Variant]:
    trouble = [error.message for error in task.errors[:5]]
    chosen = ask(task.step, trouble, [variant.label for variant in offered])
    return [variant for variant in offered if variant.label in chosen]
