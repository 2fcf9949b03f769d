"""Asking a model: over three wire formats, with every fault, through retries and failover."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from blockbuster import blockbuster_ctx
from pydantic import BaseModel

from gencode_graph.errors import BudgetError, ContextError, ModelError
from gencode_graph.events import ModelCalled
from gencode_graph.llm import Patience
from gencode_graph.testing import Conversation, Fault, Rule, Wire
from gencode_graph.testing.wire import FAULTS
from tests.llm.conftest import CLAUDE, GEMINI, OPENAI, Asking, prompt

pytestmark = pytest.mark.slow

Wiring = Callable[..., Wire]
ALL = pytest.mark.parametrize("spec", [OPENAI, GEMINI, CLAUDE])
POEM = "roses are red, violets are blue, a test that can fail is a test that is true"


class Review(BaseModel):
    """What a structured answer looks like."""

    score: int
    findings: list[str] = []


@ALL
async def test_an_answer_comes_with_what_it_cost(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(reply=POEM, agent="derek", step="backend_models", attempt=1)) as server:
        async with asking(model=spec) as model:
            reply = await model.ask(prompt())
            assert (reply.text, reply.finish, reply.model) == (POEM, "stop", spec)
            assert model.spent == reply.usage
        assert (reply.usage.tokens_in, reply.usage.tokens_out) == (server.usage.tokens_in, server.usage.tokens_out)
        assert reply.usage.calls == len(server.calls) == 1
        assert reply.usage.usd > 0
        assert server.calls[0].conversation.max_tokens == 500
        assert server.calls[0].conversation.stream


@ALL
async def test_a_conversation_keeps_its_turns(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(reply="fine")) as server:
        async with asking(model=spec) as model:
            await model.ask(prompt(messages=("one", "two", "three")))
        turns = server.calls[0].conversation.turns
        assert [(turn.role, turn.text) for turn in turns] == [("user", "one"), ("assistant", "two"), ("user", "three")]
        assert server.calls[0].conversation.system == "You are Derek, a developer."


@ALL
async def test_any_text_can_be_sent(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(reply="\N{LADY BEETLE} \x00 ü")) as server:
        async with asking(model=spec) as model:
            assert (
                await model.ask(prompt("half a \ud83d, all of \N{LADY BEETLE} \x00"))
            ).text == "\N{LADY BEETLE} \x00 ü"
        assert server.calls[0].conversation.last.endswith("half a ?, all of \N{LADY BEETLE} \x00")


@pytest.mark.parametrize("spec", [OPENAI, GEMINI])
async def test_a_shape_is_sent_along_and_the_text_comes_back_as_it_is(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(reply='```json\n{"score": "many"}\n```')) as server:
        async with asking(model=spec) as model:
            reply = await model.ask(prompt(shape=Review))
        assert reply.text == '```json\n{"score": "many"}\n```'
        schema = server.calls[0].conversation.schema
        assert schema is not None
        assert "score" in str(schema)


TRYING_AGAIN = {
    "429": "rate_limit", "500": "server_error", "503": "server_error", "reset": "connection", "cut": "cut",
    "empty": "empty", "bad_sse": "garbled", "sse_error": "server_error", "bad_json": "garbled", "html": "garbled",
}  # fmt: skip
USELESS = {"401": "unauthorised", "403": "unauthorised", "bad_key": "unauthorised", "404": "not_found",
           "quota": "quota", "context": "context"}  # fmt: skip
ENDS = {"length": "length", "no_finish": "missing", "filter_answer": "filter", "empty_text": "refusal"}
KEEPING = ["drip", "usage_zero", "usage_low", "usage_huge", "usage_none"]


def test_every_fault_of_the_server_is_tested_here() -> None:
    elsewhere = {"hang", "stall", "filter_prompt", "refusal"}
    assert {*TRYING_AGAIN, *USELESS, *ENDS, *KEEPING} | elsewhere == set(FAULTS)


@pytest.mark.parametrize(
    ("spec", "fault"), [(s, f) for s in (OPENAI, GEMINI, CLAUDE) for f in TRYING_AGAIN if (s, f) != (CLAUDE, "empty")]
)
async def test_what_passes_is_tried_again(
    wire: Wiring, asking: Asking, told: list[ModelCalled], spec: str, fault: str
) -> None:
    with wire(Rule(fault=Fault(fault, 0.01), times=1), Rule(reply=POEM)) as server:
        async with asking(model=spec) as model:
            assert (await model.ask(prompt())).text == POEM
        assert len(server.calls) == 2
        failed, answered = told
        assert failed.outcome == TRYING_AGAIN[fault] or (spec == CLAUDE and failed.outcome in ("cut", "garbled"))
        assert answered.outcome == "stop"


@ALL
@pytest.mark.parametrize("fault", USELESS)
async def test_what_does_not_pass_is_not_tried_again(
    wire: Wiring, asking: Asking, told: list[ModelCalled], spec: str, fault: str
) -> None:
    with wire(Rule(fault=fault), Rule(reply=POEM)) as server:
        async with asking(model=spec) as model:
            with pytest.raises(ContextError if fault == "context" else ModelError) as raised:
                await model.ask(prompt())
            assert len(server.calls) == 1
            assert told[0].outcome == USELESS[fault]
            assert spec in str(raised.value)
            assert raised.value.__cause__ is None
            assert raised.value.__context__ is None
            if fault != "context":
                with pytest.raises(ModelError):
                    await model.ask(prompt("something else"))
                assert len(server.calls) == 1, "the provider is of no use for the rest of the run"
            assert model.spent.tokens_in == 0


@ALL
@pytest.mark.parametrize("fault", ENDS)
async def test_an_answer_says_why_it_ends(wire: Wiring, asking: Asking, spec: str, fault: str) -> None:
    with wire(Rule(reply=POEM, fault=fault)) as server:
        async with asking(model=spec) as model:
            reply = await model.ask(prompt())
            assert reply.finish == ("refusal" if (spec, fault) == (CLAUDE, "filter_answer") else ENDS[fault])
            assert reply.truncated == (fault in ("length", "no_finish"))
            assert POEM.startswith(reply.text)
        assert len(server.calls) == 1


@ALL
@pytest.mark.parametrize("fault", KEEPING)
async def test_an_answer_that_lies_about_its_cost_is_still_an_answer(
    wire: Wiring, asking: Asking, told: list[ModelCalled], spec: str, fault: str
) -> None:
    with wire(Rule(reply=POEM * 20, fault=Fault(fault, 0.5))) as server:
        async with asking(model=spec) as model:
            reply = await model.ask(prompt())
            assert reply.text == POEM * 20
            assert told[0].doubted == (fault != "drip")
            real = server.usage
            if fault in ("usage_zero", "usage_none"):
                assert real.tokens_in <= reply.usage.tokens_in <= 2 * real.tokens_in
            assert reply.usage.tokens_out <= 500


@ALL
@pytest.mark.parametrize("fault", ["hang", "stall"])
async def test_nothing_is_waited_for_longer_than_the_time_out(
    wire: Wiring, asking: Asking, told: list[ModelCalled], spec: str, fault: str
) -> None:
    with wire(Rule(reply=POEM, fault=fault)) as server:
        async with asking(model=spec, call_timeout=0.5) as model:
            began = time.monotonic()
            with pytest.raises(ModelError, match="timeout"):
                await model.ask(prompt())
            assert time.monotonic() - began < 2.5
            assert {event.outcome for event in told} == {"timeout"}
            assert len(server.calls) == len(told) == 2
            assert model.spent.calls == 2
            assert model.held.tokens_out == 1000


@pytest.mark.parametrize("fault", ["500", "401", "404", "quota", "context", "hang", "cut", "refusal", "filter_answer"])
async def test_the_next_provider_takes_over(wire: Wiring, asking: Asking, fault: str) -> None:
    with wire(Rule(reply="no", fault=fault, provider="google"), Rule(reply=POEM)):
        async with asking(model=f"{GEMINI}, {OPENAI}", call_timeout=1.0) as model:
            reply = await model.ask(prompt())
            if fault == "refusal":  # Gemini has no word for it
                assert reply.text.startswith("I'm sorry")
            else:
                assert (reply.text, reply.model) == (POEM, OPENAI)


async def test_a_model_that_is_not_known_leaves_its_provider_be(wire: Wiring, asking: Asking) -> None:
    with wire(Rule(fault="404", model="luna"), Rule(reply=POEM)) as server:
        async with asking(model=f"{OPENAI},openai:gpt-6.1-terra") as model:
            for text in ("one", "two"):
                assert (await model.ask(prompt(text))).model == "openai:gpt-6.1-terra"
        assert [call.model for call in server.calls] == ["gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-terra"]


async def test_when_all_refuse_the_last_refusal_is_the_answer(wire: Wiring, asking: Asking) -> None:
    with wire(Rule(reply="x", fault="refusal")) as server:
        async with asking(model=f"{OPENAI},{CLAUDE}") as model:
            reply = await model.ask(prompt())
            assert (reply.finish, reply.model) == ("refusal", CLAUDE)
        assert len(server.calls) == 2


async def test_each_tier_has_its_own_models(wire: Wiring, asking: Asking) -> None:
    with wire(Rule(reply="yes")):
        async with asking(model=OPENAI, model_complex=GEMINI) as model:
            assert (await model.ask(prompt(tier="simple"))).model == OPENAI
            assert (await model.ask(prompt(tier="complex"))).model == GEMINI


async def test_the_time_that_a_provider_asks_for_is_waited(wire: Wiring, asking: Asking) -> None:
    patience = Patience(first_wait=0.01, longest_wait=1.0)
    with wire(Rule(fault=Fault("429", 0.4), times=1), Rule(fault=Fault("429", 60), times=1), Rule(reply=POEM)):
        async with asking(patience=patience) as model:
            began = time.monotonic()
            await model.ask(prompt())
            assert 1.4 <= time.monotonic() - began < 5


async def test_a_provider_that_keeps_failing_is_left_alone(wire: Wiring, asking: Asking) -> None:
    with wire(Rule(fault="500")) as server:
        async with asking(patience=Patience(first_wait=0.01, longest_wait=0.02, opens_after=4)) as model:
            for text in "abcde":
                with pytest.raises(ModelError, match=r"server_error|left alone"):
                    await model.ask(prompt(text))
        assert len(server.calls) == 4


async def test_no_more_calls_at_once_than_allowed(wire: Wiring, asking: Asking) -> None:
    begun = list[float]()

    def reply(_: Conversation) -> str:
        begun.append(time.monotonic())
        return "yes"

    with wire(Rule(reply=reply, delay=0.2)):
        async with asking(calls_at_once=3) as model:
            await asyncio.gather(*(model.ask(prompt(str(number))) for number in range(9)))
            assert model.spent.calls == len(begun) == 9
    assert min(later - earlier for earlier, later in zip(begun, begun[3:], strict=False)) >= 0.2


async def test_a_dear_model_gives_way_to_one_the_budget_allows(wire: Wiring, asking: Asking) -> None:
    with wire(Rule(reply="yes")) as server:
        async with asking(model=f"anthropic:claude-opus-5-5,{OPENAI}", budget_usd=0.002) as model:
            assert model.affords(prompt())
            assert (await model.ask(prompt())).model == OPENAI
        async with asking(run_id="poor", budget_usd=0.00001) as model:
            assert not model.affords(prompt())
            with pytest.raises(BudgetError, match="raise GENCODE_BUDGET_USD"):
                await model.ask(prompt())
        assert len(server.calls) == 1


@ALL
async def test_nothing_here_blocks_the_event_loop(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(fault="500", times=1), Rule(reply=POEM)), blockbuster_ctx():
        async with asking(model=spec) as model:
            assert (await model.ask(prompt())).text == POEM
            await model.judged(step="backend_models", agent="derek", attempt=1, accepted=True)


@ALL
def test_each_event_loop_has_clients_of_its_own(wire: Wiring, asking: Asking, spec: str) -> None:
    async def one(run_id: str) -> str:
        async with asking(model=spec, run_id=run_id) as model:
            return (await model.ask(prompt())).text

    with wire(Rule(reply=POEM)):
        assert [asyncio.run(one(f"run {number}")) for number in range(3)] == [POEM] * 3
