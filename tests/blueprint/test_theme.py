"""Colours that can be read, whatever the vibe and the hue."""

from __future__ import annotations

from typing import get_args

import pytest

from gencode_graph.blueprint.theme import Colour, contrast, hexadecimal, readable, tokens
from gencode_graph.spec import Vibe

TEXT = {
    "foreground": ("background", "card", "popover", "muted", "accent"),
    "muted-foreground": ("background", "card", "muted", "accent"),
    "link": ("background", "card", "muted", "accent"),
    "primary-foreground": ("primary",),
    "destructive-foreground": ("destructive",),
    "sidebar-foreground": ("sidebar", "sidebar-accent"),
    "accent-foreground": ("accent",),
    "secondary-foreground": ("secondary",),
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("vibe", get_args(Vibe))
def test_text_reaches_aa_on_every_surface(vibe: Vibe, dark: bool) -> None:
    for hue in range(0, 361, 5):
        found = tokens(vibe, hue, dark=dark)
        for text, grounds in TEXT.items():
            for ground in grounds:
                ratio = contrast(found[text], found[ground])
                assert ratio >= 4.5, f"{vibe} {hue} {text} on {ground}: {ratio:.2f}"


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast(Colour(0, 0, 0), Colour(1, 0, 0)) == pytest.approx(21, abs=0.1)


def test_a_colour_is_darkened_only_as_far_as_it_has_to_be() -> None:
    white = Colour(1, 0, 0)
    found = readable(Colour(0.8, 0.1, 100), white)
    assert 4.6 <= contrast(found, white) < 4.8


def test_colours_are_written_for_css_and_for_svg() -> None:
    assert str(Colour(0.5, 0.1, 278)) == "oklch(0.500 0.100 278)"
    assert hexadecimal(Colour(1, 0, 0)) == "#ffffff"
