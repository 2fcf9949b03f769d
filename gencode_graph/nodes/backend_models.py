"""backend_models: tables, request and response models, demo data."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.python import python_syntax

step = Step(
    name="backend_models",
    persona="Derek",
    does="Writes the data models and the demo data",
    reads=("appspec.json", "openapi.json"),
    writes=(
        "backend/app/__init__.py",
        "backend/app/core/__init__.py",
        "backend/app/core/db.py",
        "backend/app/core/schemas.py",
        "backend/app/models/",
        "backend/app/seed_data.json",
        "backend/pyproject.toml",
        "backend/requirements.txt",
        "backend/requirements-dev.txt",
        "backend/requirements-postgres.txt",
    ),
    producers=(Blueprint(),),
    checks=(python_syntax, placeholders),
    healers=REPAIRS,
    team=team(
        "derek",
        "Add to the data models what the request needs beyond them. The tables are made from the models when the app "
        "starts on an empty database.",
    ),
)
