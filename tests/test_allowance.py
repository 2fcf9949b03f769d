"""Attempts by what is left of the budget."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gencode_graph.allowance import attempts_allowed
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Usage

STEP = Step(name="contracts", persona="Marcus", does="Agrees on the API", reads=())


def allowed(spent: Usage, held: Usage | None = None, charged: Usage | None = None, **given: Any) -> int:
    settings = Settings(budget_usd=10, budget_tokens=1000, budget_calls=100, budget_seconds=500, **given)
    model = SimpleNamespace(spent=spent, held=held or Usage(), charged=lambda step: charged or Usage())
    return attempts_allowed(SimpleNamespace(settings=settings, model=model), STEP)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spent", "attempts"),
    [
        (Usage(), 3),
        (Usage(usd=7.0), 3),
        (Usage(usd=7.5), 2),
        (Usage(usd=9.5), 1),
        (Usage(usd=99), 1),
        (Usage(tokens_in=500, tokens_out=300), 2),
        (Usage(calls=95), 1),
        (Usage(seconds=400), 2),
    ],
)
def test_the_scarcest_limit_decides(spent: Usage, attempts: int) -> None:
    assert allowed(spent) == attempts


def test_what_is_held_for_calls_whose_end_nobody_knows_counts() -> None:
    assert allowed(Usage(usd=5.0), Usage(usd=4.5)) == 1


def test_never_more_than_the_settings_say() -> None:
    assert allowed(Usage(usd=7.5), attempts=1) == 1


def test_without_a_model_there_is_nothing_to_ask() -> None:
    assert attempts_allowed(SimpleNamespace(settings=Settings(), model=None), STEP) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("charged", "attempts"),
    [
        (Usage(tokens_in=200, tokens_out=49), 3),
        (Usage(tokens_in=200, tokens_out=50), 0),
        (Usage(usd=2.4), 3),
        (Usage(usd=2.5), 0),
    ],
)
def test_a_step_that_used_up_its_share_begins_no_further_attempt(charged: Usage, attempts: int) -> None:
    assert STEP.share == 0.25
    assert allowed(charged, charged=charged) == attempts
