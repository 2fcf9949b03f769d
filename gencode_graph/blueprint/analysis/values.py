"""Values of demo rows, by the type and the name of a field."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from gencode_graph.blueprint.analysis.art import cover
from gencode_graph.blueprint.analysis.dice import pick, roll
from gencode_graph.blueprint.analysis.people import email, person, plain
from gencode_graph.blueprint.analysis.samples import sample
from gencode_graph.spec import FieldSpec

PAST = re.compile(
    r"born|birth|join|hire|purchas|bought|acquir|start|since|publish|releas|issued|last|open|receiv|planted|adopt"
    r"|found|creat|visited|read_on|finished|complet|paid_|served|service_date|happened|spotted|logged"
)
FUTURE = re.compile(
    r"due|deadline|until|expir|renew|next|end|target|return|remind|warranty|upcoming|follow|closes|valid"
)


def days(value: object) -> float:
    """``@-3.2d`` -> -3.2."""
    return float(str(value)[1:-1])


def when(value: float) -> str:
    """-3.2 -> ``@-3.2d``."""
    return f"@{round(value, 2):g}d" if abs(value) < 99999 else "@0d"


UPCOMING = re.compile(
    r"start|begin|kickoff|takes_place|scheduled|arriv|check_in|pickup|departs|opens|event_date|booked_for"
)
_RARE = frozenset(
    ["cancelled", "canceled", "rejected", "lost", "no_show", "archived", "former", "refunded", "broken", "failed"]
)


def value(
    field: FieldSpec, index: int, row: Mapping[str, Any], owner: str, *, created: float, closed: bool | None
) -> Any:
    """A fitting value, or None where the field may stay empty and this row leaves it so.

    ``closed``: whether the row has reached the end of its workflow; None where it has none.
    """
    at = (owner, field.name, index)
    title = str(row.get("$title", ""))
    match field.type:
        case "enum":
            return _option(field, at)
        case "boolean":
            return roll(*at) < (0.75 if field.default else 0.35)
        case "rating":
            return pick((3, 4, 4, 5, 5, 2, 4), *at)
        case "integer" | "decimal" | "money":
            return _number(field, at)
        case "date" | "datetime":
            return _moment(field, at, created=created, closed=closed)
        case "image":
            return cover(title or f"{owner} {index}", portrait=owner in ("book", "movie", "film"))
        case "email":
            return email(title or person(index))
        case "url":
            return f"https://example.com/{plain(title) or plain(owner)}"
        case "phone":
            return f"+44 20 7946 {int(roll(*at) * 1000):04d}"
        case _:
            return sample(field, index, title, owner)


def _option(field: FieldSpec, at: tuple[object, ...]) -> str:
    values = [option.value for option in field.options]
    if len(values) > 2 and roll(*at, "rare") < 0.6:
        values = [v for v in values if v not in _RARE] or values
    return values[at[2] % len(values)] if roll(*at) < 0.5 and isinstance(at[2], int) else pick(values, *at)


_SCALES = (
    (re.compile(r"price|cost|fee|rate|budget|amount|total|salary|value|balance|income|revenue|deposit"), (8, 480)),
    (re.compile(r"year"), (1998, 2025)),
    (re.compile(r"percent|progress|completion|humidity|battery"), (5, 100)),
    (re.compile(r"score|level|points"), (1, 100)),
    (re.compile(r"mileage|odometer"), (4200, 98000)),
    (re.compile(r"weight"), (2, 90)),
    (re.compile(r"temperature"), (12, 28)),
    (re.compile(r"calor"), (120, 760)),
    (re.compile(r"minutes|duration|length"), (10, 90)),
    (re.compile(r"hours"), (1, 9)),
    (re.compile(r"pages"), (120, 640)),
    (re.compile(r"capacity|seats"), (6, 40)),
    (re.compile(r"distance|_km|miles"), (2, 42)),
    (re.compile(r"quantity|stock|count|copies"), (1, 120)),
    (re.compile(r"age$"), (1, 60)),
    (re.compile(r"floor|position|order|rank|interval|repetition"), (1, 9)),
)


def _number(field: FieldSpec, at: tuple[object, ...]) -> int | float:
    low, high = next((scale for pattern, scale in _SCALES if pattern.search(field.name)), (1, 60))
    bottom: float = max(low, field.min) if field.min is not None else low
    top: float = min(high, field.max) if field.max is not None else high
    if bottom > top:
        bottom, top = (field.min or 0), (field.max if field.max is not None else (field.min or 0) + 10)
    raw: float = bottom + roll(*at) ** 1.4 * (top - bottom)
    if field.type == "integer":
        return min(int(top), max(math.ceil(bottom), round(raw)))
    if field.type == "money":
        cents = round(raw * 2) / 2 if raw > 20 else round(raw, 2)
        return cents if bottom <= cents <= top else round(raw, 2)
    short = round(raw, 1 if top - bottom > 5 else 3)
    return short if bottom <= short <= top else bottom


def _moment(field: FieldSpec, at: tuple[object, ...], *, created: float, closed: bool | None) -> str | None:
    name, die = field.name, roll(*at)
    if not field.required and roll(*at, "empty") < 0.15:
        return None
    if "birth" in name or "born" in name:
        return f"{1958 + int(die * 46)}-{1 + int(roll(*at, 'm') * 12):02d}-{1 + int(roll(*at, 'd') * 28):02d}"
    if closed is False and UPCOMING.search(name):
        offset = 0.2 + die * 18
    elif FUTURE.search(name):
        offset = -10 + die * 8 if closed else -4 + die * 28
    elif PAST.search(name):
        offset = min(created, -1.0) - die * (6 if field.type == "datetime" else 90)
    elif closed:
        offset = created + die * max(0.0, -created)
    else:
        offset = created + die * 1.5 if created < -1.5 else created
    whole = field.type == "date"
    return when(round(offset) if whole else round(offset * 48) / 48)
