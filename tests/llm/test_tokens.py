"""Bounds that hold for every text, and for how servers count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from gencode_graph.llm.tokens import counted, counted_sent, least, least_sent, most, most_sent
from gencode_graph.testing.wire import count_tokens
from tests.llm.conftest import prompt


class Shape(BaseModel):
    """Some structured answer."""

    score: int


@given(st.text())
def test_a_text_has_at_least_so_many_and_at_most_so_many(text: str) -> None:
    assert least(text) <= len(text.split()) + most(text) // 32
    assert counted(text) <= most(text)
    assert least(text) <= counted(text)
    assert counted(text) == count_tokens(text)


@given(st.text(), st.lists(st.text(), min_size=1, max_size=4))
def test_a_prompt_has_at_least_so_many_and_at_most_so_many(system: str, messages: list[str]) -> None:
    asked = prompt(system=system, messages=tuple(messages))
    assert least_sent(asked) <= counted_sent(asked) <= most_sent(asked)


def test_a_schema_is_sent_as_well() -> None:
    assert most_sent(prompt(shape=Shape)) > most_sent(prompt()) + 50
    assert counted_sent(prompt(shape=Shape)) > counted_sent(prompt()) + 10


def test_lone_surrogates_are_counted() -> None:
    assert most("\ud800") >= 1
