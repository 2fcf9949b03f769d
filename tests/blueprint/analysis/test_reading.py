"""What a request names: known things, unknown ones, their properties and their ties."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis import analyse
from gencode_graph.blueprint.analysis.reading import read


def test_the_longest_phrase_wins() -> None:
    assert "issue" in read("a bug tracking system").concepts


def test_verbs_are_no_things() -> None:
    assert "order" not in read("Users can order their books by date").concepts


def test_properties_become_fields() -> None:
    spec = analyse("A telescope catalog. Each telescope has a name, an aperture, a price, a due date and a photo")
    types = {f.name: f.type for f in spec.entity("telescope").fields}
    assert types["price"] == "money"
    assert types["due_date"] == "date"
    assert types["photo"] == "image"
    assert types["aperture"] == "string"


def test_properties_in_brackets_and_plurals_beside_them() -> None:
    spec = analyse("Manage meteorites (name, weight, fall date), museums and expeditions")
    assert {e.name for e in spec.entities} >= {"meteorite", "museum", "expedition"}
    assert {"weight", "fall_date"} <= {f.name for f in spec.entity("meteorite").fields}


def test_a_known_kind_keeps_its_fields_and_gets_the_named_ones() -> None:
    fields = {f.name for f in analyse("Manage projects with a name and a launch window").entity("project").fields}
    assert {"key", "status", "launch_window"} <= fields


@pytest.mark.parametrize(
    ("text", "owner", "target"),
    [
        ("Log rehearsals of operas", "rehearsal", "opera"),
        ("Organize meteorites into drawers", "meteorite", "drawer"),
        ("Catalog gliders and plan voyages of gliders", "voyage", "glider"),
    ],
)
def test_what_belongs_to_what_is_understood(text: str, owner: str, target: str) -> None:
    assert target in {r.target for r in analyse(text).entity(owner).relations}


def test_tags_can_be_many() -> None:
    tags = next(r for r in analyse("Manage meteorites with tags").entity("meteorite").relations)
    assert (tags.kind, tags.target) == ("many", "tag")


@pytest.mark.parametrize(
    ("request_text", "kind"),
    [
        ("A wedding planner with guests", "attendee"),
        ("A hotel with rooms and guests", "hotel_guest"),
        ("Flashcards for Spanish", "flashcard"),
        ("Flashcards for Kanji", "kanji_card"),
        ("A restaurant with tables and reservations", "table_reservation"),
        ("Members of a gym make reservations", "booking"),
    ],
)
def test_a_word_of_several_meanings_follows_its_context(request_text: str, kind: str) -> None:
    assert kind in read(request_text).concepts
