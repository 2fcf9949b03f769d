"""backend_implementation: the routes, and the tests of every one of them."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.python import python_syntax

step = Step(
    name="backend_implementation",
    persona="Derek",
    does="Writes the API routes and their tests",
    reads=("appspec.json", "openapi.json", "backend/app/models/"),
    writes=("backend/app/core/crud.py", "backend/app/routers/", "backend/tests/"),
    producers=(Blueprint(),),
    checks=(python_syntax, placeholders),
    healers=REPAIRS,
    team=team(
        "derek",
        "Write the routes of the contract that have no code yet, and the domain rules that the request asks for, each "
        "with its tests. List new routers in backend/app/routers/__init__.py.",
        tier="medium",
    ),
)
