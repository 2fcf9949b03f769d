"""The twelve steps, one small file each."""

from __future__ import annotations

from gencode_graph.nodes import (
    analysis,
    architecture,
    backend_implementation,
    backend_models,
    contracts,
    frontend_integration,
    frontend_mock,
    preview_final,
    screenshot_verify,
    system_integration,
    testing_backend,
    testing_frontend,
)
from gencode_graph.step import Step

STEPS: dict[str, Step] = {
    module.step.name: module.step
    for module in (
        analysis,
        architecture,
        frontend_mock,
        screenshot_verify,
        contracts,
        backend_models,
        backend_implementation,
        system_integration,
        testing_backend,
        frontend_integration,
        testing_frontend,
        preview_final,
    )
}
