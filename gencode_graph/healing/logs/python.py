"""Tracebacks of Python: the exception that ended the program, and where in the project it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gencode_graph.healing.logs.causes import Cause, of_exception
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, WRAPPER, Clue
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.own import names
from gencode_graph.healing.logs.subject import is_test, subject

_START = "Traceback (most recent call last)"
_FRAME = re.compile(
    r'^\s{0,80}(?:\| {0,4}){0,8}File "(?P<path>[^"]{0,400})", line (?P<line>\d{1,8})(?:, in (?P<where>.{0,200}))?'
)
_LAST = re.compile(
    r"^\s{0,12}(?:\| {0,4}){0,8}(?:Exception ignored in: )?(?P<type>"
    r"(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Za-z_]\w{0,80})(?:: (?P<message>.*)|)$"
)
_NAMED = re.compile(
    r"(?:Error|Exception|Warning|Exit|Interrupt|Timeout|Expired|Iteration|Failed|Cancelled|Fault|Abort|Unset|NotFound|NotReady|Found|Conflict"
    r"|DoesNotExist|Configured|Refused|Required|Violation|Missing\w*|Undefined\w*|Http404|Invalid\w*|Duplicate\w*|Read\w*|Connect\w*|Group)$"
)
_CHAINED = ("direct cause of the following exception", "During handling of the above exception")
_SYMBOLS = (
    re.compile(r"No module named '?(?P<s>[\w.]+)'?"),
    re.compile(r"cannot import name '(?P<s>\w+)'"),
    re.compile(r"(?:name|variable) '(?P<s>\w+)'"),
    re.compile(r"has no attribute '(?P<s>\w+)'"),
    re.compile(r"unexpected keyword argument '(?P<s>\w+)'"),
    re.compile(r"no such (?:table|column): (?P<s>[\w.]+)"),
    re.compile(r"^'(?P<s>[^']{1,80})'$"),
    re.compile(r"(?:No such file or directory|not found): '(?P<s>[^']{1,200})'"),
)
_MODULE_FILE = re.compile(r"\((?P<path>/?[^()\s]{1,300}\.py)\)")


@dataclass(frozen=True, kw_only=True)
class Raised:
    """An exception as a log shows it."""

    type: str
    message: str
    frames: tuple[tuple[str, int], ...]
    """Path and line, outermost first."""
    source: str = ""
    """The innermost line of the project's code that is shown."""
    at: int = 0
    """Number of the last line in the log."""
    chained: bool = False
    """Came out of the one before."""


def named(kind: str) -> bool:
    """Whether a word looks like the type of an exception."""
    return bool(_NAMED.search(kind))


def symbol_of(message: str) -> str | None:
    """The name that a message of Python is about."""
    for pattern in _SYMBOLS:
        if match := pattern.search(message):
            return match["s"]
    return None


def missing_module(log: Log, name: str) -> Cause:
    """Whether a module that is not there is the project's own or a package that is not installed."""
    if log.own.module(name):
        return Cause(category="import", alternatives=("dependency",))
    return Cause(category="dependency", alternatives=("import",))


def cause_of(log: Log, kind: str, message: str, source: str = "") -> Cause:
    """The category of one exception."""
    last = kind.rsplit(".", 1)[-1]
    if last in ("ModuleNotFoundError", "ImportError") and (match := re.search(r"No module named '?([\w.]+)", message)):
        return missing_module(log, match[1])
    if last == "ImportError" and (
        match := re.search(
            r"cannot import name '\w+' from (?:partially initialized module )?'([\w.]+)'(?: \((.*)\))?", message
        )
    ):
        foreign = "site-packages" in (match[2] or "") or "dist-packages" in (match[2] or "")
        if foreign or (not match[2] and not log.own.module(match[1])):
            return Cause(category="dependency", alternatives=("import",))
        return Cause(category="import", alternatives=("dependency",))
    if match := re.search(r"^module '(\w+)[\w.]*' has no attribute", message):
        if log.own.module(match[1]):
            return Cause(category="import", alternatives=("runtime", "type"))
        if match[1] in names("python"):
            return Cause(category="dependency", alternatives=("runtime", "import"))
    if last == "KeyError" and re.search(r"\bos\.(?:environ|getenv)\b|\benviron\[", source):
        return Cause(category="environment", alternatives=("config", "runtime"))
    if last == "FileNotFoundError" and re.search(r"\.(?:toml|ya?ml|ini|cfg|env)'?$", message.strip()):
        return Cause(category="environment", alternatives=("config", "runtime"))
    return of_exception(kind, message, "python")


def read(log: Log) -> Iterator[Clue]:
    """The exceptions that ended something, the last first."""
    yield from _unresolved(log)
    yield from _crashed(log)
    if not log.has('File "', "Error", "Exception"):
        return
    found = list(raised(log))
    if not found:
        return
    last = found[-1]
    earlier = list(_chain(found)[:-1])
    yield clue(log, last, earlier)
    for one in reversed(found[:-1]):
        if one not in earlier:
            yield clue(log, one, [])


_FATAL = re.compile(r"^.{0,300}?(?P<message>Fatal Python error: .*)$")
_DUMPED = re.compile(r'^\s{1,8}File "(?P<path>[^"]{1,400})", line (?P<line>\d{1,8}) in ')


