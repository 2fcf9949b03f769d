"""frontend_mock: the whole UI on mock data, before there is a backend."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.healing import REPAIRS
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
    healers=REPAIRS,
    team=team(
        "derek",
        "Change the look or the wording where the request asks for it. The UI runs on mock data here: pages that need "
        "operations of the contract come in a later step.",
    ),
)
