"""The embedder port, and the embedder that is always there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import SettingError
from gencode_graph.memory.embedders import Lexical, embedder


@given(st.lists(st.text(max_size=60), max_size=4))
async def test_every_text_has_one_vector_of_unit_length(texts: list[str]) -> None:
    vectors = await Lexical().embed(texts)
    assert len(vectors) == len(texts)
    for vector in vectors:
        assert len(vector) == Lexical().dimensions
        assert math.isclose(sum(x * x for x in vector), 1.0)


async def test_near_in_words_is_near_in_space() -> None:
    query, near, far = await embedder("lexical").embed(["track invoices", "an invoice tracker", "a recipe book"])
    similar = [sum(a * b for a, b in zip(query, other, strict=True)) for other in (near, far)]
    assert similar[0] > similar[1] + 0.2


def test_an_unknown_embedder_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(SettingError, match="known: lexical"):
        embedder("nothing")
