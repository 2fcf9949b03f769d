"""analysis: what is asked for, as an AppSpec."""

from gencode_graph.agents import team
from gencode_graph.blueprint.producers import Analyst
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.placeholders import placeholders
from gencode_graph.validation.spec_kept import spec_builds, spec_kept
from gencode_graph.validation.spec_valid import spec_valid

step = Step(
    name="analysis",
    persona="Marcus",
    does="Turns the request into entities, pages, look and requirements",
    reads=("request",),
    writes=("appspec.json", "docs/analysis.md"),
    producers=(Analyst(),),
    checks=(spec_valid, spec_kept, spec_builds, placeholders),
    healers=REPAIRS,
    team=team(
        "marcus",
        "Improve the specification in appspec.json where the request wants more: fields, options, relations, rules, "
        "pages or seeds that are missing. Keep its format; it is validated strictly. Everything is built from it.",
        reviewed=False,
    ),
)
