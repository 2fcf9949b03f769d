"""Which rule decides, how often, and what it adds to the answer of another."""

from __future__ import annotations

import pytest

from gencode_graph.errors import SettingError
from gencode_graph.testing import Answer, Chance, Conversation, Fault, Rule
from gencode_graph.testing.wire import FAULTS, Turn
from gencode_graph.testing.wire.rules import OTHERWISE, Rules


def call(
    user: str = "Task: contracts, attempt 1\nDo it.", *, system: str = "You are Derek.", provider: str = "openai",
    model: str = "gpt-x", tool: str | None = None,
) -> Conversation:  # fmt: skip
    return Conversation(
        dialect="openai", provider=provider, model=model, system=system, turns=(Turn("user", user),), tool=tool
    )


def said(rules: list[Rule], asked: Conversation) -> str:
    return Rules(rules=rules).decide(asked).answer.text


@pytest.mark.parametrize(
    ("system", "user", "who"),
    [
        ("You are Derek, who writes.", "Task: contracts, attempt 2\nMore", ("derek", "task", "contracts", 2)),
        ("\n You are Marcus.", "  Review: frontend_mock, attempt 10", ("marcus", "review", "frontend_mock", 10)),
        ("You are helpful.", "Hello, attempt 1", (None, None, None, None)),
        ("Be Derek. You are Derek.", "A Task: contracts, attempt 1", (None, None, None, None)),
        ("", "", (None, None, None, None)),
        ("You are Luna", "Task: a-b , attempt 1", ("luna", None, None, None)),
    ],
)
def test_who_asks_is_read_from_the_first_words(system: str, user: str, who: tuple[object, ...]) -> None:
    asked = call(user, system=system)
    assert (asked.agent, asked.kind, asked.step, asked.attempt) == who


def test_what_is_asked_stays_the_first_message_of_the_user() -> None:
    turns = (Turn("user", "Task: contracts, attempt 1"), Turn("assistant", "Half"), Turn("user", "Go on."))
    asked = Conversation(dialect="openai", provider="openai", model="m", turns=turns)
    assert (asked.step, asked.last) == ("contracts", "Go on.")


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ({}, True),
        ({"agent": "derek"}, True),
        ({"agent": "Derek"}, True),
        ({"agent": "luna"}, False),
        ({"kind": "task", "step": "contracts", "attempt": 1}, True),
        ({"kind": "review"}, False),
        ({"attempt": 2}, False),
        ({"provider": "google"}, False),
        ({"model": "^gpt-"}, True),
        ({"model": "x$", "system": "Derek", "user": "Do it", "last": r"it\.$"}, True),
        ({"model": "^x"}, False),
        ({"user": "(?i)do IT"}, True),
        ({"longer_than": 5}, True),
        ({"longer_than": 5000}, False),
    ],
)
def test_a_rule_matches_where_all_that_it_names_does(rule: dict[str, object], matches: bool) -> None:
    assert (said([Rule(reply="yes", **rule)], call()) == "yes") is matches  # type: ignore[arg-type]


def test_the_first_rule_that_matches_decides_and_one_that_is_used_up_no_longer_does() -> None:
    rules = Rules(rules=[Rule(reply="a", times=2), Rule(reply="b", agent="luna"), Rule(reply="c", times=1)])
    assert [rules.decide(call()).answer.text for _ in range(4)] == ["a", "a", "c", OTHERWISE]
    assert rules.decide(call(system="You are Luna.")).answer.text == "b"


def test_the_record_names_the_rule() -> None:
    rules = Rules(rules=[Rule(reply="a", times=1, name="first"), Rule(reply="b", times=1)])
    assert [rules.decide(call()).rule for _ in range(3)] == ["first", "1", None]


