"""The report's parts: JSON that stays stable. ``docs/report.md`` describes every field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gencode_graph.types import Finding, Limit

Status = Literal["delivered", "partial", "failed", "interrupted"]


class Section(BaseModel):
    """Base of the report and its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, populate_by_name=True)


class EntityReport(Section):
    """One kind of record of the app."""

    name: str
    fields_: Annotated[tuple[str, ...], Field(alias="fields")]
    """Names of its fields, then of its relations."""


class Route(Section):
    """One operation of the app's API."""

    method: str
    """In capitals."""
    path: str


class AppReport(Section):
    """What was built."""

    name: str
    archetype: str
    vibe: str
    entities: tuple[EntityReport, ...]
    routes: tuple[Route, ...]
    """Of the API contract; empty before ``contracts`` is done."""
    pages: tuple[str, ...]
    """Paths of the web app."""


class StepReport(Section):
    """How one of the steps ended."""

    name: str
    status: Literal["passed", "failed", "not_run"]
    producer: str | None = None
    """Who made what was kept; null for a step that only checks."""
    attempts: int = 0
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    """Of the last attempt; only ``error`` ones fail a step."""


class Counts(Section):
    """Results of a test run."""

    passed: int
    failed: int
    skipped: int


class Audit(Section):
    """Whether packages have weaknesses that are known, as far as that could be asked."""

    outcome: Literal["clean", "findings", "not audited"]
    tool: str | None = None
    findings: int | None = None
    """Null where nothing was audited: that is not none."""
    reason: str | None = None
    """Why nothing was audited."""


class Licences(Section):
    """Under which licences an app's packages are."""

    packages: int
    unusual: Mapping[str, str]
    """Package -> licence, of those that are not under a permissive one."""


class Checks(Section):
    """What the tools said; null is a test run that did not take place."""

    backend_tests: Counts | None = None
    """pytest."""
    contract: Counts | None = None
    """schemathesis: each operation fuzzed against the contract."""
    unit_tests: Counts | None = None
    """vitest."""
    e2e: Counts | None = None
    """Playwright in a real Chromium."""
    screenshots: tuple[str, ...] = ()
    """Pictures, relative to the workspace."""
    audits: Mapping[str, Audit] = {}
    """By kind of package, ``python`` and ``node``."""
    licences: Licences | None = None
    """Of all packages that the app is built with."""


class RequirementReport(Section):
    """One thing that the request asks for, and what the run showed of it."""

    text: str
    status: Literal["met", "unmet", "unclear"]
    evidence: tuple[str, ...] = ()
    """Where to see it, or why it is not met."""


class UsageReport(Section):
    """What the models cost; the built-in generator asks none."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0
    """At the prices that are known, or were given in the settings."""


class SandboxReport(Section):
    """Where tools and the app's programs ran, and what that kept them from."""

    backend: str
    contains: tuple[Limit, ...]
    not_contained: tuple[Limit, ...]
    why: str | None = None
    """Why not in a stronger sandbox."""


class Preview(Section):
    """How to see the app."""

    command: str
    """Serves the app for a while."""
    url: str | None = None
    """While it is served."""
    expires: datetime | None = None
    """When a served app stops, in UTC."""


class Report(Section):
    """What a run came to."""

    schema_: Annotated[Literal["gencode-report/1"], Field(alias="schema")] = "gencode-report/1"
    run_id: str
    request: str
    status: Status
    """``delivered``: every step passed, nothing asked for is unmet or unclear. ``partial``: the app runs, something is
    not as asked or did not pass. ``failed``: there is no app that runs. ``interrupted``: can be resumed."""
    workspace: str
    """Absolute folder of the project."""
    app: AppReport | None
    """Null before ``analysis`` is done."""
    steps: tuple[StepReport, ...]
    """All of them, in order."""
    checks: Checks
    requirements: tuple[RequirementReport, ...]
    """What the request asks for. ``met`` is what the checks of this run showed."""
    usage: UsageReport = UsageReport()
    sandbox: tuple[SandboxReport, ...] = ()
    """More than one where a run went on in another."""
    preview: Preview | None
    """Null when there is no app that runs."""
    warnings: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The report as it is written to a file."""
        return self.model_dump_json(indent=1) + "\n"
