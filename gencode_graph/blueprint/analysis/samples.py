"""Sentences and short texts of demo rows, by the name of the field."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis.dice import pick
from gencode_graph.blueprint.analysis.invent import kind_of
from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.blueprint.analysis.people import person
from gencode_graph.spec import FieldSpec

_FILE = Path(__file__).with_name("samples.yaml")
_CODE = re.compile(r"code|number|serial|sku|reference|ref$|key|plate|licen[cs]e|isbn|vin|barcode|identifier")


@cache
def _texts(kind: str) -> tuple[str, ...]:
    found = read(_FILE)[kind]
    return tuple(found.split()) if isinstance(found, str) else tuple(map(str, found))


@cache
def _pools() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Part of a field's name, and what it may hold; nothing for names of people."""
    return tuple(
        (re.compile(str(pool["says"])), _texts("remarks") if pool["texts"] == ["$remarks"] else tuple(pool["texts"]))
        for pool in read(_FILE)["pools"]
    )


def title(label: str, index: int) -> str:
    """The name of a made-up record: ``Amber telescope``; the first 24 differ."""
    first = _texts("firsts")[index % len(_texts("firsts"))]
    return f"{first} {label[:1].lower() + label[1:] if label[1:2].islower() else label}"


def sample(field: FieldSpec, index: int, name: str, owner: str) -> str:
    """A short text for a ``string`` field, a sentence or two for a ``text`` field; within the field's limit."""
    limit = field.max_length or (140 if field.type == "string" else 5000)
    text = _text(field, index, name, owner)
    if len(text) > limit:
        text = text[:limit].rsplit(" ", 1)[0].rstrip(" ,.;") if " " in text[:limit] else text[:limit]
    if field.pattern and not re.fullmatch(field.pattern, text):
        return matching(field, index)
    return text.strip()


def _text(field: FieldSpec, index: int, name: str, owner: str) -> str:
    if field.type == "text" and not re.search(
        r"ingredient|instruction|steps|method|comment|message|reply|review", field.name
    ):
        return _texts("notes")[(index * 5 + len(field.name)) % len(_texts("notes"))]
    if _CODE.search(field.name):
        return f"{(owner[:2] or 'x').upper()}-{1040 + index * 7}"
    for pattern, pool in _pools():
        if pattern.search(field.name):
            return pick(pool, owner, field.name, index) if pool else person(index * 5 + len(owner))
    if kind_of(field.name.replace("_", " ")) == "person":
        return person(index * 5 + len(field.name))
    if field.name in ("name", "title") and name:
        return name
    if field.type == "text":
        return pick(_texts("notes"), owner, field.name, index)
    return title(field.label, index)


def matching(field: FieldSpec, index: int) -> str:
    """A text for a simple pattern: capitals and digits, or lower-case words; ``""`` where none of these fits."""
    numbers = f"{index + 1:02d}"
    letters = chr(65 + index % 26) + chr(65 + index * 7 % 26) + chr(65 + index * 11 % 26)
    hexes = f"{(index * 37 + 60) % 256:02x}{(index * 91 + 90) % 256:02x}{(index * 53 + 120) % 256:02x}"
    tries = (
        letters, letters + numbers, f"{letters}-{numbers}", letters.lower(), f"{letters.lower()}-{numbers}", numbers,
        f"{1000 + index}", f"10.0.{index % 8}.{index * 9 % 250 + 4}", f"#{hexes}", f"97801430{20000 + index * 7}",
        f"10.0.{index % 8}.0/24", ":".join(hexes[i % 6] + hexes[(i + 1) % 6] for i in range(6)),
        f"{letters[:2]}{numbers} {letters}", f"{8 + index % 10:02d}:30", f"{letters.lower()}{numbers}", letters[:2],
    )  # fmt: skip
    return next((t for t in tries if re.fullmatch(field.pattern or "", t) and len(t) <= (field.max_length or 140)), "")