def test_a_fault_without_a_reply_breaks_the_answer_of_the_next_rule_and_does_not_use_it_up() -> None:
    rules = Rules(rules=[Rule(fault="cut", times=1), Rule(agent="luna", reply="no"), Rule(reply="yes", times=1)])
    first, second = rules.decide(call()), rules.decide(call())
    assert (first.answer.text, first.fault) == ("yes", Fault("cut"))
    assert (second.answer.text, second.fault) == ("yes", None)


def test_a_function_may_answer_with_a_text_an_answer_or_a_fault() -> None:
    replies = {"a": "text", "b": Answer(text="answer", thoughts=3), "c": Fault("401")}
    rules = Rules(rules=[Rule(reply=lambda asked: replies[asked.last])])
    decisions = [rules.decide(call(word)) for word in "abc"]
    assert [decision.answer.text for decision in decisions[:2]] == ["text", "answer"]
    assert decisions[2].fault == Fault("401")


@pytest.mark.parametrize(
    ("text", "calls"),
    [('{"a": 1}', (("Tool", {"a": 1}),)), ("I will not.", ()), ("[1]", ()), ('{"a": 1', ())],
)
def test_json_goes_to_the_tool_that_has_to_be_called(text: str, calls: tuple[object, ...]) -> None:
    answer = Rules(rules=[Rule(reply=text)]).decide(call(tool="Tool")).answer
    assert answer.calls == calls
    assert answer.text == ("" if calls else text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Rule(), "a reply, a fault, or both"),
        (lambda: Rule(reply="a", kind="Task"), "known: task, review"),
        (lambda: Rule(fault="418"), "known: 429, 500"),
        (lambda: Rule(reply="a", user="("), "user '\\(' is no regular expression"),
        (lambda: Fault("cut", at=2), "from 0 to 1"),
        (lambda: Fault("hang", seconds=-1), "0 is the least"),
        (lambda: Chance(seed=1, rate=2), "from 0 to 1"),
        (lambda: Chance(seed=1, rate=0.5, kinds=["nothing"]), "no fault is named 'nothing'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(make, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        make()


def faults(chance: Chance, provider: str, number: int = 300) -> list[Fault | None]:
    rules = Rules(rules=[], chance=chance.fresh())
    return [rules.decide(call(provider=provider)).fault for _ in range(number)]


def test_faults_at_random_are_the_same_for_the_same_seed_and_provider() -> None:
    chance = Chance(seed=7, rate=0.3)
    assert faults(chance, "openai") == faults(chance, "openai")
    assert faults(chance, "openai") != faults(chance, "google")
    assert faults(chance, "openai") != faults(Chance(seed=8, rate=0.3), "openai")


def test_one_provider_draws_the_same_whatever_others_do_meanwhile() -> None:
    rules = Rules(rules=[], chance=Chance(seed=7, rate=0.3))
    mixed = [rules.decide(call(provider=("openai", "google")[n % 2])).fault for n in range(600)]
    assert mixed[::2] == faults(Chance(seed=7, rate=0.3), "openai")


@pytest.mark.parametrize(("rate", "least", "most"), [(0, 0, 0), (0.3, 60, 120), (1, 300, 300)])
def test_faults_come_as_often_as_was_said(rate: float, least: int, most: int) -> None:
    drawn = [fault for fault in faults(Chance(seed=1, rate=rate), "openai") if fault]
    assert least <= len(drawn) <= most
    assert rate < 1 or {fault.name for fault in drawn} == set(FAULTS)


def test_faults_come_to_those_providers_and_of_those_kinds_that_were_named() -> None:
    chance = Chance(seed=1, rate=1, kinds=["429", "hang"], providers=["google"], seconds=2)
    assert faults(chance, "openai") == [None] * 300
    assert {(fault.name, fault.seconds) for fault in faults(chance, "google") if fault} == {("429", 2), ("hang", 2)}


def test_a_rule_with_a_fault_of_its_own_meets_no_other() -> None:
    rules = Rules(rules=[Rule(fault="401")], chance=Chance(seed=1, rate=1, kinds=["500"]))
    assert {rules.decide(call()).fault for _ in range(20)} == {Fault("401")}
