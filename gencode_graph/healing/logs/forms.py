"""Forms: how tools that print no stack say what is wrong; the forms are data, a file a family of tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from gencode_graph.healing.logs import clue as ranks
from gencode_graph.healing.logs import words
from gencode_graph.healing.logs.causes import by_message
from gencode_graph.healing.logs.clue import Category, Clue, kinds
from gencode_graph.healing.logs.log import Log

FAMILIES = ("compilers", "web", "packages", "machines", "linters", "servers")
_RANKS = {
    "diagnostic": ranks.DIAGNOSTIC,
    "exception": ranks.EXCEPTION,
    "tool": ranks.TOOL,
    "lint": ranks.LINT,
    "wrapper": ranks.WRAPPER,
}


_FAIL = re.compile(r"^\s*(?:FAIL|❯|✗|×|●|\d+\)) +(?P<path>[\w./@()\[\]-]+\.\w{1,5})\b")


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way in which a tool says one thing."""

    match: re.Pattern[str]
    """Searched over the whole log, ``^`` and ``$`` at line ends. Groups: path, line, code, symbol, message."""
    category: Category
    alternatives: tuple[Category, ...]
    rank: int
    tool: str | None
    """Given where the code alone would not tell which tool it is of."""
    path: str | None
    """The file to blame where the form names none."""
    code: str | None
    needs: tuple[str, ...]
    """Words, one of which the log must hold: spares the search."""
    near: bool
    """Whether an own file named close by is the one to blame."""
    system: bool
    """Whether words of the system in the message come before the form's own category."""


@cache
def forms() -> tuple[Form, ...]:
    """All forms, in order of the data files."""
    made: list[Form] = []
    for family in FAMILIES:
        text = (files("gencode_graph.healing") / f"errors/forms/{family}.yaml").read_text("utf-8")
        for entry in yaml.safe_load(text):
            category, alternatives = kinds(entry["is"])
            made.append(
                Form(
                    match=re.compile(entry["match"], re.M),
                    category=category,
                    alternatives=alternatives,
                    rank=_RANKS[entry.get("rank", "tool")] + entry.get("plus", 0),
                    tool=entry.get("tool"),
                    path=entry.get("path"),
                    code=entry.get("code"),
                    needs=tuple(entry.get("needs", "").split(" | ")) if entry.get("needs") else (),
                    near=bool(entry.get("near")),
                    system=bool(entry.get("system")),
                )
            )
    return tuple(made)


def read(log: Log) -> Iterator[Clue]:
    """All that matches, form by form; of a rank the first in the log decides."""
    found: list[tuple[int, Clue]] = []
    for form in forms():
        if form.needs and not log.has(*form.needs):
            continue
        for number, match in enumerate(form.match.finditer(log.body)):
            if number >= 100:
                break
            found.append((match.start(), _clue(log, form, match)))
    for _, clue in sorted(found, key=lambda pair: (-pair[1].rank, pair[0])):
        yield clue


def near(log: Log, start: int, end: int) -> tuple[str | None, int | None]:
    """The own file named with a line after a place in the log, else the nearest before it, else one that failed."""
    for line in log.body[end : end + 3_000].split("\n"):
        if (found := words.place(log, line))[0]:
            return found
    for line in reversed(log.body[max(0, start - 3_000) : start].split("\n")):
        if (found := words.place(log, line))[0]:
            return found
        if (match := _FAIL.match(line)) and (own := log.own.relative(match["path"])):
            return own, None
    return None, None


def _clue(log: Log, form: Form, match: re.Match[str]) -> Clue:
    groups = {name: value.strip() for name, value in match.groupdict().items() if value}
    whole = match[0].strip()
    message = groups.get("message") or whole.split("\n")[0]
    category, alternatives, code = form.category, form.alternatives, groups.get("code") or form.code
    if form.system and (cause := by_message(whole)):
        alternatives = tuple(dict.fromkeys((*cause.alternatives, form.category)))
        category, code = cause.category, code or cause.code
    path = log.own.relative(groups.get("path"))
    line = groups.get("line")
    if form.near:
        path, number = near(log, match.start(), match.end())
        line = str(number) if number else None
    return Clue(
        category=category,
        alternatives=alternatives,
        message=message,
        rank=form.rank,
        path=path or form.path,
        line=int(line) if line and line.isdigit() and path else None,
        code=code,
        symbol=groups.get("symbol"),
        evidence=tuple(whole.split("\n")[:3]),
        tool=form.tool if code else None,
    )
