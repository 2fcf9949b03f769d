"""From a request to an AppSpec: what it names is in the app, nothing is dropped, and it is always the same."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gencode_graph.blueprint.analysis import analyse, check_request
from gencode_graph.errors import RequestError
from gencode_graph.spec import AppSpec, DashboardPage

DEMO = "Create a bug tracking system with projects, issues, comments and labels"

ASKED: dict[str, set[str]] = {
    "A recipe box": {"recipe"},
    "bug tracker": {"issue", "project", "label", "comment"},
    "A library system to track books, members and loans": {"book", "member", "loan"},
    "A simple CRM with companies, contacts and deals": {"company", "contact", "deal"},
    "Manage gliders, voyages and star charts": {"glider", "voyage"},
    "An app for beekeepers to track hives, inspections and harvests": {"hive", "inspection", "harvest"},
    "A hospital scheduling app with doctors, patients and appointments": {"doctor", "patient", "appointment"},
    "Crie um aplicativo para gerenciar tarefas e projetos": {"task", "project"},
    "Erstelle eine Anwendung zur Verwaltung von Kunden und Rechnungen": {"customer", "invoice"},
    "Crear una aplicación de gestión de libros y autores": {"book", "author"},
    "A vehicle rental system with cars and rentals": {"vehicle", "rental"},
    "A meteorite catalog": {"meteorite"},
}


def names(spec: AppSpec) -> set[str]:
    return {entity.name for entity in spec.entities}


@pytest.mark.parametrize("request_text", ASKED)
def test_what_a_request_names_is_in_the_app(request_text: str) -> None:
    assert names(analyse(request_text)) >= ASKED[request_text]


def test_the_demo_has_exactly_what_it_asks_for_and_the_people() -> None:
    spec = analyse(DEMO)
    assert names(spec) == {"project", "issue", "comment", "label", "user"}
    assert {r.status for r in spec.requirements} == {"met"}
    assert [r.text for r in spec.requirements] == [
        "Create a bug tracking system", "with projects", "issues", "comments", "labels",
    ]  # fmt: skip
    assert {p.path for p in spec.pages} >= {"/", "/issues", "/issues/$id", "/board", "/projects", "/labels"}
    assert (spec.archetype, spec.vibe, spec.user) == ("project_management", "minimal", "user")
    assert spec.entity("comment").part_of == "issue"


def test_an_app_is_rich_enough_to_look_at() -> None:
    spec = analyse(DEMO)
    dashboard = next(p for p in spec.pages if isinstance(p, DashboardPage))
    assert 5 <= len(dashboard.widgets) <= 9
    assert len(spec.seeds["issue"]) >= 12
    assert {row["status"] for row in spec.seeds["issue"]} == {o.value for o in spec.entity("issue").fields[2].options}
    days = {float(row["created_at"][1:-1]) // 7 for row in spec.seeds["issue"]}
    assert len(days) >= 3, "the charts need rows of several weeks"


def test_what_is_chosen_wins_over_what_is_guessed() -> None:
    spec = analyse(DEMO, archetype="saas_app", vibe="glass")
    assert (spec.archetype, spec.vibe) == ("saas_app", "glass")


def test_the_same_request_gives_the_same_spec() -> None:
    assert analyse(DEMO).model_dump_json() == analyse(f"  {DEMO}\n").model_dump_json()


def test_an_analysis_takes_a_moment() -> None:
    analyse("A recipe box with ratings")
    started = time.process_time()
    analyse(DEMO)
    assert time.process_time() - started < 0.2


def test_all_prompts_give_sound_apps_with_everything_accounted_for(prompts: dict[str, str]) -> None:
    for prompt in prompts.values():
        spec = analyse(prompt)
        assert spec.requirements
        assert all(r.evidence for r in spec.requirements)
        assert AppSpec.model_validate_json(spec.model_dump_json(exclude_defaults=True)) == spec


def test_unrelated_requests_do_not_become_one_app(prompts: dict[str, str]) -> None:
    found = {key: names(analyse(prompt)) for key, prompt in prompts.items()}
    close = [(a, b) for a, b in combinations(found, 2) if len(found[a] & found[b]) >= 0.5 * len(found[a] | found[b])]
    assert len(close) <= 0.05 * len(list(combinations(found, 2))), close


HARD = ["class", "order", "group", "import", "type", "index", "page", "item", "metadata", "model", "event", "data"]


@pytest.mark.parametrize("noun", HARD)
def test_words_that_code_reserves_make_sound_apps(noun: str) -> None:
    spec = analyse(f"Manage {noun}s and {noun} notes, with a {noun} and a name for each {noun}")
    assert spec.entities


@pytest.mark.parametrize(
    "text", ["asdf qwer", "42", "???!", "x", "....a", "私は", "É", "please", "the of and", "a" * 300]
)
def test_nonsense_gives_a_small_honest_app(text: str) -> None:
    if not any(c.isalnum() for c in text):
        with pytest.raises(RequestError):
            analyse(text)
        return
    spec = analyse(text)
    assert len(spec.entities) == 1
    assert {r.status for r in spec.requirements} == {"unclear"}


WORDS = st.sampled_from(
    [
        "manage",
        "track",
        "log",
        "with",
        "and",
        "or",
        ",",
        ".",
        "(",
        ")",
        ":",
        "a",
        "the",
        "their",
        "each",
        "has",
        "users",
        "that",
        "tags",
        "of",
        "in",
        "per",
        "books",
        "class",
        "order",
        "items",
        "import",
        "type",
        "date",
        "price",
        "status",
        "name",
        "called",
        "using",
        "React",
        "CLI",
        "API",
        "random",
        "pastel",
        "blue",
        "dark",
        "recipes",
        "label",
        "labels",
        "projects",
        "comment",
        "photo",
        "rating",
        "number",
        "group",
        "page",
        "index",
        "team",
        "members",
        "assign",
        "by",
        "status",
        "category",
        "5",
        "e.g.",
        "data",
        "model",
        "settings",
        "list",
        "create",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join))
def test_any_string_of_words_gives_a_sound_app(text: str) -> None:
    try:
        accepted = check_request(text)
    except RequestError:
        return
    assert analyse(accepted).requirements


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120))
def test_any_accepted_text_gives_a_sound_app(text: str) -> None:
    try:
        accepted = check_request(text)
    except RequestError:
        return
    assert analyse(accepted).entities
