"""testing_frontend: Playwright in a real Chromium against the running app, which keeps what is written to it."""

from gencode_graph.agents import fixers, team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.blueprint.restore import Restore
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.app_runs import app_runs
from gencode_graph.validation.both_sides import backend_again, both_sides
from gencode_graph.validation.e2e import e2e
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.supplies import supplies

step = Step(
    name="testing_frontend",
    persona="Luna",
    does="Uses the running app in a real browser as a person would",
    reads=("appspec.json", "frontend/src/api/schema.d.ts", "backend/app/main.py"),
    writes=("frontend/", "backend/", "openapi.json", "docs/", "appspec.json"),
    producers=(Blueprint(),),
    checks=(e2e, app_runs, both_sides, backend_again, placeholders, supplies),
    healers=REPAIRS,
    resorts=(
        Restore(("frontend/",)),
        Restore(("frontend/", "backend/", "openapi.json", "docs/", "appspec.json"), name="restore all", anew=True),
    ),
    team=team(
        "luna",
        "Write end-to-end tests for what was added to the draft and has none yet.",
        fixers=fixers("derek", "The app fails its tests in the browser. Find the cause in the code and put it right."),
    ),
)
