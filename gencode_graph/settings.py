"""Names and numbers that a run is configured by: the LangGraph context, safe to show and to store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path, user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from gencode_graph.spec import Archetype, Vibe


class Settings(BaseSettings):
    """Each field can be given here, or in the environment as ``GENCODE_<NAME>``. Never holds a key."""

    model_config = SettingsConfigDict(env_prefix="GENCODE_", extra="forbid", frozen=True)

    workspace: Path | None = None
    """Folder of the project; None makes one under ``home``."""
    archetype: Archetype | None = None
    """Kind of app; None lets the analysis choose."""
    vibe: Vibe | None = None
    """Look of the app; None lets the analysis choose."""
    sandbox: Annotated[str, Field(examples=["auto", "local", "docker"])] = "auto"
    """Where tools run. ``auto``: ``local`` for what the built-in generator made, ``docker`` for anything else."""
    attempts: Annotated[int, Field(ge=1, le=5)] = 3
    """How often a step may try."""
    jobs: Annotated[int, Field(ge=1, le=64)] = max(2, os.cpu_count() or 2)
    """Heavy tools that run at once."""
    tool_timeout: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """Seconds that one tool may take."""
    contract_examples: Annotated[int, Field(ge=1, le=1000)] = 5
    """Requests that the API fuzzer makes up for each operation."""
    browser: Path | None = None
    """Chromium's executable; None looks for it."""
    embedder: str = "lexical"
    """Which embedder the memory uses: ``lexical``, or one from an entry point."""
    home: Path = Field(default_factory=lambda: user_data_path("gencode"))
    """Where runs are recorded."""
    cache: Path = Field(default_factory=lambda: user_cache_path("gencode"))
    """Where installs are shared between runs."""

    def workspace_of(self, run_id: str) -> Path:
        """The absolute folder of a run's project."""
        return (self.workspace or self.home / "workspaces" / run_id).expanduser().absolute()
