"""A new version that stops where the former one went on is found; a change is not."""

from __future__ import annotations

from gencode_graph.validation.former import shortened

FORMER = (
    "import a\n\n\ndef b():\n    c = a.d()\n    c.e()\n    return c\n\n\ndef f():\n    g = b()\n    h(g)\n    i(g)\n"
)


def severities(after: str, before: str = FORMER) -> list[str]:
    return [finding.severity for finding in shortened("a.py", before, after)]


def test_an_end_inside_a_block_is_an_error() -> None:
    assert severities(FORMER.removesuffix("    i(g)\n")) == ["error"]


def test_an_end_in_mid_line_is_an_error() -> None:
    assert severities(FORMER[: FORMER.index("h(g)") + 1]) == ["error"]


def test_a_change_before_the_lost_end_hides_nothing() -> None:
    assert severities(FORMER.removesuffix("    i(g)\n").replace("import a", "import a\nimport j")) == ["error"]


def test_whole_definitions_may_be_taken_out() -> None:
    assert severities(FORMER[: FORMER.index("def f")]) == ["warning"]


def test_a_lost_export_is_an_error() -> None:
    assert severities("const a = 1;\nconst b = 2;\n", "const a = 1;\nconst b = 2;\nexport default b;\n") == ["error"]


def test_changes_are_no_losses() -> None:
    assert severities(FORMER) == []
    assert severities(FORMER + "    j(g)\n") == []
    assert severities(FORMER.replace("    i(g)\n", "    i(g, 2)\n")) == []
    assert severities(FORMER.replace("    c.e()\n", "")) == []


def test_what_moved_is_not_lost() -> None:
    head, _, tail = FORMER.partition("def f")
    assert severities("def f" + tail + "\n" + head.rstrip() + "\n") == []
