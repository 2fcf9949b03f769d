"""architecture: data model, pages, stack and decisions, for people."""

from gencode_graph.blueprint.producers import Blueprint
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
)
