"""preview_final: the app as it is delivered starts, answers, and keeps what is written to it."""

from gencode_graph.blueprint.producers import Blueprint
from gencode_graph.step import Step
from gencode_graph.validation.app_runs import app_runs

step = Step(
    name="preview_final",
    persona="Marcus",
    does="Starts the finished app and writes the report",
    reads=("appspec.json", "frontend/", "backend/app/main.py", "README.md"),
    writes=("docs/report.md",),
    producers=(Blueprint(),),
    checks=(app_runs,),
)
