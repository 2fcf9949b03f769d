"""frontend_mock: the whole UI on mock data, before there is a backend."""

from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.web import web_lint

step = Step(
    name="frontend_mock",
    persona="Derek",
    does="Writes the whole UI on mock data",
    reads=("appspec.json", "docs/architecture.md"),
    writes=("frontend/",),
    producers=(Blueprint(),),
    checks=(placeholders, web_lint),
)
