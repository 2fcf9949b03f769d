"""Words: the fallback where no tool's form was recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gencode_graph.healing.logs.causes import by_message, of_exception
from gencode_graph.healing.logs.clue import EXCEPTION, TOOL, WORDS, WRAPPER, Clue, kinds
from gencode_graph.healing.logs.log import Log

_ALARM = re.compile(
    r"(?i)\b(?:error|fatal|failed|failure|cannot|could not|unable|panic|exception|denied|refused|invalid"
    r"|missing|not found|timed out)\b"
)
_PLACE = re.compile(
    r"(?<![\w/.@:-])(?P<path>(?:[A-Za-z]:)?(?:[\w.@~()\[\]+-]{0,80}[\\/]){0,24}[\w.@+-][\w.@()\[\]+-]{0,120}"
    r"\.(?:py|pyi|[cm]?[jt]sx?|vue|svelte|astro|go|rs|java|kts?|scala|cs|fs|vb|c|cc|cpp|cxx|hh?|hpp|m|swift|rb|php|pl|sh|bash|zsh"
    r"|sql|lua|r|dart|exs?|html?|css|scss|less|json5?|ya?ml|toml|ini|cfg|xml|md|tf|proto|graphql|prisma|gradle|csproj|mod))"
    r"(?:[:(]|, line |\", line )(?P<line>\d{1,7})"
)
LIMIT = 400
"""Lines with a word of alarm that are looked at, from the end."""


_NAMED = re.compile(
    r"(?:^|[\s(\[])(?P<type>(?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception)): (?P<message>.*)$"
)


def _raised(line: str) -> Clue | None:
    """An exception that a line names without a stack, where its type or its words tell more than that it failed."""
    match = _NAMED.search(line)
    cause = of_exception(match["type"], match["message"], "python") if match else None
    if not match or not cause or cause.category == "runtime":
        return None
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=line.strip(),
        rank=WORDS + 2,
        code=cause.code or match["type"].rsplit(".", 1)[-1],
        evidence=(line.strip(),),
    )


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
    if clue := next((made for line in alarming if (made := _raised(line))), None):
        yield replace(clue, path=where[0], line=where[1])
        return
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


def ended(log: Log) -> list[Clue]:
    """What the exit code says of how a program was ended; not much against a compiler's word, but more than none."""
    shown = next((line.strip() for line in reversed(log.lines) if _ALARM.search(line)), "")
    for codes, words, rank, message in _CODES:
        if log.exit_code in codes:
            category, alternatives = kinds(words)
            made = Clue(
                category=category,
                alternatives=alternatives,
                message=shown or message,
                rank=rank,
                code=str(log.exit_code),
                evidence=(message,),
            )
            return [made]
    return []


_CODES = (
    ((124,), "timeout", EXCEPTION - 2, "ended by its time limit"),
    ((137, -9), "environment timeout", TOOL - 2, "killed, as for want of memory"),
    ((139, -11, 134, -6), "runtime", WRAPPER + 2, "crashed"),
    ((126, 127), "environment dependency", WRAPPER + 2, "the program cannot be run"),
)
"""Exit codes, category, rank and words."""
