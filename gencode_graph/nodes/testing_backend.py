"""testing_backend: pytest and an API fuzzer, both in the sandbox."""

from gencode_graph.step import Step
from gencode_graph.validation.backend_tests import backend_tests

step = Step(
    name="testing_backend",
    persona="Derek",
    does="Runs the backend's tests and fuzzes the API against the contract",
    reads=("openapi.json", "backend/app/main.py", "backend/tests/"),
    checks=(backend_tests,),
)
