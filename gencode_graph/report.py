"""Report: what a run came to, as JSON that stays stable. ``docs/report.md`` describes every field.

It says only what the checks of the run showed: what did not run is null, and a requirement that the analysis calls met
counts as met only when the steps that prove it passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from gencode_graph.report_parts import (
    AppReport,
    Checks,
    Counts,
    EntityReport,
    Preview,
    Report,
    RequirementReport,
    Route,
    SandboxReport,
    Status,
    StepReport,
    UsageReport,
)
from gencode_graph.spec import AppSpec, Requirement
from gencode_graph.types import Isolation, Limit, StepResult, Usage

__all__ = ["Report", "build_report", "exit_status"]

EXIT: Mapping[Status, int] = {"delivered": 0, "partial": 1, "failed": 1, "interrupted": 130}
SPENT = "budget/spent"
"""Rule of the finding that a step went on without models because the budget was spent."""
METHODS = ("get", "post", "put", "patch", "delete")


def build_report(
    *,
    run_id: str,
    request: str,
    workspace: Path | str,
    steps: Mapping[str, StepResult],
    spec: AppSpec | None,
    contract: Mapping[str, Any] | None,
    warnings: tuple[str, ...] = (),
    usage: Usage | None = None,
    interrupted: bool = False,
) -> Report:
    """The report of a run, from what its steps came to. Pure."""
    from gencode_graph.graph import APP
    from gencode_graph.pipeline import leaves

    order = dict.fromkeys([*leaves(APP), *steps])
    figures = {key: value for result in steps.values() for key, value in result.figures.items()}
    requirements = tuple(_judged(r, steps) for r in spec.requirements) if spec else ()
    status = _status(steps, order, requirements, interrupted=interrupted, spec=spec)
    return Report(
        run_id=run_id,
        request=request,
        status=status,
        workspace=str(workspace),
        app=_app(spec, contract or {}) if spec else None,
        steps=tuple(_step(name, steps.get(name)) for name in order),
        checks=_checks(figures),
        requirements=requirements,
        usage=UsageReport(**usage.model_dump(exclude={"seconds"})) if usage else UsageReport(),
        sandbox=tuple(dict.fromkeys(_sandbox(r.isolation) for r in steps.values() if r.isolation)),
        preview=Preview(command=f"gencode preview {run_id}") if _runs(steps) else None,
        warnings=(*warnings, *_told_by_agents(steps)),
    )


def _sandbox(isolation: Isolation) -> SandboxReport:
    given = isolation.model_dump(include={"backend", "why"})
    lacking = tuple(limit for limit in get_args(Limit) if limit not in isolation.limits)
    return SandboxReport(**given, contains=isolation.limits, not_contained=lacking)


def exit_status(report: Report) -> int:
    """0 delivered, 1 partial or failed, 130 interrupted."""
    return EXIT[report.status]


def _passed(steps: Mapping[str, StepResult], name: str) -> bool:
    return name in steps and steps[name].status == "passed"


def _runs(steps: Mapping[str, StepResult]) -> bool:
    """Whether the finished app was started and answered."""
    return any(result.figures.get("app_runs", {}).get("started") for result in steps.values())


def _status(
    steps: Mapping[str, StepResult],
    order: Mapping[str, None],
    requirements: tuple[RequirementReport, ...],
    *,
    interrupted: bool,
    spec: AppSpec | None,
) -> Status:
    if interrupted:
        return "interrupted"
    if spec is None or not _runs(steps):
        return "failed"
    spent = any(finding.rule == SPENT for result in steps.values() for finding in result.findings)
    good = not spent and all(_passed(steps, name) for name in order) and all(r.status == "met" for r in requirements)
    return "delivered" if good else "partial"


def _told_by_agents(steps: Mapping[str, StepResult]) -> tuple[str, ...]:
    """What of the agents' work did not come about, a line a step and reason."""
    told = [
        f"{name}: {finding.message}"
        for name, result in steps.items()
        for finding in result.findings
        if finding.severity == "warning" and finding.rule.startswith(("agent/", "budget/"))
    ]
    return tuple(dict.fromkeys(told))


def _step(name: str, result: StepResult | None) -> StepReport:
    if result is None:
        return StepReport(name=name, status="not_run")
    return StepReport(
        name=name,
        status=result.status,
        producer=result.producer,
        attempts=result.attempts,
        seconds=result.seconds,
        findings=result.findings,
    )


def _app(spec: AppSpec, contract: Mapping[str, Any]) -> AppReport:
    return AppReport(
        name=spec.name,
        archetype=spec.archetype,
        vibe=spec.vibe,
        entities=tuple(
            EntityReport(name=e.name, fields_=(*(f.name for f in e.fields), *(r.name for r in e.relations)))
            for e in spec.entities
        ),
        routes=tuple(
            Route(method=method.upper(), path=path)
            for path, operations in contract.get("paths", {}).items()
            for method in METHODS
            if method in operations
        ),
        pages=tuple(page.path for page in spec.pages),
    )


def _checks(figures: Mapping[str, Any]) -> Checks:
    counts = {
        name: Counts(**figures[name]) for name in ("backend_tests", "contract", "unit_tests", "e2e") if name in figures
    }
    told = {name: figures[name] for name in ("screenshots", "audits", "licences") if name in figures}
    return Checks(**counts, **told)


_API = ("system_integration", "testing_backend")
_WEB = ("screenshot_verify", "testing_frontend")
PROVED_BY: Mapping[str, tuple[str, ...]] = {
    "entity": _API,
    "field": _API,
    "relation": _API,
    "rule": _API,
    "route": _API,
    "seed": _API,
    "page": _WEB,
    "look": _WEB,
}
"""First word of a piece of evidence -> the steps that prove it. Other evidence is proved by all of these."""


def _judged(requirement: Requirement, steps: Mapping[str, StepResult]) -> RequirementReport:
    """A requirement as the checks left it: what the analysis calls met is unclear unless what proves it passed."""
    status, evidence = requirement.status, requirement.evidence
    if status == "met":
        kinds = [text.split(" ", 1)[0] for text in evidence] or [""]
        needed = dict.fromkeys(step for kind in kinds for step in PROVED_BY.get(kind, (*_API, *_WEB)))
        doubts = [
            f"not proved: {name} {'did not pass' if name in steps else 'did not run'}"
            for name in needed
            if not _passed(steps, name)
        ]
        doubts += [] if _runs(steps) else ["not proved: the app was not seen running"]
        status, evidence = ("unclear" if doubts else "met"), (*evidence, *doubts)
    return RequirementReport(text=requirement.text, status=status, evidence=evidence)
