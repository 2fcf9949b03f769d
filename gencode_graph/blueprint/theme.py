"""Vibe and hue -> colour tokens of the pages, light and dark, with AA contrast by construction."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from gencode_graph.spec import Vibe

AA = 4.6
"""Contrast of text that is aimed for; AA asks for 4.5."""


@dataclass(frozen=True)
class Colour:
    """A colour in oklch."""

    l: float  # noqa: E741
    c: float
    h: float

    def __str__(self) -> str:
        return f"oklch({self.l:.3f} {self.c:.3f} {self.h:.0f})".replace("0.000", "0")

    def with_l(self, l: float) -> Colour:  # noqa: E741
        return Colour(round(l, 3), self.c, self.h)


def _linear(colour: Colour) -> tuple[float, float, float]:
    a, b = colour.c * cos(radians(colour.h)), colour.c * sin(radians(colour.h))
    long = (colour.l + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.l - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.l - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, x)) for x in (red, green, blue))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Relative luminance, 0..1, of the colour as a screen shows it."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: Colour, *grounds: Colour, ratio: float = AA) -> Colour:
    """The colour, made darker or lighter until it can be read on all the grounds."""
    step = -0.005 if luminance(grounds[0]) > 0.18 else 0.005
    found = colour
    while min(contrast(found, g) for g in grounds) < ratio and 0 < found.l < 1:
        found = found.with_l(found.l + step)
    return found


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a vibe changes."""

    radius: str
    tint: float = 0.004
    """Chroma of the neutral surfaces."""
    strength: float = 0.185
    """Chroma of the main colour."""
    light: float = 1.0
    """Lightness of the page in light mode."""
    dark: float = 0.165
    """Lightness of the page in dark mode."""
    primary: tuple[float, float] = (0.525, 0.57)
    """Lightness of the main colour in light and dark mode, before it is made readable."""
    font: str = "Inter"
    package: str = "inter"
    start: str = "system"
    """The theme before anybody chooses one."""


LOOKS: dict[Vibe, Look] = {
    "minimal": Look(radius="0.625rem"),
    "dark": Look(radius="0.5rem", tint=0.012, dark=0.13, primary=(0.5, 0.56), start="dark"),
    "glass": Look(radius="1rem", tint=0.012, light=0.965, dark=0.17),
    "playful": Look(radius="1.1rem", tint=0.012, light=0.985, strength=0.21, font="Nunito", package="nunito"),
    "bold": Look(radius="0.25rem", tint=0.003, strength=0.23, font="Space Grotesk", package="space-grotesk"),
    "pastel": Look(
        radius="0.9rem", tint=0.016, light=0.978, strength=0.11, primary=(0.83, 0.8), font="Nunito", package="nunito"
    ),
}


def tokens(vibe: Vibe, hue: int, *, dark: bool) -> dict[str, Colour]:
    """Name of the CSS variable -> colour."""
    look = LOOKS[vibe]
    return _dark(look, vibe, hue) if dark else _light(look, vibe, hue)


def _light(look: Look, vibe: Vibe, hue: int) -> dict[str, Colour]:
    tint, base = look.tint, look.light
    white = Colour(1, 0, 0)
    ink = Colour(0.12 if vibe == "bold" else 0.21, min(0.012 + tint, 0.03), hue)
    page = Colour(base, 0 if base == 1 else tint, hue)
    muted = Colour(min(0.968, base - 0.02), tint, hue)
    accent = Colour(0.955 if base > 0.98 else 0.94, tint + 0.006, hue)
    edge = 0.922 if base > 0.98 else 0.9
    grounds = (page, white, muted, accent)
    return {
        "background": page,
        "foreground": ink,
        "card": white,
        "popover": white,
        **_primary(look, hue, look.primary[0], grounds),
        "secondary": muted.with_l(muted.l - 0.003),
        "secondary-foreground": ink.with_l(ink.l + 0.05),
        "muted": muted,
        "muted-foreground": readable(Colour(0.52, 0.014 + tint, hue), *grounds),
        "accent": accent,
        "accent-foreground": ink,
        "destructive": readable(Colour(0.57, 0.2, 26), white, muted),
        "destructive-foreground": Colour(0.99, 0, 0),
        "border": Colour(edge, tint, hue),
        "input": Colour(0.4 if vibe == "bold" else edge - 0.027, tint + 0.002, hue),
        "ring": Colour(0.6, look.strength - 0.02, hue),
        "sidebar": Colour(base - 0.017, tint * 0.6 + 0.001, hue),
        "sidebar-foreground": ink.with_l(0.36),
        "sidebar-accent": accent.with_l(accent.l - 0.014),
        **_charts(hue, look, 0.55, 0.68),
    }


def _dark(look: Look, vibe: Vibe, hue: int) -> dict[str, Colour]:
    tint, base = min(look.tint, 0.016) + 0.003, look.dark
    ink = Colour(0.955, 0.004, hue)
    page = Colour(base, tint, hue)
    card = Colour(base + 0.034, tint + 0.001, hue)
    muted = Colour(base + 0.085, tint + 0.002, hue)
    accent = Colour(base + 0.105, tint + 0.006, hue)
    edge = base + 0.11
    grounds = (page, card, muted, accent)
    return {
        "background": page,
        "foreground": ink,
        "card": card,
        "popover": Colour(base + 0.055, tint + 0.002, hue),
        **_primary(look, hue, look.primary[1], grounds),
        "secondary": Colour(base + 0.1, tint + 0.002, hue),
        "secondary-foreground": ink.with_l(0.94),
        "muted": muted,
        "muted-foreground": readable(Colour(0.7, 0.012 + tint / 2, hue), *grounds),
        "accent": accent,
        "accent-foreground": ink,
        "destructive": Colour(0.56, 0.2, 25),
        "destructive-foreground": Colour(0.99, 0, 0),
        "border": Colour(edge, tint + 0.002, hue),
        "input": Colour(0.6 if vibe == "bold" else edge + 0.04, tint + 0.003, hue),
        "ring": Colour(0.62, look.strength - 0.02, hue),
        "sidebar": Colour(base + 0.02, tint, hue),
        "sidebar-foreground": Colour(0.83, 0.008, hue),
        "sidebar-accent": Colour(base + 0.09, tint + 0.006, hue),
        **_charts(hue, look, 0.66, 0.74),
    }


def _primary(look: Look, hue: int, lightness: float, grounds: tuple[Colour, ...]) -> dict[str, Colour]:
    white, ink = Colour(0.99, 0, 0), Colour(0.2, 0.04, hue)
    colour = Colour(lightness, look.strength, hue)
    text = white if lightness < 0.7 else ink
    return {
        "primary": readable(colour, white) if text is white else colour,
        "primary-foreground": text,
        "link": readable(Colour(0.55, min(look.strength, 0.17), hue), *grounds, ratio=5.4),
    }


def _charts(hue: int, look: Look, first: float, second: float) -> dict[str, Colour]:
    apart = [h for h in (165, 72, 320, 25, 230) if 50 <= abs(h - hue) % 360 <= 310]
    return {
        "chart-1": Colour(first, max(look.strength, 0.13), hue),
        "chart-2": Colour(second, 0.14, apart[0]),
        "chart-3": Colour(second + 0.06, 0.15, apart[1]),
    }


def hexadecimal(colour: Colour) -> str:
    """The colour for files that do not know oklch: ``#5b5bd6``."""
    red, green, blue = (round(255 * _encoded(x)) for x in _linear(colour))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _encoded(x: float) -> float:
    return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055
