"""What is said of each piece of a request: met with evidence, unmet with a reason, or unclear."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis import analyse


def said(request: str) -> dict[str, str]:
    return {r.text: r.status for r in analyse(request).requirements}


UNMET = {
    "Create a file explorer CLI tool": "command-line",
    "A recipe app, it reads prices using the Frankfurter API": "outside service",
    "A notes app, with user accounts": "passwords",
    "A notes app. It syncs across devices": "synchronised",
    "A plant app. It sends notifications": "notifications",
    "Start a countdown timer": "clock",
    "Resize images": "pictures",
    "Store tasks in local storage": "database on the server",
    "Build a task list in Node.js": "React and TypeScript",
    "Show tasks in real time": "after the next load",
    "We are writing snake in python": "no game",
    "Assign chores randomly": "by itself",
    "Find players nearby": "no distance",
    "Export tasks to CSV": "exported",
    "Recommend recipes": "no such logic",
    "Buatkan aplikasi inventaris barang dalam Bahasa Indonesia": "English",
}


@pytest.mark.parametrize("request_text", UNMET)
def test_what_the_app_does_not_do_is_said_with_the_reason(request_text: str) -> None:
    reasons = [why for r in analyse(request_text).requirements if r.status == "unmet" for why in r.evidence]
    assert any(UNMET[request_text] in why for why in reasons), reasons


def test_what_the_app_has_is_met_with_its_place() -> None:
    found = {r.text: r for r in analyse("A recipe box with a search, a dashboard and dark mode").requirements}
    assert {r.status for r in found.values()} == {"met"}
    assert "page /" in found["a dashboard"].evidence


def test_what_is_to_be_left_out_is_met_by_being_left_out() -> None:
    found = said("A plant diary. Avoid using AI, ML, or external APIs.")
    assert {found["Avoid using AI"], found["ML"], found["external APIs"]} == {"met"}


def test_strange_words_are_unclear() -> None:
    assert said("A recipe box. It wibbles the frobnicator quux.")["It wibbles the frobnicator quux"] == "unclear"


def test_records_named_like_a_feature_are_met() -> None:
    assert said("Manage board games")["Manage board games"] == "met"


def test_no_word_of_a_request_is_dropped() -> None:
    request = (
        "A gym app where members book spots; trainers plan classes (yoga, boxing), with a calendar and weekly reports"
    )
    text = " ".join(r.text for r in analyse(request).requirements)
    for word in ("members", "spots", "trainers", "yoga", "calendar", "reports"):
        assert word in text


def test_a_very_long_list_is_still_answered() -> None:
    asked = analyse("Manage stones, " + ", ".join(f"thing {n} of the list" for n in range(400))).requirements
    assert len(asked) < 200
    assert all(len(r.text) <= 300 for r in asked)
