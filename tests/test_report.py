"""The report says what the checks showed, and keeps to what docs/report.md promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.graph import APP
from gencode_graph.pipeline import leaves
from gencode_graph.report import Report, build_report, exit_status
from gencode_graph.spec import AppSpec, Requirement
from gencode_graph.types import Finding, Isolation, StepResult, Usage

ROOT = Path(__file__).resolve().parents[1]
SPEC = AppSpec.model_validate_json((ROOT / "tests/specs/bugtracker.json").read_text())
CONTRACT = {"paths": {"/api/issues": {"get": {}, "post": {}, "parameters": []}, "/api/health": {"get": {}}}}
FIGURES: Mapping[str, dict[str, Any]] = {
    "testing_backend": {
        "backend_tests": {"passed": 49, "failed": 0, "skipped": 1},
        "contract": {"passed": 23, "failed": 0, "skipped": 0},
    },
    "testing_frontend": {"e2e": {"passed": 14, "failed": 0, "skipped": 0}, "app_runs": {"started": True}},
    "screenshot_verify": {"screenshots": [".gencode/artifacts/screenshots/home.png"]},
}


def result(status: str = "passed", **more: Any) -> StepResult:
    return StepResult.model_validate(
        {"status": status, "tree": "0" * 40, "producer": "blueprint", "attempts": 1, "seconds": 1.5, **more}
    )


def passed(**changed: StepResult | None) -> dict[str, StepResult]:
    """All steps passed, but for those given; None leaves one out."""
    steps = {name: changed.get(name, result(figures=FIGURES.get(name, {}))) for name in leaves(APP)}
    return {name: step for name, step in steps.items() if step is not None}


def report(steps: Mapping[str, StepResult] | None = None, **changed: Any) -> Report:
    given: dict[str, Any] = {
        "run_id": "20261121-5a3f9c",
        "request": "a bug tracker",
        "workspace": Path("/tmp/app"),
        "steps": passed() if steps is None else steps,
        "spec": SPEC,
        "contract": CONTRACT,
    }
    return build_report(**(given | changed))


def asking(*requirements: Requirement) -> AppSpec:
    return SPEC.model_copy(update={"requirements": requirements})


FAILED = (Finding(rule="pytest/failed", message="one failed"),)
BROKEN = result("failed", findings=FAILED, figures={"app_runs": {"started": True}})
DEAD = result("failed", findings=FAILED, figures={"app_runs": {"started": False}})
UNMET = asking(Requirement(text="reminders by e-mail", status="unmet", evidence=("no messages are sent",)))
UNCLEAR = asking(Requirement(text="make it pop", status="unclear"))


@pytest.mark.parametrize(
    ("given", "status", "exits"),
    [
        ({}, "delivered", 0),
        ({"spec": UNMET}, "partial", 1),
        ({"spec": UNCLEAR}, "partial", 1),
        ({"steps": passed(frontend_mock=BROKEN)}, "partial", 1),
        ({"steps": passed(testing_backend=BROKEN)}, "partial", 1),
        ({"steps": passed(preview_final=None)}, "partial", 1),
        ({"steps": passed(testing_frontend=BROKEN)}, "partial", 1),
        ({"steps": passed(testing_frontend=DEAD)}, "failed", 1),
        ({"steps": passed(testing_frontend=None, preview_final=None)}, "failed", 1),
        ({"steps": {}, "spec": None, "contract": None}, "failed", 1),
        ({"interrupted": True}, "interrupted", 130),
        ({"steps": {}, "spec": None, "contract": None, "interrupted": True}, "interrupted", 130),
    ],
)
def test_the_status_follows_from_steps_and_requirements(given: dict[str, Any], status: str, exits: int) -> None:
    made = report(**given)
    assert (made.status, exit_status(made)) == (status, exits)


def test_a_spent_budget_is_told_and_makes_it_partial() -> None:
    note = Finding(rule="budget/spent", message="0.50 USD are spent", severity="warning")
    made = report(passed(contracts=result(findings=(note,))), usage=Usage(calls=3, tokens_in=10, tokens_out=5, usd=0.5))
    assert made.status == "partial"
    assert made.warnings == ("contracts: 0.50 USD are spent",)
    assert (made.usage.calls, made.usage.usd) == (3, 0.5)


def test_a_refused_draft_of_an_agent_is_told_and_changes_nothing_else() -> None:
    note = Finding(rule="agent/refused", message="the draft of derek was refused", severity="warning")
    made = report(passed(backend_models=result(findings=(note,))))
    assert (made.status, made.warnings) == ("delivered", ("backend_models: the draft of derek was refused",))


@pytest.mark.parametrize(
    ("evidence", "broken", "met"),
    [
        ("entity issue", "testing_backend", False),
        ("entity issue", "system_integration", False),
        ("entity issue", "testing_frontend", True),
        ("rule workflow", "testing_backend", False),
        ("page /board", "testing_frontend", False),
        ("page /board", "screenshot_verify", False),
        ("page /board", "testing_backend", True),
        ("search and filters", "testing_backend", False),
        ("search and filters", "testing_frontend", False),
        ("entity issue", "frontend_mock", True),
    ],
)
def test_met_counts_only_when_what_proves_it_passed(evidence: str, broken: str, met: bool) -> None:
    spec = asking(Requirement(text="it", status="met", evidence=(evidence,)))
    (judged,) = report(passed(**{broken: BROKEN}), spec=spec).requirements
    assert judged.status == ("met" if met else "unclear")
    assert judged.evidence == ((evidence,) if met else (evidence, f"not proved: {broken} did not pass"))


def test_a_step_that_did_not_run_proves_nothing() -> None:
    spec = asking(Requirement(text="it", status="met", evidence=("page /board",)))
    (judged,) = report(passed(testing_frontend=None), spec=spec).requirements
    assert judged.evidence[-2:] == (
        "not proved: testing_frontend did not run",
        "not proved: the app was not seen running",
    )


def test_it_tells_what_was_built() -> None:
    app = report().app
    assert app is not None
    assert (app.name, app.archetype, app.vibe) == ("Trackline", "project_management", "minimal")
    assert [(r.method, r.path) for r in app.routes] == [
        ("GET", "/api/issues"), ("POST", "/api/issues"), ("GET", "/api/health"),
    ]  # fmt: skip
    issue = next(e for e in app.entities if e.name == "issue")
    assert issue.fields_[:2] == ("title", "description")
    assert {"project", "labels"} <= set(issue.fields_)
    assert "/board" in app.pages


def test_a_check_that_did_not_run_is_null_and_not_zero() -> None:
    checks = report({}).checks
    assert checks.backend_tests is None
    assert checks.e2e is None
    ran = report().checks
    assert ran.backend_tests is not None
    assert (ran.backend_tests.passed, ran.backend_tests.skipped) == (49, 1)
    assert ran.screenshots == (".gencode/artifacts/screenshots/home.png",)


def test_all_steps_are_listed_in_order_whatever_order_they_ended_in() -> None:
    steps = dict(reversed(passed(preview_final=None).items()))
    listed = report(steps).steps
    assert [s.name for s in listed] == list(leaves(APP))
    assert [s.status for s in listed] == ["passed"] * 11 + ["not_run"]


def test_a_preview_is_offered_only_for_an_app_that_runs() -> None:
    offered = report().preview
    assert offered is not None
    assert offered.command == "gencode preview 20261121-5a3f9c"
    assert report(passed(testing_frontend=DEAD)).preview is None


def test_it_comes_back_from_its_json_as_it_was() -> None:
    made = report(passed(testing_backend=BROKEN), warnings=("kept README.md",))
    assert Report.model_validate_json(made.to_json()) == made
    assert '"schema": "gencode-report/1"' in made.to_json()


def test_the_json_has_just_the_promised_keys() -> None:
    made = report().model_dump(mode="json")
    assert list(made) == [
        "schema", "run_id", "request", "status", "workspace", "app", "steps", "checks", "requirements", "usage",
        "sandbox", "preview", "warnings",
    ]  # fmt: skip
    assert list(made["app"]) == ["name", "archetype", "vibe", "entities", "routes", "pages"]
    assert list(made["steps"][0]) == ["name", "status", "producer", "attempts", "seconds", "findings"]
    assert list(made["usage"]) == ["calls", "tokens_in", "tokens_out", "usd"]


def test_the_report_says_where_it_ran_and_what_that_does_not_keep_out() -> None:
    walls = Isolation(backend="bubblewrap", limits=("time", "output", "network"), why="docker: no daemon answers")
    steps = {name: result.model_copy(update={"isolation": walls}) for name, result in passed().items()}
    (told,) = report(steps).sandbox
    assert (told.backend, told.why) == ("bubblewrap", "docker: no daemon answers")
    assert {"memory", "files", "syscalls"} <= set(told.not_contained)
    assert not set(told.contains) & set(told.not_contained)


def documented() -> dict[str, list[str]]:
    """Heading of docs/report.md -> the fields in the table below it."""
    text = (ROOT / "docs/report.md").read_text()
    found: dict[str, list[str]] = {}
    for heading, body in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        found[heading] = re.findall(r"^\| `(\w+)` \| .* \| .* \|$", body.split("| status | meaning")[0], re.MULTILINE)
    return found


def test_docs_describe_every_field_of_the_schema_and_no_other() -> None:
    schema = Report.model_json_schema(mode="serialization")
    parts = {"Report": schema, **{n: part for n, part in schema["$defs"].items() if "properties" in part}}
    assert documented() == {name: list(part["properties"]) for name, part in parts.items() if name in documented()}
    assert documented().keys() == parts.keys()


def test_the_docs_name_every_exit_status() -> None:
    text = (ROOT / "docs/report.md").read_text()
    for status, exits in (("delivered", "0"), ("partial", "1"), ("failed", "1"), ("interrupted", "130")):
        assert re.search(rf"^\| `{status}` \|.*\| {exits}\b", text, re.MULTILINE)
