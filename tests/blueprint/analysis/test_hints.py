"""Figures that the knowledge asks for come before derived ones, and only where the app has what they need."""

from __future__ import annotations

from gencode_graph.blueprint.analysis import analyse
from gencode_graph.spec import DashboardPage, Widget


def _figures(request: str) -> list[Widget]:
    return list(next(page for page in analyse(request).pages if isinstance(page, DashboardPage)).widgets)


def test_income_and_spending_are_not_added_up() -> None:
    figures = _figures("Log income and expenses by category")
    assert [(w.title, w.where) for w in figures[:2]] == [
        ("Income", {"kind": ("income",)}),
        ("Spending", {"kind": ("expense",)}),
    ]
    assert not any(w.kind == "stat" and w.of == "amount" and not w.where for w in figures)


def test_a_ranking_by_what_is_not_there_is_left_out() -> None:
    assert any(w.title == "Hours by project" for w in _figures("Track time entries of projects"))
    assert not any(w.title == "Hours by project" for w in _figures("A timesheet"))


def test_the_course_of_time_stays_the_first_chart() -> None:
    charts = [w.kind for w in _figures("A workout tracker") if w.kind != "stat"]
    assert charts[0] == "timeseries"
