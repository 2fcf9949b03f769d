"""backend_implementation: the routes, and the tests of every one of them."""

from gencode_graph.blueprint.producers import Blueprint
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
)
