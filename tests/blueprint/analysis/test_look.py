"""Kind, look, colour and name of an app."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis import analyse


@pytest.mark.parametrize(
    ("request_text", "archetype"),
    [
        ("A bug tracking system", "project_management"),
        ("An online store with products and a cart", "ecommerce_store"),
        ("A blog with posts", "content_platform"),
        ("A landing page with testimonials", "landing_page"),
        ("An admin dashboard to monitor the inventory", "admin_dashboard"),
        ("A chat app with channels and messages", "realtime_collab"),
        ("A habit app", "saas_app"),
    ],
)
def test_the_kind_of_app_follows_from_the_words(request_text: str, archetype: str) -> None:
    assert analyse(request_text).archetype == archetype


@pytest.mark.parametrize(
    ("request_text", "vibe", "hue"),
    [
        ("A minimalist notes app with a pastel blue color scheme", "pastel", 255),
        ("A class calendar. GYM STYLE VISUALS PLEASE!", "bold", None),
        ("A recipe box with a dark theme", "dark", None),
        ("A recipe box in a glassmorphism style", "glass", None),
        ("A recipe box with green accents", "minimal", 148),
        ("A list of red wines", "minimal", None),
        ("A fun and playful pet diary", "playful", None),
    ],
)
def test_the_look_follows_from_the_words(request_text: str, vibe: str, hue: int | None) -> None:
    spec = analyse(request_text)
    assert spec.vibe == vibe
    assert hue is None or spec.hue == hue
    if "red wines" in request_text:
        assert spec.hue != 27


@pytest.mark.parametrize(
    ("request_text", "name"),
    [
        ("Create a bug tracking system", "Bug Tracker"),
        ("Build a subscription tracker called SubWatch that shows costs", "SubWatch"),
        ("A CRM for a gym to manage classes", "Gym CRM"),
        ("A simple, modern recipe app", "Recipe"),
        ("Keep my meteorites", "Meteorites"),
    ],
)
def test_the_name_is_what_people_would_say(request_text: str, name: str) -> None:
    assert analyse(request_text).name == name


def test_a_tagline_is_a_sentence_that_fits() -> None:
    assert 10 < len(analyse("A recipe box").tagline) <= 140
