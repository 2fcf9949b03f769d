"""An element that no page has: a component written small, or a tag misspelt."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.alike import closest
from gencode_graph.healing.web.bindings import names
from gencode_graph.healing.web.source import Repair, edited, over, repaired, root_of, script
from gencode_graph.types import Finding
from gencode_graph.validation.scripts import source_of, walk

_SAID = re.compile(r"^Property '([\w-]+)' does not exist on type 'JSX\.IntrinsicElements'")
_TAGS = frozenset(
    tag
    for line in (
        "a abbr address article aside audio b blockquote body br button canvas caption cite code col colgroup datalist",
        "dd del details dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr",
        "html i iframe img input ins kbd label legend li main map mark menu meter nav ol optgroup option output p",
        "picture pre progress q s samp search section select small source span strong sub summary sup table tbody td",
        "template textarea tfoot th thead time title tr track u ul var video",
        "circle defs ellipse g line path polygon polyline rect svg text use",
    )
    for tag in line.split()
)
_PARTS = ("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element")


def tag_name(finding: Finding, patient: Patient) -> Repair:
    """The script with the component that the tag is called like, else with the tag that is close."""
    at, said = script(finding, patient), _SAID.search(finding.message)
    if at is None or said is None or finding.rule != "tsc/TS2339":
        return {}
    path, kind, text = at
    bound, used = names(kind, text)
    named = [one for one in bound if one[:1].isupper() and one.lower() == said[1].lower()]
    named = named or [one for one in bound if one[:1].isupper() and one not in used and closest(said[1], [one])]
    meant = named[0] if len(named) == 1 else closest(said[1], _TAGS)
    if meant is None:
        return {}
    tags = [
        name
        for node in walk(root_of(kind, text))
        if node.type in _PARTS and (name := node.child_by_field_name("name")) is not None and source_of(name) == said[1]
    ]
    return repaired(patient, path, edited(text, [over(name, meant) for name in tags]))
