"""Operations applied to files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.llm.answers import Answer, Applied, Operation, apply, read_answer

OLD = "".join(f"line {number}\n" for number in range(60))


def do(*operations: Operation, **files: str) -> Applied:
    """What comes of operations; ``a_py`` is the file ``a.py``."""
    return apply(Answer(operations=operations), {name.replace("_", "."): text for name, text in files.items()})


def edit(search: str, replace: str, path: str = "a.py") -> Operation:
    return Operation(op="edit", path=path, search=search, content=replace)


def rules(applied: Applied) -> list[str]:
    return [finding.rule for finding in applied.findings]


def test_only_what_changed_is_given_back() -> None:
    applied = do(
        Operation(op="write", path="new.py", content="x\n"),
        Operation(op="write", path="b.py", content="same\n"),
        edit("one\n", "two\n"),
        Operation(op="delete", path="c.py"),
        Operation(op="rename", path="d.py", to="e.py"),
        Operation(op="shell", content="rm -rf /\n"),
        Operation(op="snippet", content="print(1)\n"),
        a_py="one\n", b_py="same\n", c_py="gone\n", d_py="moved\n",
    )  # fmt: skip
    assert applied.files == {"new.py": "x\n", "a.py": "two\n", "e.py": "moved\n"}
    assert applied.removed == ("c.py", "d.py")
    assert applied.findings == ()


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (Operation(op="fragment", path="a.py", content="x\n"), "answer/fragment"),
        (Operation(op="write", path="a.py", content="x\n# ... existing code ...\n"), "answer/fragment"),
        (Operation(op="write", path="new.py", content="x\n...\ny\n"), "answer/fragment"),
        (Operation(op="write", path="a.py", content="x\n", complete=False), "answer/cut-off"),
        (Operation(op="write", path="a.py", content="\n"), "answer/empty"),
        (Operation(op="write", path="a.py", content="line 1\nline 2\n"), "answer/shorter"),
        (Operation(op="write", path="a.py", content="# your code goes here\n" + OLD), "answer/placeholder"),
        (Operation(op="write", path="a.py", content="".join(f"line {n}\n" for n in range(0, 60, 3))), "answer/shorter"),
        (edit("line 99\n", "x\n"), "answer/not-found"),
        (edit("line 1\n", "x\n", path="none.py"), "answer/no-file"),
        (edit("", "x\n"), "answer/empty-search"),
        (edit("same\n", "x\n", path="b.py"), "answer/ambiguous"),
        (edit("line 1\n", "# ... existing code ...\n"), "answer/fragment"),
        (Operation(op="delete", path="none.py"), "answer/no-file"),
        (Operation(op="rename", path="none.py", to="x.py"), "answer/no-file"),
        (Operation(op="rename", path="a.py", to="b.py"), "answer/taken"),
        (Operation(op="edit", search="line 1\n", content="x\n"), "answer/no-path"),
        (Operation(op="write", path="/etc/passwd", content="x\n"), "path/absolute"),
        (Operation(op="write", path="../out.py", content="x\n"), "path/parent"),
        (Operation(op="write", path=".git/config", content="x\n"), "path/protected"),
        (Operation(op="rename", path="a.py", to="../a.py"), "path/parent"),
        (Operation(op="delete", path="~/x.py"), "path/absolute"),
    ],
)
def test_what_is_not_certain_is_a_finding_and_changes_nothing(operation: Operation, rule: str) -> None:
    applied = do(operation, a_py=OLD, b_py="same\nother\nsame\n")
    assert (applied.files, applied.removed) == ({}, ())
    (finding,) = applied.findings
    assert finding.rule.startswith(rule.split("/")[0] + "/")
    assert finding.severity == "error"
    if rule.startswith("answer/"):
        assert finding.rule == rule


def test_a_large_file_may_be_rewritten_shorter() -> None:
    new = "".join(f"another line {number}\n" for number in range(25))
    assert do(Operation(op="write", path="a.py", content=new), a_py=OLD).files == {"a.py": new}


def test_a_missed_edit_shows_the_nearest_lines() -> None:
    applied = do(edit("def greet(name):\n    return 1\n", "x\n"), a_py="import x\n\ndef greet(names):\n    return 1\n")
    assert applied.findings[0].hint == "nearest lines, from line 3:\ndef greet(names):\n    return 1"


@pytest.mark.parametrize(
    ("text", "search", "replace", "result"),
    [
        ("a\nb\nc\n", "b\n", "x\ny\n", "a\nx\ny\nc\n"),
        ("a\nb\nc\n", "b\n", "", "a\nc\n"),
        ("a\nb", "b\n", "x\n", "a\nx"),
        ("a  \nb\nc\n", "a\nb\n", "x\n", "x\nc\n"),
        (
            "def f():\n    if x:\n        y()\n",
            "if x:\n    y()\n",
            "if z:\n    y()\n",
            "def f():\n    if z:\n        y()\n",
        ),
        ("if x:\n    y()\n", "    if x:\n        y()\n", "    if z:\n        y()\n", "if z:\n    y()\n"),
        ("a\n\nb\n", "a\n\nb\n", "a\n\n\nb\n", "a\n\n\nb\n"),
        ("x = 1\n", "x = 1\n", "x = 1\n\n", "x = 1\n\n"),
    ],
)
def test_edits_fit_exactly_or_but_for_white_space(text: str, search: str, replace: str, result: str) -> None:
    assert do(edit(search, replace), a_py=text).files["a.py"] == result


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("a \na\t\n", "a\n"),
        ("    y()\n        y()\n", "y()\n"),
        ("if x:\n  y()\n", "if x:\n      y()\n"),
        ("a\n", "A\n"),
        ("abc\n", "b\n"),
    ],
)
def test_other_differences_are_never_guessed_away(text: str, search: str) -> None:
    applied = do(edit(search, "new\n"), a_py=text)
    assert applied.files == {}
    assert len(applied.findings) == 1


def test_the_finished_edits_of_a_cut_off_answer_are_made() -> None:
    text = "```edit path=a.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n<<<<<<< SEARCH\nc\n=======\nd"
    applied = apply(read_answer(text, finish="length"), {"a.py": "a\nc\n"})
    assert applied.files == {"a.py": "b\nc\n"}
    assert rules(applied) == ["answer/cut-off"]


def test_a_diff_is_applied_hunk_by_hunk() -> None:
    text = "```diff\n--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n@@ -50,2 +50,3 @@\n y\n+new\n z\n```\n"
    assert apply(read_answer(text), {"a.py": "a\nb\nc\ny\nz\n"}).files == {"a.py": "a\nB\nc\ny\nnew\nz\n"}


LINES = st.lists(st.sampled_from(["a", "b", "  a", "a ", ""]), max_size=8).map(lambda lines: "\n".join(lines) + "\n")


@given(LINES, LINES, LINES)
def test_an_edit_is_made_or_found_never_both(text: str, search: str, replace: str) -> None:
    applied = do(edit(search, replace), a_py=text)
    assert not (applied.files and applied.findings)


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(["a.py", "b.py"]), st.text(max_size=60)))
def test_any_answer_can_be_applied(text: str, files: dict[str, str]) -> None:
    swap = f"<<<<<<< SEARCH\n{text}\n=======\nx\n>>>>>>> REPLACE"
    wrapped = f"```py path=a.py\n{text}\n```\n```edit path=b.py\n{swap}\n```\nDELETE {text}"
    assert set(apply(read_answer(wrapped), files).removed) <= set(files)
