"""Kinds of records that nobody described: fields that suit the word, and those that the request names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gencode_graph.blueprint.analysis import notation
from gencode_graph.blueprint.analysis.compose import free_name
from gencode_graph.blueprint.analysis.knowledge import Concept, FlowPlan
from gencode_graph.spec import FieldSpec

_PEOPLE = re.compile(
    r".*(patient|client|guest|tenant|donor|volunteer|parent|child|kid|friend|neighbou?r|relative|athlete|astronaut|pupil|owner"
    r"|[^aeiou]ist|ician|coach|chef|musician|librarian|guardian|captain|witness|hero|villain|monk|king|queen|agent|attendee|speaker"
    r"|teacher|driver|trainer|singer|dancer|writer|farmer|gardener|worker|lawyer|manager|mentor|sponsor|actor|doctor|director|supervisor|alumnus)"
)
_KINDS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    ("calendar-days", r".*(session|meeting|visit|trip|event|lesson|activity|inspection|experiment|workout|game|race|tournament|flight|hike|walk|tour"
     r"|concert|show|shift|rehearsal|lecture|workshop|class|appointment|booking|reservation|rental|match|delivery|repair|treatment|screening|exam|interview|drill|voyage|dive|launch|party|wedding|feeding|watering|harvest)",
     {"title": "string! max_length=140", "starts_at": "datetime!", "location": "string max_length=120",
      "status": "enum [planned blue calendar-clock | done green circle-check | cancelled slate circle-x] default=planned", "notes": "text max_length=2000"},
     {"calendar": "starts_at", "flow": "status:done,cancelled"}),
    ("eye", r".*(observation|sighting|reading|measurement|entry|log|record|sample|catch|result|symptom|dream|incident|attempt|score|check|moment|discovery|finding|encounter)",
     {"title": "string! max_length=140", "observed_on": "date!", "place": "string max_length=120", "rating": "rating", "notes": "text max_length=2000"},
     {"calendar": "observed_on"}),
    ("coins", r".*(payment|donation|invoice|expense|cost|fee|grant|salary|bill|purchase|sale|refund|loan|debt|tip|fine|investment|claim|quote|offer|bid)",
     {"title": "string! max_length=140", "amount": "money! min=0", "due_date": "date",
      "status": "enum [open amber circle-dashed | paid green circle-check | cancelled slate circle-x] default=open", "notes": "text max_length=2000"},
     {"flow": "status:paid,cancelled"}),
    ("folder", r".*(category|type|genre|group|folder|collection|team|section|topic|stage|shelf|series|tag|area|zone|theme|kind|class|family|season|era|list|set|album)",
     {"name": "string! unique max_length=80", "description": "text max_length=500",
      "color": "enum [slate slate | red red | amber amber | green green | blue blue | violet violet | pink pink] default=blue"}, {}),
    ("file-text", r".*(document|file|certificate|contract|article|paper|letter|story|poem|script|chapter|essay|report|draft|manual|guide|page|quote|idea|thought|prompt|template|snippet|lyric|joke|speech|policy|proposal|request|application|complaint|question|answer|suggestion)",
     {"title": "string! max_length=140", "content": "text max_length=5000",
      "status": "enum [draft slate pencil | in_review violet eye | final green circle-check] default=draft", "written_on": "date"},
     {"flow": "status:final", "board": "status"}),
    ("map-pin", r".*(room|location|site|venue|building|station|farm|garden|field|warehouse|aquarium|tank|hive|plot|trail|park|beach|cave|castle|museum|island|city|country|campsite|spot|destination|greenhouse|court|studio|office|branch|bed|planet|world)",
     {"name": "string! max_length=120", "location": "string max_length=120", "status": "enum [open green circle-check | busy amber clock | closed slate circle-x] default=open",
      "rating": "rating", "notes": "text max_length=2000"}, {}),
)  # fmt: skip
_PERSON = {
    "name": "string! max_length=80", "email": "email", "phone": "phone",
    "status": "enum [active green circle-check | paused amber circle-pause | former slate archive] default=active",
    "joined_on": "date", "notes": "text max_length=2000",
}  # fmt: skip
_THING = {
    "name": "string! max_length=120", "description": "text max_length=2000",
    "status": "enum [wanted violet heart | active green circle-check | stored slate archive] default=active",
    "acquired_on": "date",
}  # fmt: skip


def invent(phrase: str, taken: set[str], context: frozenset[str], told: Sequence[FieldSpec] = ()) -> Concept:
    """A concept for a noun phrase in the singular; ``context``: the words of the request."""
    name = free_name(re.sub(r"[^a-z0-9]+", "_", phrase.lower()).strip("_")[:30] or "thing", taken)
    icon, plan, more = _plan(phrase)
    plan = dict(plan)
    if context & {"inventory", "stock", "quantity", "supply"} and "amount" not in plan and icon == "box":
        plan["quantity"] = "integer min=0"
    if context & {"price", "sell", "buy", "cost", "shop", "worth", "value", "expensive"} and icon == "box":
        plan["price"] = "money min=0"
    if context & {"rate", "rating", "rank", "favorite", "favourite", "best"} and "rating" not in plan:
        plan["rating"] = "rating"
    fields = [notation.field(n, t) for n, t in plan.items()]
    fields = _told(fields, told)
    names = {f.name for f in fields}
    flow, _, final = more.get("flow", "").partition(":")
    options = {o.value for f in fields if f.name == flow for o in f.options}
    kept = tuple(v for v in final.split(",") if v in options)
    label = phrase[:1].upper() + phrase[1:]
    return Concept(
        name=name,
        words=(label[:60],),
        icon=icon,
        about=f"{label[:80]} entries: what there is, and how it stands."[:200],
        title=fields[0].name,
        look="cards" if icon == "map-pin" else "table",
        fields=tuple(fields),
        workflow=FlowPlan(field=flow, final=kept) if kept and len(options) > len(kept) else None,
        board=more["board"] if more.get("board") in names and kept else None,
        calendar=more["calendar"] if more.get("calendar") in names else None,
        invented=True,
    )


def _plan(phrase: str) -> tuple[str, dict[str, str], dict[str, str]]:
    last = phrase.lower().split(" ")[-1]
    if _PEOPLE.fullmatch(last):
        return "users", _PERSON, {}
    for icon, pattern, plan, more in _KINDS:
        if re.fullmatch(pattern, last):
            return icon, plan, more
    return "box", _THING, {}


def _told(fields: list[FieldSpec], told: Sequence[FieldSpec]) -> list[FieldSpec]:
    """The generic fields, replaced and followed by what the request names; many told ones push generic ones out."""
    named = {f.name for f in told}
    title = fields[0]
    first = next((f for f in told if f.name in ("name", "title")), None)
    if first is not None:
        title = title.model_copy(update={"name": first.name, "label": first.label})
    kinds = {f.type for f in told}
    rest = [
        f
        for f in fields[1:]
        if f.name not in named and not (len(told) >= 3 and f.type in kinds | {"date", "datetime", "rating", "string"})
    ]
    return [title, *(f for f in told if f is not first), *rest]


def enriched(concept: Concept, told: Sequence[FieldSpec]) -> Concept:
    """A known concept with the further fields that the request names."""
    have = {f.name for f in concept.fields} | {r.name for r in concept.relations}
    have |= {n.split("_")[-1] for n in have} | {f.label.lower().replace(" ", "_") for f in concept.fields}
    more = tuple(
        f for f in told if f.name not in have and f.name.split("_")[-1] not in have and f.name not in ("name", "title")
    )
    return concept.model_copy(update={"fields": (*concept.fields, *more)[:28]}) if more else concept
