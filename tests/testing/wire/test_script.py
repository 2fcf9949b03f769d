"""Scripts: what a file may say, and what is said to who wrote it wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gencode_graph.errors import SettingError
from gencode_graph.testing import Answer, Fault, Rule, Wire, load_script
from gencode_graph.testing.wire import FAULTS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "script.yaml"


def test_every_field_of_a_rule_can_be_written(file: Path) -> None:
    (file.parent / "answer.md").write_text("From a file: \u00fc\n", encoding="utf-8")
    file.write_text(
        """
        otherwise: Nothing matched.
        chance: {seed: 3, rate: 0.5, kinds: [429, hang], providers: [google], seconds: 0.5}
        rules:
          - {name: first, agent: derek, kind: task, step: contracts, attempt: 2, provider: openai, model: gpt,
             system: a, user: b, last: c, longer_than: 10, times: 3, delay: 0.5, reply: text, thoughts: 7}
          - {reply_file: answer.md}
          - {reply_json: {score: 9}}
          - {calls: [{name: Tool, arguments: {a: 1}}]}
          - fault: 429
          - {fault: {name: cut, at: 0.25}, reply: cut}
        """,
        encoding="utf-8",
    )
    script = load_script(file)
    assert script.rules == (
        Rule(
            name="first", agent="derek", kind="task", step="contracts", attempt=2, provider="openai", model="gpt",
            system="a", user="b", last="c", longer_than=10, times=3, delay=0.5, reply=Answer(text="text", thoughts=7),
        ),
        Rule(reply=Answer(text="From a file: \u00fc\n")),
        Rule(reply=Answer(text='{"score": 9}')),
        Rule(reply=Answer(calls=(("Tool", {"a": 1}),))),
        Rule(fault=Fault("429")),
        Rule(fault=Fault("cut", at=0.25), reply=Answer(text="cut")),
    )  # fmt: skip
    assert script.otherwise == "Nothing matched."
    assert script.chance is not None
    assert (script.chance.seed, list(script.chance.kinds), script.chance.seconds) == (3, ["429", "hang"], 0.5)
    assert Wire(**vars(script)).rules.rules == script.rules


def test_json_is_read_too_and_every_fault_can_be_named(file: Path) -> None:
    file.write_text(json.dumps({"rules": [{"fault": name} for name in FAULTS]}))
    assert [rule.fault for rule in load_script(file).rules] == [Fault(name) for name in FAULTS]


def test_json_may_say_null(file: Path) -> None:
    file.write_text("rules: [{reply_json: null}]")
    assert load_script(file).rules == (Rule(reply=Answer(text="null")),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules: [{agnt: derek, reply: a}]", "rules.0.agnt: unknown; known: name, agent, kind"),
        ("rule: []", "rule: unknown; known: rules, otherwise, chance"),
        ("chance: {seed: 1, rate: 1, kind: a}", "chance.kind: unknown; known: seed, rate"),
        ("rules: [{reply: a}, {fault: 418}]", "rules.1.fault.name: no fault is named 418; known: 429"),
        ("rules: [{fault: {name: cut, share: 1}}]", "rules.0.fault.share: unknown; known: name, seconds, at"),
        ("rules: [{agent: derek}]", "rules.0: a rule needs reply, reply_file, reply_json, calls or fault"),
        ("rules: [{reply: a, reply_json: 1}]", "rules.0: reply and reply_json are given; one is enough"),
        ("rules: [{reply: a, times: 0}]", "rules.0.times: .*greater than or equal to 1"),
        ("rules: [{reply: a, user: '('}]", r"rules.0: user '\(' is no regular expression"),
        ("rules: [{reply_file: nothing.md}]", "rules.0: reply_file nothing.md cannot be read"),
        ("chance: {seed: 1, rate: 2}", "chance.rate: .*less than or equal to 1"),
        ("rules: {reply: a}", "rules: .*list"),
        ("- reply: a", "holds no mapping; it begins with `rules:`"),
        ("", "holds no mapping"),
        ("rules: [{reply: a", "is neither YAML nor JSON"),
    ],
)
def test_a_mistake_is_shown_where_it_is(text: str, message: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(SettingError, match=message) as caught:
        load_script(file)
    assert str(caught.value).startswith(str(file))


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    with pytest.raises(SettingError, match=r"script.yaml cannot be read \(No such file or directory\)"):
        load_script(file)
    file.write_bytes(b"rules: [{reply: \xff}]")
    with pytest.raises(SettingError, match="not UTF-8"):
        load_script(file)
