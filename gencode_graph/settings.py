"""Names and numbers that a run is configured by: the LangGraph context, safe to show and to store."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from gencode_graph.spec import Archetype, Vibe


def _without_password(url: str) -> str:
    return re.sub(r"^(\w*:?//)?[^/?#]*@", r"\1", url)


class Settings(BaseSettings):
    """Each field can be given here, or in the environment as ``GENCODE_<NAME>``. Never holds a key."""

    model_config = SettingsConfigDict(env_prefix="GENCODE_", extra="forbid", frozen=True)

    workspace: Path | None = None
    """Folder of the project; None makes one under ``home``."""
    archetype: Archetype | None = None
    """Kind of app; None lets the analysis choose."""
    vibe: Vibe | None = None
    """Look of the app; None lets the analysis choose."""
    sandbox: Annotated[str, Field(examples=["auto", "docker", "bubblewrap", "local"])] = "auto"
    """Where tools run. ``auto``: ``docker``, else ``bubblewrap``, else ``local`` for what no model had a part in."""
    sandbox_runtime: str | None = None
    """OCI runtime for Docker's containers, for instance ``runsc`` (gVisor); None takes Docker's own."""
    unsafe_local: bool = False
    """Let the local sandbox, which has no walls, run code that a model wrote."""
    attempts: Annotated[int, Field(ge=1, le=5)] = 5
    """How often a step may try, in all; it asks a model three times at most."""
    jobs: Annotated[int, Field(ge=1, le=64)] = max(2, os.cpu_count() or 2)
    """Heavy tools that run at once."""
    tool_timeout: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """Seconds that one tool may take."""
    contract_examples: Annotated[int, Field(ge=1, le=1000)] = 5
    """Requests that the API fuzzer makes up for each operation."""
    previews: Annotated[int, Field(ge=1, le=100)] = 5
    """Apps that are served at once on this machine; each has a sandbox of its own."""
    browser: Path | None = None
    """Chromium's executable; None looks for it."""
    model: str | None = None
    """Models to ask, as ``provider:name``, with commas between those that take over when one fails; None takes the
    provider whose key is set (Google, OpenAI, Anthropic, in this order). Without any, no agent works."""
    model_simple: str | None = None
    """The same for small tasks only."""
    model_medium: str | None = None
    model_complex: str | None = None
    agents: bool = True
    """Whether agents improve on the built-in drafts, where there is a model to ask."""
    budget_usd: Annotated[float, Field(ge=0)] = 5.0
    """What a run may cost; the other limits hold too."""
    budget_tokens: Annotated[int, Field(ge=0)] = 2_000_000
    """Sent and received."""
    budget_calls: Annotated[int, Field(ge=0)] = 200
    budget_seconds: Annotated[float, Field(ge=0)] = 3600.0
    """Spent waiting for models, summed over calls that run side by side."""
    strict_budget: bool = False
    """Stop, resumable, when the budget is spent, instead of going on with the built-in drafts."""
    prices: dict[str, tuple[float, float]] = {}
    """USD for a million tokens sent and received, by ``provider:name``: for models whose price is not known."""
    currency: str = "USD"
    """In which costs are also shown."""
    currency_rate: Annotated[float, Field(gt=0)] = 1.0
    """Units of that currency for one USD."""
    context_tokens: Annotated[int, Field(ge=1000)] = 16_000
    """What one prompt may show of the app's files, estimated."""
    call_timeout: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """Seconds that one call to a model may take."""
    calls_at_once: Annotated[int, Field(ge=1, le=64)] = 4
    """Calls to models at once, in the whole process."""
    transformation: bool = False
    """Whether a step that keeps failing may ask you to change what was asked for; sandboxed, and never by itself."""
    memory: bool = True
    """Whether what earlier runs taught has a part in decisions, and this one is learned from."""
    memory_url: Annotated[str, AfterValidator(_without_password)] | None = None
    """Chroma server, as ``http://host:8000``, where machines share what was learned, as a LangGraph store; None keeps
    it in ``home``. User and password are left out: a key goes into ``CHROMA_API_KEY``."""
    embedder: str = "lexical"
    """Which embedder the memory uses: ``lexical``, or one from an entry point."""
    home: Path = Field(default_factory=lambda: user_data_path("gencode"))
    """Where runs are recorded."""
    cache: Path = Field(default_factory=lambda: user_cache_path("gencode"))
    """Where installs are shared between runs."""

    def workspace_of(self, run_id: str) -> Path:
        """The absolute folder of a run's project."""
        return (self.workspace or self.home / "workspaces" / run_id).expanduser().absolute()
