"""screenshot_verify: every page in a real browser, at two sizes and in two themes."""

from gencode_graph.agents import repair_team
from gencode_graph.blueprint.restore import Restore
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.screenshots import screenshots

step = Step(
    name="screenshot_verify",
    persona="Marcus",
    does="Opens every page in a real browser and looks at it",
    reads=("appspec.json", "frontend/"),
    checks=(screenshots,),
    writes=("frontend/",),
    healers=REPAIRS,
    resorts=(Restore(("frontend/",)),),
    team=repair_team("derek", "Pages fail in the browser. Find the cause and put it right."),
)
