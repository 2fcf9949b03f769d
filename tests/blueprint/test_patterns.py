"""Texts that match a pattern."""

from __future__ import annotations

import re
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.blueprint.patterns import alphabets

PATTERNS = [
    r"^[A-Z][A-Z0-9]{1,5}$",
    r"^97[89][0-9]{10}$",
    r"\d{3}-\d{4}",
    r"(?:ab|cd)?x+",
    r"[^,;]{2,}",
    r"#[0-9a-f]{6}",
    r"^\w+( \w+)*$",
    r"\+?\d{1,3} .",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_choice_of_letters_matches(pattern: str) -> None:
    texts = ["".join(letters) for letters in islice(product(*alphabets(pattern)), 300)]
    assert texts
    assert [text for text in texts if not re.fullmatch(pattern, text)] == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["[a-c]", "x", r"\d", "(?:y|z)", "[^q]"]), st.sampled_from(["", "+", "*", "{2,3}"])),
        min_size=1,
        max_size=5,
    )
)
def test_any_simple_pattern_has_a_text(parts: list[tuple[str, str]]) -> None:
    pattern = "".join(piece + times for piece, times in parts)
    assert re.fullmatch(pattern, "".join(letters[0] for letters in alphabets(pattern)))
