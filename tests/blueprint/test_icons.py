"""Icon names become components."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint import icons


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("circle-dot", "CircleDotIcon"),
        ("columns-3", "Columns3Icon"),
        ("no-such-icon", "CircleIcon"),
        ("../evil", "CircleIcon"),
        (None, "CircleIcon"),
    ],
)
def test_unknown_icons_are_circles(name: str | None, component: str) -> None:
    assert icons.component(name) == component


def test_every_name_is_an_identifier() -> None:
    assert all(icons.component(name).isidentifier() for name in icons.known())
