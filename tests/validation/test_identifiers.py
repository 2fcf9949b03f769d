"""Names that can be mistaken for others are found; words for people are not."""

from __future__ import annotations

import pytest

from gencode_graph.validation.identifiers import identifiers

TWIN = "p\u0430ssword"  # a Cyrillic letter among Latin ones


@pytest.mark.parametrize(
    ("path", "text"),
    [("a.py", f"{TWIN} = 1\n"), ("a.ts", f"const {TWIN} = 1;\n"), ("a.ts", f"const a = {{ {TWIN}: 1 }};\n")],
)
def test_a_name_with_a_foreign_twin_is_found(path: str, text: str) -> None:
    (finding,) = identifiers(path, text)
    assert finding.rule == "text/lookalike"
    assert "\\u0430" in finding.message


@pytest.mark.parametrize(
    "text",
    [f'a = "{TWIN}"\n', f"a = 1  # {TWIN}\n", "gr\u00f6\u00dfe = 1\n", "\u0440\u0430\u0437\u043c\u0435\u0440 = 1\n"],
    ids=["a string", "a comment", "an umlaut", "a word of another language"],
)
def test_words_and_honest_names_are_left_alone(text: str) -> None:
    assert identifiers("a.py", text) == []
