"""A repair, once made, can be made again where other things are named."""

from __future__ import annotations

import pytest

from gencode_graph.decisions import Context, Pattern
from gencode_graph.memory.repairs import applied, generalised, signature
from gencode_graph.types import Finding

WHERE = Context(step="testing_backend", language="python")


def failed(name: str, path: str) -> Finding:
    return Finding(rule="pytest/failed", message=f"KeyError: '{name}' is no column of the table", path=path)


BEFORE = "import a\n\n\ndef total(row):\n    return row['price'] * 2\n"
AFTER = "import a\n\n\ndef total(row):\n    return row.get('price', 0) * 2\n"


def made() -> Pattern:
    pattern = generalised(
        failed("price", "app/a.py"), {"app/a.py": BEFORE}, {"app/a.py": AFTER}, context=WHERE, proof="pytest"
    )
    assert pattern is not None
    return pattern


def test_names_and_files_of_the_case_are_left_out() -> None:
    pattern = made()
    assert "price" not in str(pattern.body)
    assert "app/a.py" not in str(pattern.body)


def test_findings_of_the_same_kind_share_a_signature() -> None:
    assert signature(failed("price", "app/a.py")) == signature(failed("weight", "lib/b.py"))
    assert signature(failed("price", "app/a.py")) != signature(Finding(rule="tsc/TS2304", message="other"))


def test_it_is_made_again_for_another_name_in_another_file() -> None:
    other = {"lib/b.py": "import z\n\n\ndef total(row):\n    return row['weight'] * 2\n"}
    after = applied(made(), failed("weight", "lib/b.py"), other)
    assert after == {"lib/b.py": "import z\n\n\ndef total(row):\n    return row.get('weight', 0) * 2\n"}


def test_lines_around_may_differ_where_the_change_itself_has_one_place() -> None:
    other = {"lib/b.py": "def weight_of(row):\n    return row['weight'] * 2\n"}
    assert applied(made(), failed("weight", "lib/b.py"), other)["lib/b.py"].endswith("row.get('weight', 0) * 2\n")


@pytest.mark.parametrize(
    "text",
    [
        "def total(row):\n    return 3\n",
        "def a(row):\n    return row['weight'] * 2\n\n\ndef b(row):\n    return row['weight'] * 2\n",
    ],
    ids=["nowhere", "in two places"],
)
def test_without_one_certain_place_nothing_is_changed(text: str) -> None:
    assert applied(made(), failed("weight", "lib/b.py"), {"lib/b.py": text}) == {}
    assert applied(made(), failed("weight", "gone.py"), {"lib/b.py": text}) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a.py": "x\n"}, {"a.py": "x\n"}),
        ({"a.py": "x\n"}, {}),
        ({}, {"a.py": "x\n"}),
        ({"a.py": "x\n" * 60}, {"a.py": "y\n" * 60}),
        ({f"{n}.py": "x\n" for n in range(4)}, {f"{n}.py": "y\n" for n in range(4)}),
    ],
    ids=["nothing", "a file gone", "a new file", "too many lines", "too many files"],
)
def test_what_is_no_small_change_of_text_is_no_pattern(before: dict[str, str], after: dict[str, str]) -> None:
    assert generalised(failed("x", "a.py"), before, after, context=WHERE, proof="pytest") is None


def test_text_that_looks_like_a_gap_of_a_pattern_does_no_harm() -> None:
    finding = Finding(rule="ruff/F523", message="a format has gaps", path="a.py")
    before, after = {"a.py": "x = 1\ny = '{0}'.format(x)\n"}, {"a.py": "x = 1\ny = '{0}!'.format(x)\n"}
    pattern = generalised(finding, before, after, context=WHERE, proof="ruff")
    assert pattern is not None
    assert applied(pattern, finding, before) in ({}, after)
