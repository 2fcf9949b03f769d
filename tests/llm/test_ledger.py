"""The budget holds: over parallel calls, resumes, kills, and providers that lie."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.errors import BudgetError
from gencode_graph.journal import journal
from gencode_graph.llm.ledger import Asker, Ledger, Reservation, Settlement, total
from gencode_graph.settings import Settings
from gencode_graph.testing import Rule, Wire
from gencode_graph.types import Usage
from tests.llm.conftest import Asking, prompt

pytestmark = pytest.mark.slow

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "ledger.py"
WHO = Asker(agent="derek", step="contracts", attempt=1, model="openai:gpt-6-luna")
CALL = Usage(calls=1, tokens_in=100, tokens_out=50, usd=0.01, seconds=2.0)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Any]:
    """Opens a run's ledger, as every process of the run does."""

    @asynccontextmanager
    async def open_it(run_id: str = "run", **settings: Any) -> AsyncIterator[tuple[Ledger, Callable[..., Any]]]:
        chosen = Settings(home=tmp_path, **settings)
        async with journal(chosen) as journ:
            ledger = Ledger(journ, run_id, chosen)
            await ledger.open()

            async def settle(reservation: Reservation, spent: Usage, **more: Any) -> None:
                end = Settlement(outcome="stop", spent=spent, charged=more.pop("charged", spent), **more)
                ledger.settle(reservation, end)
                await journ.write(ledger.settlement(reservation, end))

            yield ledger, settle

    return open_it


@pytest.mark.parametrize(
    ("limit", "value"),
    [("budget_calls", 2), ("budget_tokens", 449), ("budget_usd", 0.0299), ("budget_seconds", 5.9)],
)
async def test_the_worst_case_must_fit_and_the_message_names_the_limit(opened: Any, limit: str, value: float) -> None:
    async with opened(**{limit: value}) as (ledger, settle):
        for _ in range(2):
            assert ledger.lacks(CALL) is None
            await settle(await ledger.reserve(WHO, CALL), CALL)
        assert ledger.lacks(CALL) == limit
        with pytest.raises(BudgetError, match=f"{limit} is .* raise GENCODE_{limit.upper()}"):
            await ledger.reserve(WHO, CALL)
        assert ledger.spent == total([CALL, CALL])


async def test_the_message_is_for_people(opened: Any) -> None:
    async with opened(budget_usd=0.015, budget_tokens=2_000_000) as (ledger, settle):
        await settle(await ledger.reserve(WHO, CALL), CALL)
        with pytest.raises(BudgetError) as raised:
            await ledger.reserve(WHO, CALL)
        assert str(raised.value) == (
            "budget_usd is 0.015: 0.01 are spent or held, and the next call may take up to 0.01 more; "
            "raise GENCODE_BUDGET_USD, or let the built-in drafts do"
        )
        dear = CALL.model_copy(update={"tokens_in": 3_000_000, "usd": 0.0})
        with pytest.raises(BudgetError, match="budget_tokens is 2,000,000: 150 are spent"):
            await ledger.reserve(WHO, dear)


async def test_what_a_call_did_not_take_is_free_again(opened: Any) -> None:
    async with opened(budget_tokens=300) as (ledger, settle):
        for _ in range(20):
            await settle(await ledger.reserve(WHO, CALL), Usage(calls=1, tokens_in=5, tokens_out=2))
        assert ledger.spent.tokens_in == 100


async def test_a_call_waits_for_those_under_way_and_no_longer(opened: Any) -> None:
    async with opened(budget_tokens=200) as (ledger, settle):
        first = await ledger.reserve(WHO, CALL)
        second = asyncio.create_task(ledger.reserve(WHO, CALL))
        await asyncio.sleep(0.05)
        assert not second.done()
        await settle(first, Usage(calls=1, tokens_in=10))
        third = asyncio.create_task(ledger.reserve(WHO, CALL))
        await settle(await second, CALL)
        with pytest.raises(BudgetError):
            await third


