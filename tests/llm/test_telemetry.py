"""Figures of the calls, for reports and for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph

from gencode_graph.errors import ModelError
from gencode_graph.events import ModelCalled, parse_event
from gencode_graph.llm import connect_model, cost, figures, metrics
from gencode_graph.settings import Settings
from gencode_graph.testing import Rule, Wire
from tests.llm.conftest import OPENAI, Asking, prompt


class State(TypedDict, total=False):
    text: str


async def test_figures_by_agent_model_and_step(wire: Callable[..., Wire], asking: Asking, tmp_path: Path) -> None:
    with wire(Rule(fault="500", times=1), Rule(reply="fine")):
        async with asking() as model:
            await model.ask(prompt())
            await model.ask(prompt(attempt=2))
            await model.ask(prompt(agent="marcus", step="contracts"))
            await model.judged(step="backend_models", agent="derek", attempt=1, accepted=True)
            await model.judged(step="backend_models", agent="derek", attempt=1, accepted=False)
            await model.judged(step="backend_models", agent="derek", attempt=2, accepted=True)
            spent = model.spent
        async with asking(run_id="another") as model:
            await model.ask(prompt())
    derek, marcus = figures(Settings(home=tmp_path), "run")
    assert (derek.agent, derek.step, derek.model) == ("derek", "backend_models", OPENAI)
    assert (derek.calls, derek.answers, derek.attempts, derek.accepted, derek.judged) == (3, 2, 2, 1, 2)
    assert (marcus.calls, marcus.answers, marcus.judged) == (1, 1, 0)
    assert derek.tokens_in + marcus.tokens_in == spent.tokens_in
    assert derek.usd + marcus.usd == pytest.approx(spent.usd)
    assert len(figures(Settings(home=tmp_path))) == 3


async def test_prometheus_can_read_them(wire: Callable[..., Wire], asking: Asking, tmp_path: Path) -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    with wire(Rule(fault="401", provider="google"), Rule(reply="fine")) as server:
        async with asking(model=f"google_genai:gemini-3.8-flash,{OPENAI}") as model:
            await model.ask(prompt(step='a "step"\\'))
            await model.judged(step="b", agent="derek", attempt=1, accepted=True)
        samples = {
            (sample.name, sample.labels.get("outcome") or sample.labels.get("direction") or "", sample.labels["step"]):
            sample.value
            for family in parser.text_string_to_metric_families(metrics(Settings(home=tmp_path)))
            for sample in family.samples
        }  # fmt: skip
    step = 'a "step"\\'
    assert samples["gencode_model_calls_total", "unauthorised", step] == 1
    assert samples["gencode_model_calls_total", "stop", step] == 1
    assert samples["gencode_model_tokens_total", "received", step] == server.usage.tokens_out
    assert samples["gencode_model_judged_total", "", "b"] == 1


def test_without_any_call_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert figures(Settings(home=tmp_path)) == ()
    assert "# TYPE gencode_model_calls_total counter" in metrics(Settings(home=tmp_path))


@pytest.mark.parametrize(
    ("currency", "rate", "shown"),
    [("USD", 1.0, "$0.0123"), ("usd", 3.0, "$0.0123"), ("eur", 0.9, "$0.0123 (EUR 0.0111)")],
)
def test_a_cost_is_shown_in_a_second_currency(currency: str, rate: float, shown: str) -> None:
    assert cost(0.01234, Settings(currency=currency, currency_rate=rate)) == shown


async def test_each_call_is_an_event_of_the_graph_it_was_made_in(wire: Callable[..., Wire], tmp_path: Path) -> None:
    with wire(Rule(fault="500", times=1), Rule(reply="fine")):
        async with connect_model(Settings(home=tmp_path, model=OPENAI), "run") as model:
            assert model is not None

            async def node(state: State) -> State:
                return {"text": (await model.ask(prompt())).text}

            graph = StateGraph(State)
            graph.add_node("node", node)
            graph.add_edge(START, "node")
            graph.add_edge("node", END)
            config: Any = {"configurable": {"thread_id": "run"}}
            parts = [part async for part in graph.compile().astream({}, config, stream_mode="custom")]
            await model.ask(prompt("outside of a graph nobody hears it"))
    events = [parse_event(part) for part in parts]
    assert all(isinstance(event, ModelCalled) for event in events)
    assert [getattr(event, "outcome", "") for event in events] == ["server_error", "stop"]


async def test_a_failed_question_has_its_figures_too(wire: Callable[..., Wire], asking: Asking, tmp_path: Path) -> None:
    with wire(Rule(fault="cut")):
        async with asking() as model:
            with pytest.raises(ModelError):
                await model.ask(prompt())
            held = model.held
    (figure,) = figures(Settings(home=tmp_path))
    assert (figure.calls, figure.answers) == (3, 0)
    assert figure.held_usd == pytest.approx(held.usd)
    assert held.usd > 0
