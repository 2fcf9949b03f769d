"""Words: the fallback where no tool's form was recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.logs.causes import by_message
from gencode_graph.healing.logs.clue import WORDS, Clue
from gencode_graph.healing.logs.log import Log

_ALARM = re.compile(
    r"(?i)\b(?:error|fatal|failed|failure|cannot|could not|unable|panic|exception|denied|refused|invalid|missing|not found|timed out)\b"
)
_PLACE = re.compile(
    r"(?<![\w/.@:-])(?P<path>(?:[A-Za-z]:)?(?:[\w.@~()\[\]+-]{0,80}[\\/]){0,24}[\w.@()\[\]+-]{1,120}\.[A-Za-z]\w{0,9})"
    r"(?:[:(]|, line |\", line )(?P<line>\d{1,7})"
)
LIMIT = 400
"""Lines with a word of alarm that are looked at, from the end."""


def place(log: Log, text: str) -> tuple[str | None, int | None]:
    """The first own file with a line number that a text names."""
    for match in _PLACE.finditer(text[:4_000]):
        if own := log.own.relative(match["path"]):
            return own, int(match["line"])
    return None, None


def read(log: Log) -> Iterator[Clue]:
    """The first alarming line that says a cause; else what the exit code says."""
    alarming = [line for line in log.lines if _ALARM.search(line)][-LIMIT:]
    where = next((found for line in log.lines[-LIMIT:] if (found := place(log, line))[0]), (None, None))
    for part in ("system", "general"):
        for line in alarming or log.lines[-LIMIT:]:
            if cause := by_message(line, part=part):
                yield Clue(
                    category=cause.category,
                    alternatives=cause.alternatives,
                    message=line.strip(),
                    rank=WORDS + (1 if part == "system" else 0),
                    path=where[0],
                    line=where[1],
                    code=cause.code,
                    evidence=(line.strip(),),
                )
                return
    shown = alarming[-1].strip() if alarming else ""
    if log.exit_code == 124:
        yield Clue(category="timeout", message=shown or "ended by its time limit", rank=WORDS, code="124")
    elif log.exit_code in (137, -9):
        yield Clue(category="environment", alternatives=("timeout",), message=shown or "killed", rank=WORDS, code="137")
    elif log.exit_code in (126, 127):
        yield Clue(
            category="environment", message=shown or "the program cannot be run", rank=WORDS, code=str(log.exit_code)
        )