def _crashed(log: Log) -> Iterator[Clue]:
    """An interpreter that was ended from below; its stack is printed innermost first."""
    for at, line in enumerate(log.lines if log.has("Fatal Python error") else ()):
        if match := _FATAL.match(line):
            found = (m for text in log.after(at, 120) if (m := _DUMPED.match(text)))
            places = ((log.own.relative(m["path"]), int(m["line"])) for m in found)
            path, number = next(((p, n) for p, n in places if p), (None, None))
            yield Clue(
                category="environment",
                alternatives=("runtime",),
                message=match["message"],
                rank=EXCEPTION,
                path=path,
                line=number,
                code="Fatal",
                evidence=(line.strip(),),
            )


_STUBS = re.compile(
    r"^(?P<path>[^\s:]+\.pyi?):(?P<line>\d+)(?::\d+)?: error: (?P<message>"
    r"(?P<what>Cannot find implementation or library stub"
    r"|Cannot find module|Library stubs not installed|Skipping analyzing).{0,60}?[\"']"
    r"(?P<name>[\w.]+)[\"'].*?)(?:  ?\[(?P<code>[\w-]+)\])?$"
)


def _unresolved(log: Log) -> Iterator[Clue]:
    """Imports that a type checker cannot follow."""
    for line in (
        log.lines if log.has("library stub", "Library stubs", "Skipping analyzing", "Cannot find module") else ()
    ):
        if not (match := _STUBS.match(line)):
            continue
        cause = missing_module(log, match["name"])
        if "Cannot find" not in match["what"]:
            cause = Cause(category="type", alternatives=("dependency",))
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=match["message"],
            rank=DIAGNOSTIC,
            path=log.own.relative(match["path"]),
            line=int(match["line"]),
            code=match["code"] or "import-not-found",
            symbol=match["name"],
            evidence=(line,),
            tool="mypy",
        )


def clue(log: Log, one: Raised, earlier: list[Raised], rank: int = EXCEPTION) -> Clue:
    """What an exception, and those that it came out of, say together."""
    cause = cause_of(log, one.type, one.message, one.source)
    if _of_library(log, one):
        cause = Cause(category="dependency", alternatives=("type", "runtime"))
    if one.type.endswith("ValidationError") and any("pydantic_settings" in path for path, _ in one.frames):
        cause = Cause(category="config", alternatives=("environment",))
    if one.type.endswith("CalledProcessError"):
        rank = WRAPPER + 5
    place: tuple[str | None, int | None] = next(
        (found for it in (one, *reversed(earlier)) if (found := _place(log, it))), (None, None)
    )
    symbol = symbol_of(one.message)
    if "partially initialized module" in one.message or "circular import" in one.message:
        module = _MODULE_FILE.search(one.message)
        path = log.own.relative(module["path"]) if module else None
        line = next((n for p, n in one.frames if path and log.own.relative(p) == path), None)
        place = (path, line) if path else place
    if rank == EXCEPTION and cause.category == "logic" and place[0] and is_test(place[0]):
        about = subject(log, place[0])
        place = place if about == place[0] else (about, None)
    text = f"{one.type}: {one.message}" if one.message else one.type
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=text.split("\n")[0],
        rank=rank,
        path=place[0],
        line=place[1],
        code=cause.code or one.type.rsplit(".", 1)[-1],
        symbol=symbol,
        evidence=tuple(line for line in (one.source, text) if line),
    )


def _of_library(log: Log, one: Raised) -> bool:
    """Whether a library passes another one an argument that this does not know: their versions do not fit."""
    match = re.search(r"got an unexpected keyword argument '(\w+)'", one.message)
    return bool(match and one.frames and not log.own.relative(one.frames[-1][0]) and match[1] not in one.source)


def _place(log: Log, one: Raised) -> tuple[str, int] | None:
    """The innermost own frame."""
    for path, line in reversed(one.frames):
        if own := log.own.relative(path):
            return own, line
    return None


def _chain(found: list[Raised]) -> list[Raised]:
    """The last exception with those it came out of."""
    start = len(found) - 1
    while start > 0 and found[start].chained:
        start -= 1
    return found[start:]


def raised(log: Log) -> Iterator[Raised]:
    """All exceptions with their frames, in order of the log."""
    frames: list[tuple[str, int]] = []
    source, chained, inside = "", False, False
    for at, line in enumerate(log.lines):
        if any(words in line for words in _CHAINED):
            chained = True
        elif _START in line:
            frames, source, inside = [], "", True
        elif match := _FRAME.match(line):
            if not inside and not match["where"]:
                frames = []
            frames.append((match["path"], int(match["line"])))
            inside = True
            if log.own.relative(match["path"]) and at + 1 < len(log.lines):
                source = log.lines[at + 1].strip()
        elif inside and frames and (match := _LAST.match(line)) and _is_exception(match, line):
            message = _whole(log, at, match["message"] or "")
            yield Raised(
                type=match["type"], message=message, frames=tuple(frames), source=source, at=at, chained=chained
            )
            frames, source, chained, inside = [], "", False, False


def _is_exception(match: re.Match[str], line: str) -> bool:
    """Whether a line is an exception's last line and not source code."""
    indented = len(line) - len(line.lstrip(" |"))
    if _NAMED.search(match["type"]):
        return indented < 4 or "|" in line
    return indented == 0 and (match["message"] is not None or "." in match["type"])


def _whole(log: Log, at: int, message: str) -> str:
    """A message with the lines that belong to it, as far as they tell something."""
    more = [
        line.strip()
        for line in log.after(at, 4)
        if line.strip() and not line.startswith(("Traceback", "=", "The above", "During"))
    ]
    return (
        "\n".join([message, *more[:3]])
        if message and not message.endswith(".") and _goes_on(message, more)
        else message
    )


def _goes_on(message: str, more: list[str]) -> bool:
    return bool(more) and ("validation error" in message or message.rstrip().endswith(":"))
