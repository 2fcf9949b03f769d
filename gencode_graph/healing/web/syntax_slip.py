"""A text that one small slip keeps from being read: a bracket, a quote, a comma or a tag too few, too many or wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.bindings import unbound
from gencode_graph.healing.web.layout import doubts, reads
from gencode_graph.healing.web.source import Repair
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import SCRIPTS, Kind, kind_of
from gencode_graph.validation.stylesheets import problems as style_problems

_RULE = re.compile(r"syntax/(?:tsx?|css|jsonc?)|tsc/TS1\d\d\d|tsc/TS17\d\d\d|biome/parse|vite/failed")
WINDOW = 3
"""Lines before and behind a doubtful place."""
MOST = 60
"""Lines that are looked at."""
TRIED = 4000
"""Changes that are tried at most."""
Slip = tuple[int, int, str]
"""Characters from, characters to, and what stands there instead."""


def syntax_slip(finding: Finding, patient: Patient) -> Repair:
    """The file with the one change after which it can be read and its brackets fit its lines; nothing if two do."""
    path = finding.path or ""
    if not _RULE.fullmatch(finding.rule) or path not in patient.files or not patient.treatable(path):
        return {}
    kind, text = kind_of(path), patient.files[path]
    good = _READERS.get(kind)
    if good is None or good(text):
        return {}
    places = _places(kind, text, finding.line or 1)
    tried = list(dict.fromkeys(_slips(kind, text, places)))[:TRIED]
    whole = [one for slip in tried if good(one := _done(text, slip))]
    best = _best(kind, dict.fromkeys(whole))
    return {path: best} if best is not None else {}


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
    """The text whose brackets fit its lines best, and that uses the fewest names that nothing binds."""
    ranked = sorted(((len(doubts(kind, one)), one) for one in texts), key=lambda pair: pair[0])
    if not ranked:
        return None
    first = [one for score, one in ranked if score == ranked[0][0]]
    if kind in SCRIPTS and len(first) > 1:
        lost = {one: sum(len(nodes) for nodes in unbound(kind, one).values()) for one in first[:40]}
        first = [one for one in lost if lost[one] == min(lost.values())]
    if len({re.sub(r"[\s;]", "", one) for one in first}) > 1:
        return None
    return min(first, key=lambda one: (_untidy(one), len(one)))


def _untidy(text: str) -> int:
    """Lines of brackets that do not stand where a formatter puts them."""
    return len(re.findall(r"[^\s({\[][ \t]+[)\]}]+[;,]?$|^[ \t]*[)\]}]+[ \t]+[)\]}]", text, re.MULTILINE))


def _places(kind: Kind, text: str, line: int) -> list[int]:
    """Lines, from 0, in which the slip may be: around what was said, and where brackets and lines do not fit."""
    count = text.count("\n") + 1
    near = list(range(line - 1 - WINDOW, line + WINDOW))
    for opened, closed in doubts(kind, text)[:6]:
        near += [*range(opened - 1, opened + 2), *range(closed - WINDOW, closed + 2)]
        near += list(range(opened, closed)) if closed - opened < MOST else []
    return [one for one in dict.fromkeys(near) if 0 <= one < count][: MOST * 2]


def _slips(kind: Kind, text: str, places: Iterable[int]) -> Iterator[Slip]:
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for number in places:
        line, start = lines[number], starts[number]
        yield from _ends(kind, line, start)
        yield from _marks(line, start)
        if kind == "tsx":
            yield from _tags(text, lines, starts, number)
    for number in places:
        yield from _inside(kind, lines[number], starts[number])


def _ends(kind: Kind, line: str, start: int) -> Iterator[Slip]:
    """What may be missing at the end of a line, or on one of its own behind it."""
    bare = line.rstrip()
    end = start + len(bare)
    tail = len(bare) - len(bare.rstrip(";,"))
    for sign in ("}", ")", "]", ",", '"', "'", "`", ")}", "})", ">", " />", "{", "(", "[", " =>", ">;"):
        yield end - tail, end - tail, sign
        if tail:
            yield end, end, sign
        elif sign in "{([":
            yield end, end, f" {sign}"
    if bare.endswith((">", "/>")):
        yield end - 1, end, "/>"
    depth = line[: len(line) - len(line.lstrip())]
    for indent in {depth, depth[2:], f"{depth}  "}:
        for sign in ("}", ")", "]", "});", ");", "};", "},", "),", "],", ")}", "}}"):
            yield end, end, f"\n{indent}{sign}"
            yield start, start, f"{indent}{sign}\n"


def _marks(line: str, start: int) -> Iterator[Slip]:
    """What may be too much in a line, or another bracket than it should be."""
    for match in re.finditer(r"[{}()\[\]<>,;:\"'`=?&|.]|=>|/>", line):
        at = start + match.start()
        yield at, at + len(match[0]), ""
        for pair in ("{(", "})", "([", ")]", "{[", "}]", ",;", ":=", "\"'"):
            if match[0] in pair:
                yield at, at + 1, pair.replace(match[0], "")
    if line.strip() and not re.search(r"\w", line):
        yield start, start + len(line) + 1, ""


def _inside(kind: Kind, line: str, start: int) -> Iterator[Slip]:
    """What may be missing between two marks or words of a line."""
    signs = (
        "}",
        ")",
        "]",
        "(",
        "{",
        "[",
        ",",
        '"',
        "'",
        "`",
        ">",
        "<",
        ":",
        "=",
        " =>",
        "=>",
        ";",
        ".",
        "}}",
        "${",
        "/",
    )
    for match in re.finditer(r"\b|(?=[^\w\s])|(?<=[^\w\s])", line):
        for sign in signs if kind in SCRIPTS else ('"', ",", ":", "}", "]", "{", "[", ";", "(", ")"):
            yield start + match.start(), start + match.start(), sign


_TAG = re.compile(r"<(/?)([A-Za-z][\w.]*)?")


def _tags(text: str, lines: list[str], starts: list[int], number: int) -> Iterator[Slip]:
    """Tags that another one has to be called like, or that have no other."""
    line, start = lines[number], starts[number]
    depth = line[: len(line) - len(line.lstrip())]
    around = {
        match[2] for near in lines[max(0, number - 40) : number + 40] for match in _TAG.finditer(near) if match[2]
    }
    for match in _TAG.finditer(line):
        for name in around:
            if match[2] and name != match[2]:
                yield start + match.start(2), start + match.end(2), name
        if match[1]:
            rest = re.compile(r"[\w.]*>").match(line, match.end(1))
            end = rest.end() if rest else match.end()
            whole = line[: match.start()].strip() == "" and line[end:].strip() == ""
            yield (start, start + len(line) + 1, "") if whole else (start + match.start(), start + end, "")
    for name in around | {""}:
        for indent in {depth, depth[2:], f"{depth}  "}:
            yield start, start, f"{indent}</{name}>\n"
            yield start + len(line), start + len(line), f"\n{indent}</{name}>"
        yield start + len(line.rstrip()), start + len(line.rstrip()), f"</{name}>"
    for match in re.finditer(r"\s*</|\}$", line):
        for name in around:
            yield start + match.start(), start + match.start(), f"</{name}>"
