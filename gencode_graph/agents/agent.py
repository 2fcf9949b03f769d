"""The producer that asks a model: one of the cast, with a brief, on the draft at hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from gencode_graph.agents.answering import whole_answer
from gencode_graph.agents.context import choose
from gencode_graph.agents.hints import Hints, hints
from gencode_graph.agents.prompting import prompt
from gencode_graph.agents.reading import draft_of
from gencode_graph.blueprint.producers import formatted
from gencode_graph.errors import ModelError
from gencode_graph.services import Services
from gencode_graph.settings import Settings
from gencode_graph.types import Draft, Prompt, Task, Tier

ANSWER_TOKENS = 16_384
"""Asked for at first, thinking included; an answer that is cut off gets more."""


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One of the cast; a step's file says what for."""

    persona: str
    """Name of its prompt file."""
    brief: str
    """What it is to do in this step, for the model."""
    tier: Tier = "simple"
    """The least; a complex app, or a failed attempt, asks for more."""
    afresh: bool = False
    """Starts again from the green draft and does less, because the other way met the same findings again."""
    heals: bool = False
    """Works on findings only."""

    @property
    def name(self) -> str:
        return f"{self.persona}/afresh" if self.afresh else self.persona

    def accepts(self, task: Task) -> bool:
        return task.models and bool(task.findings or not (self.heals or self.afresh))

    async def produce(self, task: Task, services: Services) -> Draft:
        """The draft that the model's answer comes to; what is wrong with the answer itself is among its findings."""
        if services.model is None:
            raise ModelError("there is no model to ask: set GOOGLE_API_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY")
        green = task.green if self.afresh else None
        files = await asyncio.to_thread(_texts, services, green or task.tree)
        known = await hints(task, files, self.tier, self.brief, services)
        question = await self.ask(task, files, services.settings, known, afresh=green is not None)
        answer = await whole_answer(services.model, question)
        draft = await asyncio.to_thread(draft_of, answer, files, services.workspace.inspect, afresh=green is not None)
        return replace(draft, files=await formatted(dict(draft.files), task, services))

    async def ask(
        self, task: Task, files: dict[str, str], settings: Settings, known: Hints, *, afresh: bool = False
    ) -> Prompt:
        """The question, with the files that the task needs."""
        context = await choose(task, files, settings.context_tokens, settings.embedder, known.weight)
        first = prompt(
            "task",
            step=task.step,
            attempt=task.attempt,
            request=task.request,
            requirements=task.spec.requirements if task.spec else (),
            brief=self.brief,
            owns=task.owns,
            findings=task.findings,
            guidance=known.guidance,
            afresh=afresh,
            context=context.text,
        )
        return Prompt(
            agent=self.persona,
            step=task.step,
            attempt=task.attempt,
            system=prompt(self.persona),
            messages=(first,),
            tier=known.tier,
            max_tokens=ANSWER_TOKENS,
        )


def _texts(services: Services, tree: str) -> dict[str, str]:
    """The files of a tree that are text."""
    texts = {}
    for path, content in services.workspace.read(tree).items():
        try:
            texts[path] = content.decode()
        except UnicodeDecodeError:
            continue  # a picture: nothing an agent could read or edit
    return texts
