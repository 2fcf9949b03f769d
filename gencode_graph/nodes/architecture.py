"""architecture: data model, pages, stack and decisions, for people."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders

step = Step(
    name="architecture",
    persona="Victoria",
    does="Writes down the data model, the pages, the stack and why",
    reads=("appspec.json",),
    writes=("docs/architecture.md",),
    producers=(Blueprint(),),
    checks=(placeholders,),
    healers=REPAIRS,
    team=team(
        "victoria",
        "Improve docs/architecture.md where the request asks for decisions that it does not explain.",
        reviewed=False,
    ),
)
