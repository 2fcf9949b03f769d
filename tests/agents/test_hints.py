"""What the memory adds to a question to a model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gencode_graph.agents.hints import Hints, hints
from gencode_graph.blueprint.analysis import analyse
from gencode_graph.decisions import Context, Outcome, Pattern
from gencode_graph.errors import ModelError
from gencode_graph.healing.recall import Recall
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.types import Finding, Task

SPEC = analyse("A gym with memberships")


@pytest.fixture
async def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    monkeypatch.setattr("gencode_graph.lessons.emit", lambda event: None)  # there is no graph to hear it
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as opened:
        yield opened


def task(request: str, step: str = "backend_implementation", **given: object) -> Task:
    return Task(run_id="run", step=step, request=request, tree="", spec=SPEC, **given)  # type: ignore[arg-type]


async def test_without_a_memory_rules_decide_and_nothing_is_added(services: Services) -> None:
    object.__setattr__(services, "memory", None)
    assert await hints(task("anything"), {}, "medium", "Write the routes.", services) == Hints(tier="medium")


async def test_guidance_fits_the_request(services: Services) -> None:
    said = await hints(task("invoices with line items, VAT and prices"), {}, "simple", "Write the routes.", services)
    assert any("float" in text for text in said.guidance)


async def test_files_of_the_kind_at_hand_weigh_more(services: Services) -> None:
    error = Finding(rule="pytest/failed", message="GET returns 500, the route answers 404")
    said = await hints(task("A gym", findings=(error,)), {}, "simple", "server side API endpoint, router", services)
    assert said.weight("backend/app/routers/members.py") > said.weight("frontend/src/index.css")
    assert Hints(tier="simple").weight("anything") == 0.5


async def test_a_tier_that_keeps_failing_gives_way(services: Services) -> None:
    assert services.memory is not None
    where = Context(archetype=SPEC.archetype, step="backend_implementation")
    for n in range(8):
        key = f"earlier/{n}"
        exclude = ("medium", "complex")
        await services.memory.decide("model_tier", "Write the routes. A gym", key=key, context=where, exclude=exclude)
        await services.memory.learn(key, Outcome(success=False, score=0))
    said = await hints(task("A gym"), {}, "simple", "Write the routes.", services)
    assert said.tier != "simple"


async def test_plans_that_worked_are_told_to_who_writes_the_specification(services: Services) -> None:
    assert services.memory is not None
    plan = Pattern(
        id="p", kind="plan", signature="s", text="saas app: Members, Memberships, Classes", proof="a run",
        context=Context(archetype=SPEC.archetype, step="analysis"), body={"entities": ["member", "locker"]},
    )  # fmt: skip
    await services.memory.remember(plan)
    request = "Members with memberships and classes, a saas app"
    told = await hints(task(request, "analysis"), {}, "simple", "Improve it.", services)
    assert any("locker" in text for text in told.guidance)
    other = await hints(task(request, "contracts"), {}, "simple", "Improve it.", services)
    assert not any("locker" in text for text in other.guidance)


async def test_an_embedder_that_does_not_answer_takes_no_part(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr("gencode_graph.lessons.emit", told.append)
    assert services.memory is not None

    async def silent(*_: object, **__: object) -> list[Pattern]:
        raise ModelError("the embedder does not answer")

    monkeypatch.setattr(services.memory, "recall", silent)
    said = await hints(task("A gym", "analysis"), {}, "simple", "Write the plan.", services)
    assert not [text for text in said.guidance if text.startswith("An app of a like kind")]
    error = Finding(rule="pytest/failed", message="KeyError: 'price'", path="app/a.py")
    assert (await Recall().produce(task("A gym", findings=(error,)), services)).files == {}
    assert sum("does not answer" in getattr(event, "message", "") for event in told) == 2
