"""The tier by how much there is to know, and by what failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.agents.complexity import complexity, tier_for
from gencode_graph.spec import AppSpec
from gencode_graph.types import Finding, Task

SPEC = AppSpec.model_validate_json((Path(__file__).parents[1] / "specs/bugtracker.json").read_text())
SMALL = {"main.py": "print(1)\n"}
LARGE = {
    f"src/{n}.{kind}": "x\n" * 100
    for n in range(40)
    for kind in ("py", "ts", "tsx", "css", "md", "html", "json", "yaml")
}
LARGE |= {"package.json": '{"dependencies": {' + ", ".join(f'"d{n}": "1"' for n in range(60)) + "}}"}


def task(request: str = "notes", spec: AppSpec | None = None, *errors: str) -> Task:
    findings = tuple(Finding(rule=rule, message="it failed") for rule in errors)
    return Task(run_id="r", step="s", request=request, tree="", spec=spec, findings=findings)


def test_it_grows_with_the_app_and_with_accounts() -> None:
    small, large = complexity(task(), SMALL), complexity(task(spec=SPEC), LARGE)
    assert 0 <= small < 1 < large <= 10
    assert complexity(task("notes with login"), SMALL) == pytest.approx(small + 1.25, abs=0.1)


@pytest.mark.parametrize(
    ("given", "files", "tier"),
    [
        (task(), SMALL, "simple"),
        (task("a shop", None, "tsc/TS2304"), SMALL, "medium"),
        (task("a shop with roles", SPEC), LARGE, "complex"),
        (task("a shop with roles", SPEC, "tsc/TS2304"), LARGE, "complex"),
    ],
)
def test_the_tier_follows(given: Task, files: dict[str, str], tier: str) -> None:
    assert tier_for(given, files) == tier


def test_a_step_may_ask_for_more() -> None:
    assert tier_for(task(), SMALL, at_least="medium") == "medium"


@pytest.mark.parametrize("text", ["", "not json", "[1]", '{"paths": 3}', '{"dependencies": []}'])
def test_broken_manifests_do_no_harm(text: str) -> None:
    assert complexity(task(), {"openapi.json": text, "package.json": text}) < 2
