"""What outcomes teach: rewards, contexts that tell something and contexts that do not, options that come and go."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from gencode_graph.decisions import Context, Decision, Option, Outcome
from gencode_graph.errors import StorageError
from gencode_graph.memory import learner as module
from gencode_graph.memory.choosing import choose
from gencode_graph.memory.failing import WHOLE
from gencode_graph.memory.learner import Learner, reward
from gencode_graph.memory.log import Event
from gencode_graph.memory.options import version

OPTIONS = {f"o{i}": Option(name=f"o{i}", description=f"option {i}") for i in range(10)}
DICE = np.random.default_rng(1)


def unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


TOPICS = [unit(DICE.normal(size=64)) for _ in range(10)]
KEYS = {version(option): unit(DICE.normal(size=64)) for option in OPTIONS.values()}
"""Keys that say nothing of the topics: all has to be learned."""


def offered(*options: Option) -> Learner:
    learner = Learner("e")
    learner.apply(Event(seq=1, options=options or tuple(OPTIONS.values())), KEYS, None)
    return learner


def step(learner: Learner, query: np.ndarray, context: Context, right: Callable[[str], bool]) -> Decision:
    made = {"id": f"{learner.seq}", "point": "p", "query": "", "context": context}
    known = {option.name: option for option in learner.options}
    found = choose(learner, query, known, made=made, tried=0, default=None)
    assert found is not None
    decision, which = found
    outcome = Outcome(success=right(decision.selected))
    learner.apply(Event(seq=learner.seq + 1, decision=decision, outcome=outcome, version=which), {}, query)
    return decision


def share_right(context_of: Callable[[random.Random, int], Context], *, shift: bool = False) -> float:
    """Of 500 choices; with ``shift`` the right option depends on the step as well."""
    learner, dice, right = offered(), random.Random(3), []
    noise = np.random.default_rng(5)
    for _ in range(500):
        topic = dice.randrange(10)
        context = context_of(dice, topic)
        best = f"o{(topic + 3 * (shift and context.step == 's1')) % 10}"
        query = unit(TOPICS[topic] + 0.12 * noise.normal(size=64))
        right.append(step(learner, query, context, lambda name, best=best: name == best).selected == best)
    return sum(right) / 500


@pytest.mark.slow
def test_contexts_that_tell_nothing_do_little_harm_and_those_that_tell_help() -> None:
    plain = share_right(lambda dice, topic: Context())
    idle = share_right(lambda dice, topic: Context(archetype=f"a{dice.randrange(7)}", step=f"s{dice.randrange(12)}"))
    assert idle > plain - 0.05  # .23 where they always count
    told = share_right(lambda dice, topic: Context(step=f"s{dice.randrange(2)}"), shift=True)
    assert told > 0.45  # .29 where contexts do not count


@pytest.mark.parametrize(
    ("outcome", "earned"),
    [
        (Outcome(success=True), 1.0),
        (Outcome(success=False), 0.0),
        (Outcome(success=True, score=0.5), 0.75),
        (Outcome(success=False, score=0.5), 0.2),
        (Outcome(success=True, cost=0.5), 0.9),
        (Outcome(success=True, cost=1e9), 0.8),
        (Outcome(success=False, cost=1.0), 0.0),
    ],
)
def test_success_counts_most_then_the_score_then_what_it_cost(outcome: Outcome, earned: float) -> None:
    assert reward(outcome) == pytest.approx(earned)


def test_an_event_is_learned_from_once() -> None:
    learner = offered()
    decision = step(learner, TOPICS[0], Context(), lambda name: True)
    again = Event(
        seq=learner.seq, decision=decision, outcome=Outcome(success=False), version=version(OPTIONS[decision.selected])
    )
    before = learner.to_bytes("log")
    learner.apply(again, {}, TOPICS[0])
    assert learner.to_bytes("log") == before


def test_of_too_many_options_the_one_that_was_not_used_for_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPTIONS", 3)
    learner = offered(*list(OPTIONS.values())[:3])
    for topic in TOPICS[:3]:
        step(learner, topic, Context(step="s"), lambda name: name != "o1")
    oldest = learner.options[int(np.argmin(learner.offered))].name
    learner.apply(Event(seq=learner.seq + 1, options=(OPTIONS["o9"],)), KEYS, None)
    names = [option.name for option in learner.options]
    assert sorted(names) == sorted(({"o0", "o1", "o2"} - {oldest}) | {"o9"})
    assert oldest not in {name for tallies in learner.tallies.counts.values() for name in tallies}
    assert all(len(router) == 3 for router in learner.routers.values())


def test_it_is_the_same_after_it_was_saved() -> None:
    learner = offered()
    for i in range(60):
        step(learner, TOPICS[i % 10], Context(archetype="a", step=f"s{i % 2}"), lambda name: name in ("o1", "o2"))
    again = Learner.from_bytes(learner.to_bytes("log"), "log", "e")
    for i in range(40):
        context = Context(archetype="a", step=f"s{i % 2}")
        one, other = (step(it, TOPICS[i % 10], context, lambda name: name == "o3") for it in (learner, again))
        assert one == other
    assert again.to_bytes("log") == learner.to_bytes("log")
    assert again.routers[WHOLE].time == 100


@pytest.mark.parametrize(("log", "embedder"), [("other", "e"), ("log", "other")])
def test_what_was_saved_for_another_log_or_embedder_is_refused(log: str, embedder: str) -> None:
    with pytest.raises(StorageError, match="of another log or version"):
        Learner.from_bytes(offered().to_bytes("log"), log, embedder)
