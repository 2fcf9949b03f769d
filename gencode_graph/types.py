"""What steps, producers, checks and sandboxes exchange: frozen and plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from gencode_graph.plain import plain
from gencode_graph.spec import AppSpec

Severity = Literal["error", "warning", "note"]
Origin = Literal["builtin", "model"]
Tier = Literal["simple", "medium", "complex"]
Finish = Literal["stop", "length", "filter", "refusal", "missing"]


class Value(BaseModel):
    """Base of everything that is stored in a checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Value):
    """One thing that is wrong, or worth knowing, about a draft."""

    rule: str
    """Stable id, for instance ``axe/color-contrast`` or ``pytest/failed``."""
    message: str
    severity: Severity = "error"
    """Only ``error`` keeps a draft from passing."""
    path: str | None = None
    line: int | None = None
    column: int | None = None
    """From 1, in characters, where a tool tells it."""
    hint: str | None = None
    """How to put it right, where that is known."""

    @field_validator("message", "path", "hint")
    @classmethod
    def _safe_to_show(cls, text: str | None) -> str | None:
        return None if text is None else plain(text)

    @property
    def signature(self) -> str:
        """The same problem again has the same signature."""
        return f"{self.rule}|{self.path}|{self.message}"


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a producer or a check works on."""

    run_id: str
    step: str
    request: str
    tree: str
    """Id of all files made so far, this step's draft included when it is checked."""
    spec: AppSpec | None = None
    """None only before ``analysis`` is done."""
    attempt: int = 1
    """From 1."""
    attempts: int = 5
    """How many there may be."""
    findings: tuple[Finding, ...] = ()
    """What the checks said of the last attempt."""
    models: bool = False
    """Whether a model may be asked: there is one, and the step has attempts left for it."""
    transforms: bool = False
    """Whether a person may be asked to let a constraint of the request be changed."""
    green: str | None = None
    """Id of all files with the best draft of this step that passed so far."""
    builtin: str | None = None
    """Id of what this step's built-in draft wrote, before any model had a part in it."""
    by: str = ""
    """Who of the cast the step belongs to."""
    does: str = ""
    """What the step is for, in one line."""
    reads: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    """The only files, or folders ending in ``/``, that the step may write."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the last attempt from passing."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a producer proposes for a step."""

    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """Path, relative to the workspace and with forward slashes -> content."""
    removed: tuple[str, ...] = ()
    origin: Origin = "builtin"
    findings: tuple[Finding, ...] = ()
    """What was wrong already with the answer that it was read from."""
    afresh: bool = False
    """Made from the green draft, not from the last attempt."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check says: findings, and the figures behind them for the report."""

    findings: tuple[Finding, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    """JSON values, for instance ``{"backend_tests": {"passed": 49, "failed": 0, "skipped": 0}}``."""


class Usage(Value):
    """What calls to models cost."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    """What a model thought is among them."""
    usd: float = 0.0
    seconds: float = 0.0
    """Spent waiting, summed over calls that ran side by side."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One question to a model."""

    agent: str
    """Who of the cast asks: ``marcus``, ``victoria``, ``derek`` or ``luna``."""
    step: str
    attempt: int
    system: str
    messages: tuple[str, ...]
    """From the user and the assistant in turns; the first and the last are the user's."""
    tier: Tier = "medium"
    max_tokens: int = 8192
    """The most that the answer may have, thinking included."""
    shape: type[BaseModel] | None = None
    """What a structured answer must validate as; its JSON schema is sent along, parsing is the caller's."""


class Reply(Value):
    """What a model answered."""

    text: str
    finish: Finish
    """``missing``: the provider gave no reason, so the answer counts as cut off."""
    model: str
    """As ``provider:name``."""
    usage: Usage

    @property
    def truncated(self) -> bool:
        """Whether the answer may lack its end."""
        return self.finish in ("length", "missing")


class Attempt(Value):
    """One way that a step tried, and why it went on."""

    number: int
    producer: str | None
    score: float | None = None
    """The reviewer's, of 10."""
    errors: tuple[str, ...] = ()
    """The first few, as ``rule: message``; none of an attempt that passed."""


Limit = Literal[
    "time", "output", "memory", "processes", "cpu", "disk", "files", "network", "privileges", "syscalls"
]  # fmt: skip
"""What a sandbox can keep a program from: more than its share (the first six), reaching out (the others)."""


class Isolation(Value):
    """Where a step's tools ran, and what that kept them from."""

    backend: str
    limits: tuple[Limit, ...]
    why: str | None = None
    """Why not in a stronger sandbox; None where it is the one that was asked for, or the strongest there is."""
    lost: int = 0
    """How often the sandbox was lost in this run so far, and another one opened."""


class StepResult(Value):
    """How a step ended; kept in the state under the step's name."""

    status: Literal["passed", "failed"]
    tree: str
    """Id of the files that this step wrote."""
    removed: tuple[str, ...] = ()
    producer: str | None
    attempts: int
    seconds: float
    findings: tuple[Finding, ...] = ()
    figures: dict[str, Any] = {}
    history: tuple[Attempt, ...] = ()
    """All attempts that came to a draft, in order."""
    origin: Origin = "builtin"
    baseline: str | None = None
    """Tree of the built-in draft, where one that a model had a part in was preferred."""
    isolation: Isolation | None = None


class Command(Value):
    """One program to run in a sandbox."""

    argv: tuple[str, ...]
    cwd: str = "."
    """Relative to the sandbox's folder."""
    env: dict[str, str] = {}
    """Added to the sandbox's own clean environment."""
    timeout: float = 120.0
    """Seconds."""
    output_limit: int = 4_000_000
    """Bytes of stdout and stderr together; the program is ended when it writes more."""
    image: str = "app"
    """Which image it runs in, where the backend has images: ``app`` has what the app graph's tools need."""
    memory: int | None = None
    """Megabytes for all its processes together; None takes the image's usual amount."""


Health = str | Command
"""What tells that a server is up: a path that must answer below 500, ``tcp`` for a port that must take connections, or
a command that must succeed."""


class Result(Value):
    """How a command ended."""

    verdict: Literal["ok", "failed", "timeout", "output_limit", "memory", "infra"]
    exit_code: int | None
    stdout: str
    stderr: str
    seconds: float
    backend: str
    cut: int = 0
    """Bytes of output that were not kept."""
    peak_memory: int | None = None
    """Bytes of all its processes at the highest point seen; None where the backend cannot tell."""
    limits: tuple[Limit, ...] = ()
    """What was in force while it ran."""

    @property
    def output(self) -> str:
        """Both streams, for people: without what would act on their terminal."""
        return plain(f"{self.stdout}\n{self.stderr}").strip()
