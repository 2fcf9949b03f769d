"""A JSON value out of whatever a model sent."""

import contextlib
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.llm.salvage import salvage

CASES = Path(os.environ.get("GENCODE_CASES", "../shared/cases")) / "json_repair_cases.jsonl"
REVIEW = {"score": 7, "findings": []}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"score": 7, "findings": []}', REVIEW),
        ('Here it is:\n```json\n{"score": 7, "findings": []}\n```\nI hope that helps [1].', REVIEW),
        ('Here it is: {"score": 7, "findings": []} That is all.', REVIEW),
        ('I thought of {x}. {"score": 7, "findings": []}', REVIEW),
        ('[CONTENT]\n{"score": 7, "findings": []}\n[/CONTENT]', REVIEW),
        ("{'score': 7, 'findings': []}", REVIEW),
        ("{score: 7, findings: [],}", REVIEW),
        ('{"score": 7, // good\n "findings": []}', REVIEW),
        ('{"score": 7 "findings": []}', REVIEW),
        ('{"score": 7, "findings": [', REVIEW),
        ("{“score”: 7, “findings”: []}", REVIEW),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
        ('{"a": "one" + "two"}', {"a": "onetwo"}),
        ('{"id": ObjectId("123")}', {"id": "123"}),
        ('{"a": True, "b": None, "c": undefined}', {"a": True, "b": None, "c": None}),
        ('{"a" true}', {"a": True}),
        ('{"a": "say "hello" to"}', {"a": 'say "hello" to'}),
        ('{"a": 1_000, "b": .5}', {"a": 1000, "b": 0.5}),
        ('{"a": "```py\\nx\\n```"}', {"a": "```py\nx\n```"}),
    ],
)
def test_finds_the_value(text: str, value: object) -> None:
    assert salvage(text) == value


@pytest.mark.parametrize(
    "text", ["", "  \n", "Sorry, I cannot do that.", "}", "```\n```", "I would say: no, it is not good."]
)
def test_a_text_without_a_value_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        salvage(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_json_means_what_json_says(value: object) -> None:
    assert salvage(json.dumps(value)) == value
    assert salvage(json.dumps(value, ensure_ascii=False, indent=1)) == value


@given(st.text(alphabet="{}[]\"'`:,.\\ \n01aetu/*-+()“’"))
def test_any_text_gives_a_value_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        json.dumps(salvage(text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["[", "{", '{"a":', '"', "\\", "```", "a ", '{"a":"b",', "'", "(", "//", "/*", ",", "-"]
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    began = time.perf_counter()
    with contextlib.suppress(ValueError):
        salvage(unit * (300_000 // len(unit)))
    assert time.perf_counter() - began < 10


@pytest.mark.skipif(not CASES.is_file(), reason=f"needs {CASES}")
def test_reads_most_recorded_cases() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    right = 0
    for case in cases:
        try:
            right += salvage(case["input"]) == case["expected"]
        except ValueError:
            right += case["expected"] == ""
    assert right / len(cases) >= 0.85
