"""system_integration: wiring by code, the same way every time; the API must then publish the contract."""

from gencode_graph.agents import repair_team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.blueprint.restore import Restore
from gencode_graph.healing import REPAIRS
from gencode_graph.healing.contract import Adopt
from gencode_graph.step import Step
from gencode_graph.validation.contract import contract_published
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.python import python_lint

WRITES = (
    "backend/",
    "openapi.json",
    "docs/contracts.md",
    "Dockerfile",
    "compose.yaml",
    ".dockerignore",
    ".gitignore",
    ".env.example",
    "Makefile",
    "README.md",
)

step = Step(
    name="system_integration",
    persona="Derek",
    does="Wires the app together and compares it with the contract",
    reads=("appspec.json", "openapi.json", "backend/app/models/", "backend/app/routers/"),
    writes=WRITES,
    producers=(Blueprint(),),
    checks=(contract_published, python_lint, placeholders),
    healers=(Adopt(), *REPAIRS),
    resorts=(Restore(WRITES),),
    team=repair_team("derek", "The API does not import, or differs from openapi.json. Put the backend right."),
)
