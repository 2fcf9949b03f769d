"""Reports of JavaScript's test runners where a failure carries no exception's type, and coverage that is too low."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.logs import javascript
from gencode_graph.healing.logs.causes import Cause, by_message
from gencode_graph.healing.logs.clue import DIAGNOSTIC, TOOL, Clue
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.subject import is_test, subject

_TITLE = re.compile(r"^\s{1,4}● (?P<title>.{1,300})$")
_SUITE = "Test suite failed to run"
_FAIL = re.compile(r"^\s*FAIL\s+(?:\S+ )?(?P<path>[\w./@()\[\]-]+\.\w{1,5})")
_SHOWN = re.compile(r"^\s{0,8}>?\s{0,6}\d{1,6} ?\| ")
_TYPED = re.compile(r"^\s*(?:[A-Z]\w*)?(?:Error|Exception)\b.{0,40}: |^\s*(?:thrown: |Cannot find module)")
_CODE = re.compile(r"^\s*(?:at |[\w./-]+:\d+:\d+|●|>?\s*\d+ \||\()")
_COVERAGE = re.compile(
    r"^(?:ERROR: |Jest: |FAIL |Error: )?(?P<message>.{0,80}?[Cc]overage .{0,120}(?:does not meet|not reached"
    r"|less than fail-under"
    r"|below|threshold|not met).*|.{0,60}\d+(?:\.\d+)?% coverage.{0,60}(?:below|less than|required).*)$"
)
_COVERED = (
    re.compile(r"^ {1,8}(?P<path>[\w./@-]+\.\w{1,4}) +\| +(?P<rate>\d+(?:\.\d+)?) +\|"),
    re.compile(r"^(?P<path>[\w./@-]+\.py) +\d+ +\d+ +(?:\d+ +\d+ +)?(?P<rate>\d+(?:\.\d+)?)%"),
)


def read(log: Log) -> Iterator[Clue]:
    """Failures of tests without a type, then coverage."""
    if log.has("●"):
        yield from _failures(log)
    if log.has("overage"):
        yield from _coverage(log)


def _failures(log: Log) -> Iterator[Clue]:
    file: str | None = None
    for at, line in enumerate(log.lines):
        if match := _FAIL.match(line):
            file = log.own.relative(match["path"])
        match = _TITLE.match(line)
        if not match:
            continue
        block = log.after(at, 60)
        end = next((n for n, text in enumerate(block) if _TITLE.match(text)), len(block))
        block = block[:end]
        said = next((text.strip() for text in block if text.strip()), "")
        if not said or _CODE.match(said) or any(_TYPED.match(text) for text in block[:6]):
            continue
        cause = by_message(said)
        if cause is None and match["title"].strip() == _SUITE:
            cause = Cause(category="config", alternatives=("syntax", "runtime"))
        cause = cause or Cause(category="logic")
        frames = [m for text in block if (m := javascript.FRAME.match(text))]
        places = ((log.own.relative(m["path"]), int(m["line"])) for m in frames)
        path, number = next(((p, n) for p, n in places if p), (file, None))
        if cause.category == "logic" and path and is_test(path):
            about = subject(log, path, [text for text in block if _SHOWN.match(text)])
            path, number = (path, number) if about == path else (about, None)
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=said,
            rank=DIAGNOSTIC - 2,
            path=path,
            line=number,
            symbol=match["title"].strip(),
            evidence=(said,),
        )


def _coverage(log: Log) -> Iterator[Clue]:
    message = next((m["message"] for line in log.lines if (m := _COVERAGE.match(line))), None)
    if message is None:
        return
    rates = [
        (float(m["rate"]), own)
        for line in log.lines
        for pattern in _COVERED
        if (m := pattern.match(line)) and (own := log.own.relative(m["path"])) and not is_test(own)
    ]
    yield Clue(
        category="config",
        alternatives=("logic", "lint"),
        message=message,
        rank=TOOL - 2,
        path=min(rates)[1] if rates else None,
        code="coverage",
        evidence=(message,),
    )
