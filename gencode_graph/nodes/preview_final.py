"""preview_final: the report of what was built, and of what of the request it does not meet."""

from gencode_graph.agents import approval
from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders

step = Step(
    name="preview_final",
    persona="Marcus",
    does="Writes the report of the finished app",
    reads=("appspec.json", "frontend/", "backend/app/main.py", "README.md"),
    writes=("docs/report.md",),
    producers=(Blueprint(),),
    checks=(placeholders, approval),
)
