"""Sentences and short texts of demo rows, by the name of the field."""

from __future__ import annotations

import re

from gencode_graph.blueprint.analysis.dice import pick
from gencode_graph.blueprint.analysis.people import person
from gencode_graph.spec import FieldSpec

_NOTES = (
    "Checked last week and found in order; the next look is due in a month.",
    "Worth coming back to when there is more time.",
    "Agreed with everybody involved, nothing open at the moment.",
    "The details changed twice, so please read them before the next step.",
    "A first version is enough; polish can follow later.",
    "Went better than expected. Keep doing it this way.",
    "Needs a second opinion before it is final.",
    "Asked for by several people, so it was moved up the list.",
    "Small but important: the rest depends on it.",
    "Done together with the team, with good results.",
    "Came up in the last meeting and is now written down here.",
    "Looks simple, yet took most of a morning.",
)
_REMARKS = (
    "Looks good to me.",
    "Could you add a short note on how this came about?",
    "I tried it this morning and it works as described.",
    "Thanks, that was quick.",
    "Let us talk about this on Monday.",
    "I would do it the other way round, but I see the point.",
    "Two small things are left, then it is ready.",
    "Happy to take this one over.",
)
_POOLS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"city|town|location|place|area|neighbou?rhood|district|region"), (
        "Riverside", "Old Town", "Harbour Quarter", "Northgate", "Green Park", "Station Road", "West End", "Hillside",
    )),
    (re.compile(r"address|street"), ("12 Mill Lane", "48 Station Road", "7 Orchard Close", "101 Harbour Street", "3 Park View")),
    (re.compile(r"country|origin|nationality"), ("Portugal", "Japan", "Kenya", "Canada", "Norway", "Chile", "Italy", "India")),
    (re.compile(r"company|organi[sz]ation|employer|vendor|supplier|manufacturer|brand|maker|provider|publisher|shop|store"), (
        "Northwind", "Brightwater", "Alder & Co", "Lumen Works", "Fieldstone", "Harbour Goods", "Copperleaf",
    )),
    (re.compile(r"author|owner|artist|director|instructor|teacher|host|contact|organi[sz]er|assigned|person|lead|seller|doctor|driver|customer|client|by$"), ()),
    (re.compile(r"colou?r"), ("Slate", "Forest green", "Navy", "Sand", "Crimson", "Ivory")),
    (re.compile(r"unit"), ("pcs", "kg", "box", "litre", "pack")),
    (re.compile(r"language"), ("English", "Spanish", "Japanese", "French", "Swahili")),
    (re.compile(r"size|dimension"), ("Small", "Medium", "Large", "Extra large")),
    (re.compile(r"material"), ("Oak", "Steel", "Linen", "Glass", "Bamboo")),
    (re.compile(r"phase|stage"), ("Planning", "Under way", "Review", "Closing")),
    (re.compile(r"breed|species|variety"), ("Tabby", "Border collie", "Monstera deliciosa", "Maine Coon", "Beagle")),
    (re.compile(r"ingredient"), ("Flour, eggs, milk, a pinch of salt", "Tomatoes, basil, olive oil, garlic", "Rice, lime, coriander, beans")),
    (re.compile(r"instruction|steps|method"), ("Prepare everything first, then work through it slowly and taste as you go.",)),
    (re.compile(r"comment|message|reply|answer|feedback|content|body|text|review|remark"), _REMARKS),
    (re.compile(r"question"), ("How does this work in practice?", "What should be done first?", "Who decides in the end?")),
)  # fmt: skip
_CODE = re.compile(r"code|number|serial|sku|reference|ref$|key|plate|licen[cs]e|isbn|vin|barcode|identifier")
_FIRSTS = (
    "Amber", "Cedar", "Harbour", "Juniper", "Meridian", "Nova", "Orchard", "Pioneer", "Quartz", "Raven", "Summit",
    "Willow", "Aurora", "Beacon", "Cobalt", "Drift", "Ember", "Fjord", "Granite", "Horizon", "Ivory", "Lantern",
    "Maple", "Opal",
)  # fmt: skip


def title(label: str, index: int) -> str:
    """The name of a made-up record: ``Amber telescope``; the first 24 differ."""
    first = _FIRSTS[index % len(_FIRSTS)]
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
        return _NOTES[(index * 5 + len(field.name)) % len(_NOTES)]
    if _CODE.search(field.name):
        return f"{(owner[:2] or 'x').upper()}-{1040 + index * 7}"
    for pattern, pool in _POOLS:
        if pattern.search(field.name):
            return pick(pool, owner, field.name, index) if pool else person(index * 5 + len(owner))
    if field.name in ("name", "title") and name:
        return name
    if field.type == "text":
        return pick(_NOTES, owner, field.name, index)
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
