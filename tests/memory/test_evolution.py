"""Decisions are made once and learned from; what was learned survives kills, and is shared by processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gencode_graph.decisions import Context, Option, Outcome
from gencode_graph.errors import InputError, SettingError
from gencode_graph.llm.redaction import redact
from gencode_graph.memory import connect_memory
from gencode_graph.memory.evolution import Evolution
from gencode_graph.protocols import Memory
from gencode_graph.settings import Settings

HERE = Context(archetype="saas_app", step="backend_models", language="python")
ELSEWHERE = Context(archetype="ecommerce_store", step="frontend_mock", language="typescript")


@asynccontextmanager
async def memory(home: Path) -> AsyncIterator[Evolution]:
    async with connect_memory(Settings(home=home), redact=redact) as opened:
        yield opened


def numbers() -> Iterator[str]:
    return (f"k{i}" for i in range(100_000))


async def test_it_is_what_the_graph_asks_for(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        port: Memory = opened
        assert (await port.decide("vibe", "frosted glass", key="a", context=HERE)).selected == "glass"


@pytest.mark.parametrize(
    ("point", "query", "selected"),
    [
        ("archetype", "a shop for sneakers with cart and checkout", "ecommerce_store"),
        ("archetype", "kanban board with tasks and deadlines", "project_management"),
        ("vibe", "neon accents on a black background", "dark"),
        ("context_files", "the route answers 404 on create", "endpoint"),
        ("skills", "invoices with VAT and discounts", "money"),
        ("error_class", "SyntaxError: '(' was never closed", "syntax"),
        ("repair", "F401 unused import os", "fix"),
        ("supervision", "payments, roles and permissions", "strict"),
        ("model_tier", "rename a label", "simple"),
    ],
)
async def test_before_any_outcome_what_options_say_of_themselves_decides(
    tmp_path: Path, point: str, query: str, selected: str
) -> None:
    async with memory(tmp_path) as opened:
        decision = await opened.decide(point, query, key="a", context=Context())
        assert (decision.selected, decision.evolved, decision.foreign) == (selected, False, False)
        assert decision.ranking[0][0] == selected
        assert sum(weight for _, weight in decision.ranking) == pytest.approx(1, abs=1e-4)


async def test_the_same_key_gets_the_same_answer_also_after_a_restart_and_after_learning(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        first = await opened.decide("repair", "tests fail", key="run/step/1", context=HERE)
        await opened.learn(first.id, Outcome(success=False))
        for i in range(30):
            other = await opened.decide("repair", "tests fail", key=f"{i}", context=HERE)
            await opened.learn(other.id, Outcome(success=other.selected == "person"))
        assert await opened.decide("repair", "something else", key="run/step/1", context=ELSEWHERE) == first
    async with memory(tmp_path) as opened:
        assert await opened.decide("repair", "tests fail", key="run/step/1", context=HERE) == first


async def test_the_first_word_about_an_outcome_counts(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened, memory(tmp_path) as other:
        decision = await opened.decide("repair", "tests fail", key="a", context=HERE)
        for success in (True, False, False, False, False, False):
            await opened.learn("a", Outcome(success=success))
        again = await opened.decide("repair", "tests fail", key="b", context=HERE)
        assert again.selected == decision.selected
        assert again.confidence > decision.confidence
        assert (await other.decide("repair", "tests fail", key="c", context=HERE)).ranking == again.ranking


async def test_outcomes_make_the_next_decision_better(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        right = []
        for i in range(60):
            decision = await opened.decide("repair", "the tests fail with 422", key=f"{i}", context=HERE)
            right.append(decision.selected == "restore_file")
            await opened.learn(decision.id, Outcome(success=right[-1]))
        assert sum(right[:5]) < 5
        assert all(right[-20:])
        assert decision.evolved
        assert decision.confidence > 0.8


async def test_what_was_learned_in_a_context_counts_there_most(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        key = numbers()
        for _ in range(40):
            for context, best in ((HERE, "restore_file"), (ELSEWHERE, "regenerate")):
                decision = await opened.decide("repair", "the tests fail", key=next(key), context=context)
                await opened.learn(decision.id, Outcome(success=decision.selected == best))
        assert (await opened.decide("repair", "the tests fail", key="a", context=HERE)).selected == "restore_file"
        assert (await opened.decide("repair", "the tests fail", key="b", context=ELSEWHERE)).selected == "regenerate"
        near = Context(archetype="saas_app", step="architecture", language="python")
        assert (await opened.decide("repair", "the tests fail", key="c", context=near)).selected == "restore_file"


@pytest.mark.parametrize(
    ("point", "options", "exclude", "says"),
    [
        ("nothing", (), (), "no decision point 'nothing'; known: archetype"),
        ("model_tier", (), ("simple", "medium", "complex"), "every option of 'model_tier' is excluded"),
        ("mine", (Option(name="a", description="a"), Option(name="a", description="b")), (), "names of their own"),
    ],
)
async def test_what_cannot_be_decided_is_said(
    tmp_path: Path, point: str, options: tuple[Option, ...], exclude: tuple[str, ...], says: str
) -> None:
    async with memory(tmp_path) as opened:
        with pytest.raises(SettingError, match=says):
            await opened.decide(point, "query", key="a", context=HERE, options=options, exclude=exclude)


async def test_a_key_belongs_to_one_point_and_an_outcome_to_a_decision(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        await opened.decide("vibe", "dark", key="a", context=HERE)
        with pytest.raises(InputError, match="belongs to a decision of 'vibe'"):
            await opened.decide("repair", "dark", key="a", context=HERE)
        with pytest.raises(InputError, match="no decision 'b' is known"):
            await opened.learn("b", Outcome(success=True))


async def test_excluded_options_are_neither_chosen_nor_ranked(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        decision = await opened.decide("model_tier", "rename a label", key="a", context=HERE, exclude=("simple",))
        assert sorted(name for name, _ in decision.ranking) == ["complex", "medium"]
