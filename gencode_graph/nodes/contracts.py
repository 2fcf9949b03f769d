"""contracts: the OpenAPI document that both sides are checked against."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Blueprint, contract_files
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.contract import contract_typed, contract_valid
from gencode_graph.validation.placeholders import placeholders

step = Step(
    name="contracts",
    persona="Marcus",
    does="Fixes the API contract that both sides keep to",
    reads=("appspec.json", "docs/architecture.md"),
    writes=("openapi.json", "docs/contracts.md"),
    producers=(Blueprint(extra=contract_files),),
    checks=(contract_valid, contract_typed, placeholders),
    healers=REPAIRS,
    team=team(
        "marcus",
        "Add to openapi.json the operations that the request needs beyond the ones that are there, with their schemas "
        "and tags, and describe them in docs/contracts.md. Leave the existing operations alone.",
        reviewed=False,
    ),
)
