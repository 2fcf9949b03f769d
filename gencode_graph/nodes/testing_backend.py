"""testing_backend: pytest and an API fuzzer, both in the sandbox."""

from gencode_graph.agents import repair_team
from gencode_graph.blueprint.restore import Restore
from gencode_graph.healing import REPAIRS
from gencode_graph.step import Step
from gencode_graph.validation.backend_tests import backend_tests

step = Step(
    name="testing_backend",
    persona="Derek",
    does="Runs the backend's tests and fuzzes the API against the contract",
    reads=("openapi.json", "backend/app/main.py", "backend/tests/"),
    checks=(backend_tests,),
    writes=("backend/", "openapi.json", "docs/contracts.md"),
    healers=REPAIRS,
    resorts=(Restore(("backend/", "openapi.json", "docs/contracts.md")),),
    team=repair_team("derek", "The backend fails its tests. Find the cause and put it right; do not weaken the tests."),
)
