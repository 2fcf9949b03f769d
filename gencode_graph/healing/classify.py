"""What went wrong, read out of what a tool printed: a diagnosis, and findings for the healers.

Evidence in order: the codes and forms of tools (the readers in ``logs/``), the project's own names to tell an import
from a dependency, words that systems write, and, where all of that is silent, a router by meaning if there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from gencode_graph.healing.logs import blame, readers
from gencode_graph.healing.logs.clue import CATEGORIES, EXCEPTION, WORDS, WRAPPER, Category, Clue
from gencode_graph.healing.logs.log import Log
from gencode_graph.memory.same import general
from gencode_graph.types import Finding

Route = Callable[[str], tuple[str, float]]
"""A text to the name of a category, and how sure that is, from 0 to 1."""

SURE = 0.5
"""From here on the router is believed, where it is asked."""
SHOWN = 3_000
"""Characters of a log that the router gets to see."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What went wrong, where, and how to know it again."""

    category: Category
    alternatives: tuple[Category, ...] = ()
    """Other categories that fit, the likeliest first."""
    path: str | None = None
    """File of the root cause, as the project calls it; never a library's."""
    line: int | None = None
    code: str | None = None
    """The tool's own: ``KeyError``, ``TS2307``, ``ERESOLVE``, ``F401``."""
    symbol: str | None = None
    """The name concerned: missing module, undefined name, wrong attribute."""
    message: str
    """One line."""
    signature: str
    """Equal for the same error again, also at another time, in another folder, at another line."""
    evidence: tuple[str, ...] = ()
    """The lines that decided."""


def classify(
    log: str,
    *,
    tool: str = "",
    command: str = "",
    exit_code: int | None = None,
    project: Collection[str] = (),
    root: str | None = None,
    route: Route | None = None,
) -> Diagnosis:
    """The root cause of a failure, out of the output of a tool.

    ``project`` holds the project's own files (``app/main.py``) and modules, ``root`` the folder it lay in. ``route`` is
    asked only where no reader recognised the log.
    """
    seen = Log(text=log, tool=tool, command=command, exit_code=exit_code, project=project, root=root)
    clue = _decisive(readers.clues(seen))
    if route and (clue is None or clue.rank < WORDS + 1):
        clue = _routed(seen, route) or clue
    return _diagnosis(blame.settled(seen, clue or _unknown(seen)))


def findings(
    log: str,
    *,
    tool: str = "",
    command: str = "",
    exit_code: int | None = None,
    project: Collection[str] = (),
    root: str | None = None,
    route: Route | None = None,
    limit: int = 50,
) -> list[Finding]:
    """What went wrong as findings, the root cause first; of weaker evidence only where there is no stronger."""
    seen = Log(text=log, tool=tool, command=command, exit_code=exit_code, project=project, root=root)
    found = sorted(readers.clues(seen), key=lambda one: -one.rank)
    if route and (not found or found[0].rank < WORDS + 1):
        routed = _routed(seen, route)
        found = [routed] if routed else found
    found = found or [_unknown(seen)]
    kept: dict[tuple[str, str | None, int | None, str], Finding] = {}
    for clue in (blame.settled(seen, one) for one in found):
        if clue.rank >= found[0].rank:
            finding = _finding(clue)
            kept.setdefault((finding.rule, finding.path, finding.line, finding.message), finding)
    return list(kept.values())[:limit]


def signature(finding: Finding) -> str:
    """Equal for the same finding again: rule, file and the message in general form."""
    return f"{finding.rule}|{finding.path or ''}|{general(finding.message)}"


def _decisive(found: list[Clue]) -> Clue | None:
    """The clue that decides; a program that only passes another's failure on may still tell the place."""
    best = max(found, key=lambda one: one.rank, default=None)
    if best and not best.path and best.rank < EXCEPTION:
        place = next((one for one in found if one.path and WRAPPER < one.rank <= best.rank), None)
        best = replace(best, path=place.path, line=place.line) if place else best
    return best


def _finding(clue: Clue) -> Finding:
    coded = clue.tool and clue.code
    about = f" ({clue.symbol})" if clue.symbol and clue.symbol not in clue.message else ""
    return Finding(
        rule=f"{clue.tool}/{clue.code}" if coded else f"error/{clue.category}",
        message=f"{_line(clue.message)}{about}",
        path=clue.path,
        line=clue.line,
        hint=_HINTS[clue.category],
    )


def _diagnosis(clue: Clue) -> Diagnosis:
    symbol = clue.symbol or ""
    return Diagnosis(
        category=clue.category,
        alternatives=tuple(one for one in clue.alternatives if one != clue.category),
        path=clue.path,
        line=clue.line,
        code=clue.code,
        symbol=clue.symbol,
        message=_line(clue.message),
        signature="|".join(
            (
                clue.category,
                clue.code or "",
                general(clue.path or ""),
                general(f"'{symbol}'") if symbol else "",
                general(clue.message),
            )
        ),
        evidence=tuple(_line(line) for line in clue.evidence if line.strip())[:5],
    )


def _line(text: str) -> str:
    """A text on one line of bearable length."""
    return re.sub(r"\s+", " ", text[:2_000]).strip()[:500]


def _routed(log: Log, route: Route) -> Clue | None:
    """What the router makes of a log's end; None where it is not sure."""
    text = log.body.strip()[-SHOWN:]
    name, sure = route(text)
    category = next((one for one in CATEGORIES if one == name), None)
    if category is None or sure < SURE:
        return None
    return Clue(category=category, message=_last(log), rank=WORDS)


def _unknown(log: Log) -> Clue:
    return Clue(category="runtime", alternatives=("environment", "config"), message=_last(log), rank=0)


def _last(log: Log) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(log.lines) if re.search(r"\w", line)), "no output")


_HINTS: dict[Category, str] = {
    "runtime": "follow the failing line and make the value what the code expects",
    "syntax": "make the file parse again at this position",
    "environment": "the machine lacks something (file, program, port, memory, right); give it, or do without",
    "type": "make the types at this position agree, or use the name that exists",
    "dependency": "declare and install the package in a version that fits",
    "config": "put the setting right that is missing or wrong",
    "network": "the other side was not reachable; let the check run without it, or start it first",
    "import": "import the project's own module or name by the path and name that it has",
    "lint": "change the line as the rule asks",
    "logic": "the program runs but does not do what is expected of it here",
    "timeout": "something never finished; look for what is waited on",
    "security": "remove what is unsafe at this position",
}
