"""Nothing secret or personal is left in what is kept, and nothing else is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gencode_graph.llm.redaction import HIDDEN, redact
from gencode_graph.memory.cleaning import BETWEEN, cut, impersonal, redacted, short

SECRET = "sk-" + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
@example(["\0", "x"])
def test_json_without_secrets_stays_what_it_is(value: object) -> None:
    assert redacted(value, str) == value


def test_secrets_go_wherever_they_stand() -> None:
    value = {"a": [SECRET, {SECRET: f"key {SECRET}"}], "b": BETWEEN + SECRET, "c": 1}
    assert redacted(value, redact) == {"a": [HIDDEN, {HIDDEN: f"key {HIDDEN}"}], "b": BETWEEN + HIDDEN, "c": 1}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail grace@navy.mil now", "mail [e-mail] now"),
        ("ada@example.com and bob@shop.test", "ada@example.com and bob@shop.test"),
        ('File "/home/ada/app/main.py"', 'File "~/app/main.py"'),
        ("/Users/Ada L/x", "~ L/x"),
        (r"C:\Users\ada\app.py", r"~\app.py"),
        ("import a from '@scope/b'", "import a from '@scope/b'"),
        ("/homes/ada", "/homes/ada"),
    ],
)
def test_people_are_not_named(text: str, left: str) -> None:
    assert impersonal(text) == left


@given(st.text(max_size=200), st.integers(min_value=10, max_value=100))
def test_a_long_text_keeps_its_ends(text: str, longest: int) -> None:
    kept = cut(text, longest)
    assert len(kept) <= longest
    assert kept[:3] == text[:3]
    assert kept[-3:] == text[-3:]
    assert kept == text or len(text) > longest


def test_a_secret_that_a_cut_would_halve_is_gone_all_the_same() -> None:
    assert "sk-" not in short("x " * 493 + SECRET + " y" * 3000, redact)
