"""Kinds of records that nobody described: fields that suit the word, and those that the request names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gencode_graph.blueprint.analysis import notation
from gencode_graph.blueprint.analysis.knowledge import Concept, read
from gencode_graph.spec import FieldSpec
from gencode_graph.spec_names import ENTITY_WORDS

_FILE = Path(__file__).with_name("kinds.yaml")
_COUNTED = frozenset(["inventory", "stock", "quantity", "supply", "count", "warehouse"])
_PRICED = frozenset(["price", "sell", "buy", "cost", "shop", "worth", "expensive", "store", "marketplace", "auction"])
_JUDGED = frozenset(["rate", "rating", "rank", "ranking", "favorite", "favourite", "star"])


def invent(phrase: str, taken: set[str], context: frozenset[str], told: Sequence[FieldSpec] = ()) -> Concept:
    """A concept for a noun phrase in the singular; ``context``: the words of the request."""
    kind, plan = _plan(phrase)
    plan["fields"] = fields = dict(plan["fields"])
    if kind in ("thing", "machine") and context & _COUNTED:
        fields["quantity"] = "integer min=0 default=1"
    if kind in ("thing", "machine") and context & _PRICED:
        fields["price"] = "money min=0"
    if context & _JUDGED and kind not in ("person", "order"):
        fields["rating"] = "rating"
    made = _told([notation.field(name, text) for name, text in fields.items()], told)
    return Concept.model_validate(
        {**plan, **_kept(plan, made), "name": free_name(phrase, taken), "words": [phrase[:60]]}
    )


def free_name(phrase: str, taken: set[str]) -> str:
    """A name for an entity that is neither reserved nor taken: ``class`` -> ``class_entry``."""
    name = re.sub(r"[^a-z0-9]+", "_", phrase.lower()).strip("_")[:30].strip("_")
    if not name or not name[0].isalpha():
        name = f"kept_{name}".strip("_")
    for candidate in (name, f"{name}_entry", f"{name}_record", f"own_{name}"):
        if candidate not in ENTITY_WORDS and candidate not in taken:
            return candidate
    return f"{name}_{len(taken)}"


def kind_of(phrase: str) -> str:
    """The kind that a noun belongs to: ``person``, ``event``, ``place`` ..., ``thing``."""
    return _plan(phrase)[0]


def _plan(phrase: str) -> tuple[str, dict[str, Any]]:
    last = phrase.lower().split(" ")[-1]
    for kind, entry in read(_FILE).items():
        nouns = str(entry["nouns"]).split()
        if not nouns or last in nouns or any(len(noun) > 4 and last.endswith(noun) for noun in nouns):
            return kind, {"invented": kind, **{k: v for k, v in entry.items() if k != "nouns"}}
    raise AssertionError("the last kind takes every noun")


def _told(fields: Sequence[FieldSpec], told: Sequence[FieldSpec]) -> list[FieldSpec]:
    """The generic fields, replaced and followed by what the request names; many told ones push generic ones out."""
    title = fields[0]
    first = next((f for f in told if f.name in ("name", "title")), None)
    if first is not None:
        title = title.model_copy(update={"name": first.name, "label": first.label})
    named, kinds = {f.name for f in told}, {f.type for f in told}
    rest = [
        f for f in fields[1:] if f.name not in named and (f.required or len(told) < 3 or f.type not in kinds | _SPARE)
    ]
    return [title, *(f for f in told if f is not first and f.name != title.name), *rest]


_SPARE = {"date", "rating", "string"}


def _kept(plan: Mapping[str, Any], fields: Sequence[FieldSpec]) -> dict[str, Any]:
    """The parts of a kind's plan that still fit the fields."""
    options = {f.name: {o.value for o in f.options} for f in fields}
    flow = plan.get("workflow") or {"field": "", "final": ()}
    final = [v for v in flow["final"] if v in options.get(flow["field"], ())]
    moves = bool(final) and len(final) < len(options[flow["field"]])
    calendar, board = plan.get("calendar"), plan.get("board")
    return {
        "fields": tuple(fields),
        "title": fields[0].name,
        "workflow": {"field": flow["field"], "final": final} if moves else None,
        "board": board if options.get(str(board)) else None,
        "calendar": calendar if any(f.name == calendar and f.type in ("date", "datetime") for f in fields) else None,
    }


def enriched(concept: Concept, told: Sequence[FieldSpec]) -> Concept:
    """A known concept with the further fields that the request names."""
    have = {f.name for f in concept.fields} | {r.name for r in concept.relations}
    have |= {name.split("_")[-1] for name in have} | {f.label.lower().replace(" ", "_") for f in concept.fields}
    more = [f for f in told if not have & {f.name, f.name.split("_")[-1]} and f.name not in ("name", "title")]
    return concept.model_copy(update={"fields": (*concept.fields, *more)[:28]}) if more else concept
