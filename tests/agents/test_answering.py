"""Answers that are cut off are continued and stitched, then asked for with more room."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from gencode_graph.agents.answering import stitch, whole_answer
from gencode_graph.types import Finish, Prompt, Reply, Usage

QUESTION = Prompt(agent="derek", step="s", attempt=1, system="You are Derek", messages=("Task",), max_tokens=100)


@dataclass
class Script:
    """Says what it was told to, in order, and remembers what it was asked."""

    replies: list[tuple[str, Finish]]
    asked: list[Prompt] = field(default_factory=list)
    rich: bool = True
    spent: Usage = field(default_factory=Usage)
    held: Usage = field(default_factory=Usage)

    async def ask(self, prompt: Prompt) -> Reply:
        self.asked.append(prompt)
        text, finish = self.replies[len(self.asked) - 1]
        return Reply(text=text, finish=finish, model="test:script", usage=Usage(calls=1))

    def affords(self, prompt: Prompt) -> bool:
        return self.rich

    async def judged(self, *, step: str, agent: str, attempt: int, accepted: bool) -> None:
        raise AssertionError("answers are not judged here")


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ("one two", " three", "one two three"),
        ("the first line and the sec", "line and the second", "the first line and the second"),
        (
            "```python\ndef f():\n    ret",
            "```python\n    return 1\n```\n",
            "```python\ndef f():\n    ret    return 1\n```\n",
        ),
        ("```python\nx = 1\n", "y = 2\n```\n", "```python\nx = 1\ny = 2\n```\n"),
        ("a = 1", "a", "a = 1a"),
    ],
)
def test_two_parts_become_one(start: str, end: str, whole: str) -> None:
    assert stitch(start, end) == whole


async def test_a_whole_answer_is_one_call() -> None:
    model = Script([("done", "stop")])
    assert (await whole_answer(model, QUESTION)).text == "done"
    assert len(model.asked) == 1


async def test_a_cut_answer_goes_on_where_it_stopped() -> None:
    model = Script([("one ", "length"), ("two ", "missing"), ("three", "stop")])
    reply = await whole_answer(model, QUESTION)
    assert (reply.text, reply.finish) == ("one two three", "stop")
    assert model.asked[1].messages[1] == "one "


async def test_one_that_never_ends_is_asked_for_again_with_more_room() -> None:
    model = Script([("a", "length"), ("b", "length"), ("c", "length"), ("whole", "stop")])
    assert (await whole_answer(model, QUESTION)).text == "whole"
    assert model.asked[3].max_tokens > QUESTION.max_tokens
    assert model.asked[3].messages == QUESTION.messages


async def test_a_budget_that_allows_no_more_leaves_it_cut() -> None:
    model = Script([("a", "length")], rich=False)
    assert (await whole_answer(model, QUESTION)).truncated
    assert len(model.asked) == 1
