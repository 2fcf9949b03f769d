"""Demo rows: every field and relation filled, varied, and always the same."""

from __future__ import annotations

from gencode_graph.blueprint.analysis import analyse

GYM = "A gym app with members, trainers, gym classes and class bookings"


def test_every_required_field_and_relation_is_filled_and_most_others() -> None:
    spec = analyse(GYM)
    for entity in spec.entities:
        rows = spec.seeds[entity.name]
        assert rows, entity.name
        for field in entity.fields:
            filled = sum(field.name in row for row in rows)
            assert filled >= (len(rows) if field.required else 1), f"{entity.name}.{field.name}"


def test_rows_of_a_main_kind_are_many_and_differ() -> None:
    spec = analyse("Catalog meteorites")
    rows = spec.seeds["meteorite"]
    assert 12 <= len(rows) <= 36
    assert len({row["name"] for row in rows}) == len(rows)


def test_told_links_are_kept() -> None:
    spec = analyse("Create a bug tracker with projects, issues and labels")
    projects = {row["$key"]: row["name"] for row in spec.seeds["project"]}
    crash = next(row for row in spec.seeds["issue"] if row["title"].startswith("App crashes"))
    assert projects[crash["project"]] == "Mobile app"


def test_rows_follow_their_parents() -> None:
    spec = analyse("Create a bug tracker with projects, issues and comments")
    born = {row["$key"]: float(row["created_at"][1:-1]) for row in spec.seeds["issue"]}
    for comment in spec.seeds["comment"]:
        assert float(comment["created_at"][1:-1]) >= born[comment["issue"]]


def test_no_text_is_a_placeholder() -> None:
    text = str(analyse("Catalog meteorites with notes and a curator").seeds).lower()
    assert "lorem" not in text
    assert "todo:" not in text


def test_rows_depend_on_the_company() -> None:
    plain = [row["name"] for row in analyse("Notes in categories").seeds["category"]]
    money = [row["name"] for row in analyse("Log expenses by category").seeds["category"]]
    assert "Groceries" in money
    assert "Groceries" not in plain


def test_only_logs_say_the_same_twice() -> None:
    spec = analyse("An event planner with guests and a gym with a class schedule")
    titles = [row["title"] for row in spec.seeds["event"]]
    assert len(set(titles)) == len(titles)
    classes = [row["title"] for row in spec.seeds["gym_class"]]
    assert len(set(classes)) < len(classes)
