"""A server that speaks like the providers, and a run that asks it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.events import ModelCalled
from gencode_graph.llm import Patience, connect_model
from gencode_graph.llm.model import ChainModel
from gencode_graph.settings import Settings
from gencode_graph.testing import Rule, Wire
from gencode_graph.types import Prompt

OPENAI = "openai:gpt-6-luna"
GEMINI = "google_genai:gemini-3.5-flash-lite"
CLAUDE = "anthropic:claude-haiku-5-5"
QUICK = Patience(first_wait=0.01, longest_wait=0.05, opens_for=30.0)
Asking = Callable[..., AbstractAsyncContextManager[ChainModel]]


def prompt(text: str = "write a poem", **changes: Any) -> Prompt:
    """A question of Derek's for the backend."""
    known: dict[str, Any] = {
        "agent": "derek",
        "step": "backend_models",
        "attempt": 1,
        "system": "You are Derek, a developer.",
        "messages": (f"Task: backend_models, attempt 1\n\n{text}",),
        "max_tokens": 500,
    }
    return Prompt(**{**known, **changes})


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks a real provider."""
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Wire]:
    """Makes a server, not yet running, of rules; clients find it once it runs."""

    def make(*rules: Rule, **options: Any) -> Wire:
        class Found(Wire):
            def start(self) -> None:
                super().start()
                for name, value in {**self.env, **self.env_of("anthropic")}.items():
                    monkeypatch.setenv(name, value)

        return Found(rules, **options)

    return make


@pytest.fixture
def told() -> list[ModelCalled]:
    """The calls that were told of, in order."""
    return []


@pytest.fixture
def asking(tmp_path: Path, told: list[ModelCalled]) -> Asking:
    """Connects a run's model; settings and patience can be given."""

    @asynccontextmanager
    async def connect(*, run_id: str = "run", patience: Patience = QUICK, **settings: Any) -> AsyncIterator[ChainModel]:
        known = {"home": tmp_path, "model": OPENAI, "call_timeout": 5.0}
        chosen = Settings(**{**known, **settings})
        async with connect_model(chosen, run_id, notify=told.append, patience=patience) as model:
            assert model is not None
            yield model

    return connect
