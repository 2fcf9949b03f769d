"""screenshot_verify: every page in a real browser, at two sizes and in two themes."""

from gencode_graph.step import Step
from gencode_graph.validation.screenshots import screenshots

step = Step(
    name="screenshot_verify",
    persona="Marcus",
    does="Opens every page in a real browser and looks at it",
    reads=("appspec.json", "frontend/"),
    checks=(screenshots,),
)
