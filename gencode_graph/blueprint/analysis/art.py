"""Pictures for demo data: small drawn gradients as inline SVG, so that no seed needs a network."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

IMAGE_LENGTH = 2000
"""``max_length`` of image fields whose seeds are drawn here."""
_SAFE = " =:/(),.'"


def cover(name: str, *, portrait: bool = False) -> str:
    """A ``data:image/svg+xml`` picture for a name, under 900 characters; the same name gives the same picture."""
    dice = sha256(name.encode()).digest()
    hue, turn, x, y, radius = dice[0] * 360 // 256, 40 + dice[1] % 80, dice[2] % 300, dice[3] % 300, 60 + dice[4] % 90
    width, height = (300, 400) if portrait else (400, 300)
    letter = next((c.upper() for c in name if c.isalnum() and c.isascii()), "")
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>"
        f"<defs><linearGradient id='g' x2='1' y2='1'><stop stop-color='hsl({hue},58%,52%)'/>"
        f"<stop offset='1' stop-color='hsl({(hue + turn) % 360},62%,34%)'/></linearGradient></defs>"
        f"<rect width='{width}' height='{height}' fill='url(#g)'/>"
        f"<circle cx='{x}' cy='{y}' r='{radius}' fill='hsl({(hue + turn // 2) % 360},70%,70%)' opacity='.28'/>"
        f"<circle cx='{width - x // 2}' cy='{height - y // 3}' r='{radius // 2}' fill='hsl({hue},70%,82%)'"
        f" opacity='.22'/><text x='{width // 2}' y='{height // 2 + 38}' font-family='Georgia,serif' font-size='110'"
        f" text-anchor='middle' fill='hsl({hue},60%,96%)' opacity='.85'>{letter}</text></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe=_SAFE)
