"""The embedder port, the embedder that is always there, and how embedders are named."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import SettingError
from gencode_graph.memory import embedders
from gencode_graph.memory.embedders import Lexical, embedder, hybrid
from gencode_graph.protocols import Embedder


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@given(st.lists(st.text(max_size=60), max_size=4))
async def test_every_text_has_one_vector_of_unit_length(texts: list[str]) -> None:
    for one in (Lexical(), hybrid(Lexical(), Lexical(dimensions=64), 0.25)):
        vectors = await one.embed(texts)
        assert len(vectors) == len(texts)
        for vector in vectors:
            assert len(vector) == one.dimensions
            assert math.isclose(cosine(vector, vector), 1.0)


async def test_near_in_words_is_near_in_space() -> None:
    query, near, far = await embedder("lexical").embed(["track invoices", "an invoice tracker", "a recipe book"])
    assert cosine(query, near) > cosine(query, far) + 0.2


async def test_the_same_text_always_has_the_same_vector() -> None:
    once = await Lexical().embed(["ImportError: cannot import name 'x'"])
    embedders._features.cache_clear()
    assert await Lexical().embed(["ImportError: cannot import name 'x'"]) == once


async def test_a_thousand_short_texts_take_well_under_a_second() -> None:
    texts = [f"error {n} in module{n}: name value{n} is not defined in function f{n}" for n in range(1000)]
    begun = time.process_time()
    await Lexical().embed(texts)
    assert time.process_time() - begun < 0.8


async def test_a_mix_weighs_the_cosines_of_both() -> None:
    texts = ["the port is in use", "a port in use already"]
    first, second = Lexical(), Lexical(dimensions=64)
    mixed = await hybrid(first, second, 0.6).embed(texts)
    parts = [cosine(*(await one.embed(texts))) for one in (first, second)]
    assert math.isclose(cosine(*mixed), 0.6 * parts[0] + 0.4 * parts[1])


def test_two_names_with_a_plus_are_a_mix_that_says_so() -> None:
    mixed: Embedder = embedder("lexical+lexical")
    assert (mixed.name, mixed.dimensions) == ("lexical+lexical", 1024)
    assert hybrid(Lexical(), Lexical(), 0.3).name == "lexical+lexical@0.3"


@pytest.mark.parametrize("name", ["nothing", "", "lexical+", ":x", "x:", "lexical+nothing"])
def test_an_unknown_embedder_is_refused_and_the_known_ones_are_named(name: str) -> None:
    with pytest.raises(SettingError, match="known: lexical, minilm, sentence-transformers:"):
        embedder(name)


def test_a_share_out_of_range_is_refused() -> None:
    with pytest.raises(SettingError, match="from 0 to 1"):
        hybrid(Lexical(), Lexical(), 1.2)
