"""Reports of pytest and unittest: what each failing test, or a module that cannot be collected, ended with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gencode_graph.healing.logs import python
from gencode_graph.healing.logs.causes import Cause, by_message
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, TOOL, Clue
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.subject import is_test, subject

_SECTION = re.compile(r"^_{3,80} (?P<title>.{1,200}?) _{3,80}$")
_RULE = re.compile(r"^={3,}|^!{3,}")
_RAISED = re.compile(r"^E   +(?P<type>(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Za-z_]\w{0,80})(?:: (?P<message>.*)|)$")
_ASSERT = re.compile(r"^E   +(?P<message>assert .*)$")
_FRAME = re.compile(r"^(?P<path>[^\s:][^:\n]{0,300}\.\w{1,5}):(?P<line>\d{1,7}): ?(?P<rest>.{0,200})$")
_FILE = re.compile(r'^E? {1,12}File "(?P<path>[^"]{1,300})", line (?P<line>\d{1,7})')
_FIXTURE = re.compile(r"^E {3,}fixture '(?P<name>\w+)' not found")
_USAGE = (
    (
        re.compile(r"^ERROR: (?:file or directory not found|not found): ?(?P<s>.*)"),
        Cause(category="config", alternatives=("environment",)),
    ),
    (
        re.compile(r"^(?:.{0,80}: )?error: unrecognized arguments: (?P<s>\S+)"),
        Cause(category="config", alternatives=("dependency",)),
    ),
    (re.compile(r"^ERROR: (?P<s>.{0,200}\.(?:ini|toml|cfg).{0,200})"), Cause(category="config", alternatives=())),
    (re.compile(r"^(?:collected 0 items|=+ no tests ran.*)$"), Cause(category="config", alternatives=())),
    (re.compile(r"^.{0,4}Ran 0 tests in"), Cause(category="config", alternatives=())),
)


@dataclass
class _Section:
    """One failing test, or one module that cannot be collected."""

    title: str
    frames: list[tuple[str, int]] = field(default_factory=list)
    parts: list[python.Raised] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    source: str = ""
    fixture: str | None = None

    def end(self, kind: str, message: str, more: list[str]) -> None:
        """An exception ends here; what follows belongs to the next."""
        text = "\n".join([message, *more[:3]]) if message.endswith(":") or "validation error" in message else message
        self.parts.append(
            python.Raised(
                type=kind, message=text, frames=tuple(self.frames), source=self.source, chained=bool(self.parts)
            )
        )


def read(log: Log) -> Iterator[Clue]:
    """The failures in order of the report."""
    if not log.has(
        "pytest", "test session starts", "short test summary", "FAILED ", "ERROR ", "\nE  ", "Ran 0 tests", "collected"
    ):
        return
    known = False
    for section in _sections(log):
        known |= bool(section.fixture or section.parts)
        if section.fixture:
            path, number = _own(log, section.frames)
            yield Clue(
                category="config",
                alternatives=("runtime", "import"),
                message=f"fixture '{section.fixture}' not found",
                rank=DIAGNOSTIC,
                path=path,
                line=number,
                code="fixture",
                symbol=section.fixture,
            )
        elif section.parts:
            yield _clue(log, section)
    if not known:
        yield from _summary(log)
    for line in log.lines:
        for pattern, cause in _USAGE:
            if match := pattern.match(line):
                symbol = match.groupdict().get("s")
                yield Clue(
                    category=cause.category,
                    alternatives=cause.alternatives,
                    message=line,
                    rank=TOOL - 5,
                    symbol=symbol,
                    evidence=(line,),
                )


_SUMMARY = re.compile(
    r"^(?:FAILED|ERROR) (?P<path>[^\s:]{1,300})(?:::(?P<test>\S+))?(?: - (?:(?P<type>(?:\w+\.)*[A-Z]\w*)"
    r"(?:: |$))?(?P<message>.*))?$"
)
_PLUGIN = re.compile(r"async def functions are not|not found in `markers` configuration|Unknown pytest\.mark")


def _summary(log: Log) -> Iterator[Clue]:
    """The lines at a report's end, where that is all that there is."""
    for line in log.lines:
        if not (match := _SUMMARY.match(line)) or not (path := log.own.relative(match["path"])):
            continue
        kind, message = match["type"] or "", match["message"] or ""
        cause = python.cause_of(log, kind, message) if kind and kind != "Failed" else Cause(category="logic")
        if _PLUGIN.search(line):
            cause = Cause(category="config", alternatives=("dependency",))
        elif kind in ("Failed", "") and (found := by_message(message)):
            cause = found
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=f"{kind}: {message}" if kind else message or line,
            rank=EXCEPTION - 1,
            path=subject(log, path) if cause.category == "logic" else path,
            code=kind.rsplit(".", 1)[-1] or None,
            symbol=match["test"],
            evidence=(line,),
        )


def _sections(log: Log) -> Iterator[_Section]:
    """Failures with the exceptions they ended with."""
    section: _Section | None = None
    block = False
    for at, line in enumerate(log.lines):
        if match := _SECTION.match(line):
            if section:
                yield section
            section = _Section(match["title"])
        elif section is None:
            if line.startswith(("E   ", "ImportError while loading conftest")):
                section = _Section("")
            else:
                continue
        if _RULE.match(line):
            yield section
            section = None
            continue
        _feed(log, section, line, at, first=not block)
        block = line.startswith("E ")
    if section:
        yield section


def _feed(log: Log, section: _Section, line: str, at: int, first: bool) -> None:
    if match := _FIXTURE.match(line):
        section.fixture = match["name"]
    elif match := _FILE.match(line):
        section.frames.append((match["path"], int(match["line"])))
    elif match := _FRAME.match(line):
        frame = (match["path"], int(match["line"]))
        section.frames.append(frame)
        if match["rest"].startswith("in ") and log.own.relative(match["path"]):
            section.source = "".join(log.after(at, 1)).strip()
        if section.parts and not re.match(r"in\b", match["rest"]):
            last = section.parts[-1]
            section.parts[-1] = python.Raised(
                type=last.type,
                message=last.message,
                frames=(*last.frames, frame),
                source=last.source,
                chained=last.chained,
            )
    elif line.startswith(">"):
        section.source = line[1:].strip()
        section.shown.append(line)
    elif line.startswith("E "):
        more = [it[1:].strip() for it in log.after(at, 4) if it.startswith("E ")]
        match = _RAISED.match(line)
        if match and (first or python.named(match["type"])):
            section.end(match["type"], match["message"] or "", more)
        elif first and (match := _ASSERT.match(line)):
            section.end("AssertionError", match["message"], more)
    else:
        section.shown.append(line)


def _own(log: Log, frames: list[tuple[str, int]]) -> tuple[str | None, int | None]:
    for path, line in reversed(frames):
        if own := log.own.relative(path):
            return own, line
    return None, None


def _clue(log: Log, section: _Section) -> Clue:
    last = section.parts[-1]
    clue = python.clue(log, last, section.parts[:-1], rank=DIAGNOSTIC)
    path, line = clue.path, clue.line
    if path is None:
        path, line = _own(log, section.frames)
    if path is None and (match := re.search(r"ERROR collecting (\S+)", section.title)):
        path = log.own.relative(match[1])
    if clue.category == "logic" and path and is_test(path):
        about = subject(log, path, section.shown)
        path, line = (path, line) if about == path else (about, None)
    return Clue(**{**clue.__dict__, "path": path, "line": line})
