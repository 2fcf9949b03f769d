"""A text that one small slip keeps from being read: a bracket, a quote, a comma or a tag too few, too many or wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import islice

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.bindings import unbound
from gencode_graph.healing.web.layout import doubts, oddness, reads
from gencode_graph.healing.web.slips import Slip, stages
from gencode_graph.healing.web.source import Repair
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.scripts import source_of, tree, walk
from gencode_graph.validation.stylesheets import problems as style_problems

_RULE = re.compile(r"syntax/(?:tsx?|css|jsonc?)|tsc/TS1\d\d\d|tsc/TS17\d\d\d|biome/parse|vite/failed")
WINDOW = 3
"""Lines before and behind a doubtful place."""
MOST = 40
"""Lines that are looked at."""
TRIED = 6_000_000
"""Characters that are read at most, in all that is tried."""
STAGE = 700
"""Changes of one kind that are tried at most."""
FITTING = 60
"""Changes of one kind whose result is looked at closely."""


def syntax_slip(finding: Finding, patient: Patient) -> Repair:
    """The file with the one change after which it can be read and its brackets fit its lines; nothing if two do."""
    path = finding.path or ""
    if not _RULE.fullmatch(finding.rule) or path not in patient.files or not patient.treatable(path):
        return {}
    kind, text = kind_of(path), patient.files[path]
    good = _READERS.get(kind)
    if good is None or good(text):
        return {}
    near, wide = _places(kind, text, finding.line or 1)
    left = TRIED // (len(text) + 500)
    for slips in stages(kind, text, near, wide):
        some = list(islice(dict.fromkeys(slips), min(left, STAGE)))
        left -= len(some)
        whole = dict.fromkeys(one for slip in some if good(one := _done(text, slip)))
        best = _best(kind, whole)
        if best is not None:
            return {path: best if best.endswith("\n") or not text.endswith("\n") else f"{best}\n"}
    return {}


def _json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_READERS: dict[Kind, Callable[[str], bool]] = {
    "ts": lambda text: reads("ts", text),
    "tsx": lambda text: reads("tsx", text),
    "css": lambda text: not style_problems(text),
    "json": _json,
    "jsonc": lambda text: reads("tsx", f"({text}\n)"),
}


def _done(text: str, slip: Slip) -> str:
    start, end, new = slip
    return text[:start] + new + text[end:]


def _best(kind: Kind, texts: Iterable[str]) -> str | None:
    """The only text whose brackets fit its lines and that uses the fewest names that nothing binds."""
    first = [one for one in islice(texts, FITTING) if not doubts(kind, one)]
    if kind in SCRIPTS and len(first) > 1:
        lost = {one: sum(len(nodes) for nodes in unbound(kind, one).values()) for one in first}
        first = [one for one in first if lost[one] == min(lost.values())]
    if not first:
        return None
    least = min(oddness(kind, one) for one in first)
    first = [one for one in first if oddness(kind, one) == least]
    if len({re.sub(r"[\s;,]", "", one) for one in first}) > 1 and kind in SCRIPTS:
        odd = min(_strange(kind, one) for one in first)
        first = [one for one in first if _strange(kind, one) == odd]
    if len({re.sub(r"[\s;,]", "", one) for one in first}) > 1:
        return None
    ended = -1 if kind in SCRIPTS else 1
    return min(
        first,
        key=lambda one: (
            _idle(kind, one),
            _strange(kind, one),
            one.count(","),
            ended * one.count(";"),
            _crowded(one),
            len(one),
        ),
    )


def _crowded(text: str) -> int:
    """How many closing lines stand behind an empty line, or right before what is as far out."""
    return len(re.findall(r"\n\n\s*[}\])]|^[}\])]\S*\n(?=[^\s})\]])", text, re.MULTILINE))


_CODE = re.compile(r"[!=]==|&&|\|\||=>|, \w+(?: [=&?|]|$)|[({\[,]$|^[)}\],;]|^ | $")
"""What stands in strings that end too late, or begin too early."""


def _strange(kind: Kind, text: str) -> int:
    """How much of what strings hold looks like code, or like the space around them; and elements of two tags only."""
    if kind not in SCRIPTS:
        return 0
    nodes = list(walk(tree(kind, text).root_node))
    strings = [node for node in nodes if node.type == "string"]
    parts = [one.parent for one in strings if one.parent is not None and one.parent.type == "binary_expression"]
    sums = sum(source_of(one.child_by_field_name("operator")) in ("-", "*", "/", "%") for one in parts)
    hollow = sum(node.type == "jsx_element" and node.named_child_count == 2 for node in nodes)
    return hollow + sums + sum(len(_CODE.findall(source_of(one)[1:-1])) for one in strings)


def _idle(kind: Kind, text: str) -> int:
    """How many statements there are of nothing but a semicolon."""
    found = walk(tree(kind, text).root_node) if kind in SCRIPTS else ()
    return sum(node.type == "empty_statement" for node in found)


def _places(kind: Kind, text: str, line: int) -> tuple[list[int], list[int]]:
    """Lines, from 0, in which the slip may be: near what was said; and wherever brackets and lines do not fit."""
    count = text.count("\n") + 1
    near = [
        line - 1,
        *_failing(kind, text),
        *(n for off in range(1, WINDOW + 1) for n in (line - 1 - off, line - 1 + off)),
    ]
    wide: list[int] = []
    for opened, closed in doubts(kind, text)[:8]:
        wide += [closed - 1, closed, opened, opened + 1, opened - 1]
        wide += list(range(closed - 2, opened, -1))[:MOST]
    return _within(near, count), _within([*wide[:40], *near, *wide], count)[: MOST * 2]


def _failing(kind: Kind, text: str) -> list[int]:
    """The lines of the smallest parts that could not be read."""
    if kind not in SCRIPTS:
        return []
    nodes = [node for node in walk(tree(kind, text).root_node) if node.is_missing or node.is_error]
    small = sorted(nodes, key=lambda node: node.end_byte - node.start_byte)[:4]
    return [line for node in small for line in (node.start_point[0], node.end_point[0])]


def _within(lines: Iterable[int], count: int) -> list[int]:
    return [line for line in dict.fromkeys(lines) if 0 <= line < count]