async def test_a_cancelled_call_is_held_and_frees_who_waits(opened: Any) -> None:
    async with opened(budget_tokens=200) as (ledger, _):
        first = await ledger.reserve(WHO, CALL)
        second = asyncio.create_task(ledger.reserve(WHO, CALL))
        await asyncio.sleep(0.05)
        ledger.abandon(first)
        with pytest.raises(BudgetError):
            await second
        assert total([ledger.spent, ledger.held]) == CALL


async def test_another_process_finds_what_was_spent_and_holds_what_was_under_way(opened: Any) -> None:
    async with opened() as (ledger, settle):
        await settle(await ledger.reserve(WHO, CALL), Usage(calls=1, tokens_in=7, usd=0.002, seconds=1.0))
        await ledger.reserve(WHO, CALL)
        assert ledger.held == Usage()
    async with opened() as (ledger, _):
        assert ledger.spent == Usage(calls=2, tokens_in=7, usd=0.002, seconds=1.0)
        assert ledger.held == CALL.model_copy(update={"calls": 0})
    async with opened("another run") as (ledger, _):
        assert ledger.spent == ledger.held == Usage()


async def test_two_processes_of_one_run_share_one_budget(opened: Any) -> None:
    async with opened(budget_calls=5) as (one, _), opened(budget_calls=5) as (two, _):
        made = 0
        for ledger in [one, two] * 4:
            try:
                await asyncio.wait_for(ledger.reserve(WHO, CALL), 0.2)
                made += 1
            except (BudgetError, TimeoutError):
                pass
        assert made == 5


async def test_the_last_seconds_are_used(opened: Any) -> None:
    async with opened(budget_seconds=25.0) as (ledger, settle):
        long = CALL.model_copy(update={"seconds": 12.0})
        await settle(await ledger.reserve(WHO, long), long)
        second = await ledger.reserve(WHO, long)
        assert second.worst.seconds == 12.0
        await settle(second, long)
        with pytest.raises(BudgetError, match="budget_seconds"):
            await ledger.reserve(WHO, long)
    async with opened("other", budget_seconds=11.0) as (ledger, _):
        assert ledger.lacks(long) is None
        assert (await ledger.reserve(WHO, long)).worst.seconds == 11.0
        assert ledger.lacks(long) == "budget_seconds"


@pytest.mark.parametrize("fault", [None, "usage_zero", "usage_low", "usage_huge", "usage_none", "empty_text"])
async def test_no_lie_of_a_provider_makes_an_overrun(
    wire: Callable[..., Wire], asking: Asking, fault: str | None
) -> None:
    """Whatever it says, the server's own count stays within the budget."""
    answer = Rule(reply="word " * 120, fault=fault)
    with wire(answer) as server:
        async with asking(budget_tokens=4000) as model:
            questions = [prompt(f"{number} " + "please " * 40) for number in range(60)]
            answers = [await _asked(model.ask(question)) for question in questions]
            assert answers[0]
            assert not answers[-1]
        real = server.usage
        assert 0 < real.tokens_in + real.tokens_out <= 4000
        assert model.spent.tokens_in + model.spent.tokens_out <= 4000
        assert model.spent.calls == len(server.calls)
        if fault is None:
            assert (model.spent.tokens_in, model.spent.tokens_out) == (real.tokens_in, real.tokens_out)


async def _asked(answer: Awaitable[object]) -> bool:
    """Whether the budget allowed it."""
    try:
        await answer
    except BudgetError:
        return False
    return True


@pytest.fixture(scope="module")
def games() -> Any:
    """The benchmark, as a module."""
    found = importlib.util.spec_from_file_location("ledger_games", BENCHMARK)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(2000, 2012))
async def test_random_ledgers_are_never_overrun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, games: Any, seed: int
) -> None:
    """A dozen; ``benchmarks/ledger.py`` plays a thousand."""
    game = games.script(seed)
    outcome = await games.play(game, tmp_path, monkeypatch.setenv)
    assert games.overruns(game, outcome) == {}


async def test_the_games_tell_an_overrun(games: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = games.script(0)
    outcome = await games.play(game, tmp_path, monkeypatch.setenv)
    smaller = replace(game, calls=outcome.calls - 1, tokens=10, usd=0.0)
    assert set(games.overruns(smaller, outcome)) >= {"calls", "tokens", "usd"}
