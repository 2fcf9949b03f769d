"""testing_frontend: Playwright in a real Chromium against the running app, which keeps what is written to it."""

from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.step import Step
from gencode_graph.validation.app_runs import app_runs
from gencode_graph.validation.e2e import e2e
from gencode_graph.validation.placeholders import placeholders

step = Step(
    name="testing_frontend",
    persona="Luna",
    does="Uses the running app in a real browser as a person would",
    reads=("appspec.json", "frontend/src/api/schema.d.ts", "backend/app/main.py"),
    writes=("frontend/e2e/", "frontend/playwright.config.ts"),
    producers=(Blueprint(),),
    checks=(e2e, app_runs, placeholders),
)
