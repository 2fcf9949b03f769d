"""frontend_integration: the mock gives way to the client that is generated from the contract."""

from gencode_graph.agents import fixers, team
from gencode_graph.blueprint.producers import Blueprint, client_files
from gencode_graph.blueprint.restore import Restore
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.web import web_build, web_lint, web_types, web_units

step = Step(
    name="frontend_integration",
    persona="Derek",
    does="Replaces the mock by the typed client made from the contract",
    reads=("appspec.json", "openapi.json", "frontend/"),
    writes=("frontend/",),
    producers=(Blueprint(extra=client_files),),
    checks=(web_types, web_lint, web_units, web_build, placeholders),
    healers=REPAIRS,
    resorts=(Restore(("frontend/",)),),
    team=team(
        "derek",
        "Add the pages and parts that the request needs beyond the ones that are there, on the operations of the "
        "contract through the typed client, with their route and their place in the navigation.",
        tier="medium",
        fixers=fixers("derek", "What was written before fails its tools. Find the cause and put it right."),
    ),
)
