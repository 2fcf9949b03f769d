"""Java and .NET: javac's and Maven's positions, and exceptions with frames of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gencode_graph.healing.logs.causes import Cause, by_message, of_exception
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, TOOL, Clue, kinds
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.own import names
from gencode_graph.healing.logs.subject import is_test, subject

_JAVAC = re.compile(
    r"^(?:\[ERROR\] )?(?P<path>(?:[A-Za-z]:)?[^\s:\[\]]{1,300}\.(?:java|kt|scala|groovy)):(?:"
    r"(?P<line>\d+): error:|\[(?P<line2>\d+),\d+\](?: error:)?|(?P<line3>\d+):\d+: error:) (?P<message>.*)$",
    re.M,
)
_PACKAGE = re.compile(r"^package (?P<name>[\w.]+) does not exist")
_SYMBOL = re.compile(r"^(?:\[ERROR\])?\s+symbol: +(?:\w+ )?(?P<symbol>\w+)", re.M)
_OPTIONS = re.compile(
    r"^(?:error|\[ERROR\].{0,200}): (?P<message>(?:release version|invalid (?:source|target) release"
    r"|invalid flag|file not found|no source files).*)$",
    re.M,
)
_FILE_GONE = re.compile(r"file not found|no source files|invalid flag")
_MAIN = re.compile(
    r"^Error: (?P<message>Could not find or load main class (?P<symbol>\S+)|Main method not found in class "
    r"(?P<symbol2>\S+?),.*|Unable to access jarfile (?P<symbol3>\S+)|.*LinkageError.*)$",
    re.M,
)
_RAISED = re.compile(
    r"^(?:\[ERROR\] +)?(?:Exception in thread \"[^\"]{0,100}\" |Unhandled [Ee]xception[.:]? ?"
    r"|\[ERROR\] FATAL UNHANDLED EXCEPTION: |Caused by: | ---> )?"
    r"(?P<type>(?:[A-Za-z_]\w{0,80}[.$]){1,12}[A-Z]\w{0,80}(?:Exception|Error|Failure\w*|Failed\w*))"
    r"(?: \(0x[0-9A-Fa-f]+\))?(?:: (?P<message>.*))?$"
)
_JAVA_FRAME = re.compile(
    r"^\s+at (?:[\w.$-]{1,80}(?:@[\w.]+)?/)?(?P<class>[\w.$<>]{1,300})\((?P<file>[\w$]+\.(?:java|kt|scala"
    r"|groovy)):(?P<line>\d+)\)"
)
_NET_FRAME = re.compile(r"^\s*at .{1,400} (?:\[0x[0-9a-f]+\] )?in (?P<path>.{1,300}?):(?:line )?(?P<line>\d+)\s*$")
_LIBRARY = re.compile(r"^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|scala|groovy)\.")


def read(log: Log) -> Iterator[Clue]:
    """What Java and .NET print."""
    if log.has(".java", ".kt", "release version", "invalid ", "Error: ", "no source files"):
        yield from _compiled(log)
    if log.has("Exception", "Error"):
        yield from _exceptions(log)


def _compiled(log: Log) -> Iterator[Clue]:
    for match in _JAVAC.finditer(log.body):
        message = match["message"]
        cause, symbol = _java(log, message), None
        if found := _PACKAGE.match(message):
            symbol = found["name"]
        elif found := _SYMBOL.search(log.body[match.end() : match.end() + 600]):
            symbol = found["symbol"]
            if "class " in found[0] and cause.category == "type":
                cause = Cause(category="import", alternatives=("type", "dependency"))
        path = log.own.relative(match["path"])
        line = match["line"] or match["line2"] or match["line3"]
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=message,
            rank=DIAGNOSTIC,
            path=path,
            line=int(line) if path else None,
            code="javac",
            symbol=symbol,
            evidence=(match[0],),
        )
    for match in _OPTIONS.finditer(log.body):
        category, alternatives = kinds(
            "config environment" if _FILE_GONE.search(match["message"]) else "environment config"
        )
        yield Clue(
            category=category, alternatives=alternatives, message=match["message"], rank=TOOL + 5, evidence=(match[0],)
        )
    for match in _MAIN.finditer(log.body):
        symbol = next((match[name] for name in ("symbol", "symbol2", "symbol3") if match[name]), None)
        category, alternatives = kinds("environment config" if match["symbol3"] else "config environment import")
        yield Clue(
            category=category,
            alternatives=alternatives,
            message=match["message"],
            rank=EXCEPTION + 5,
            symbol=symbol,
            evidence=(match[0],),
        )


def _java(log: Log, message: str) -> Cause:
    """The category of a message of javac."""
    if found := _PACKAGE.match(message):
        known = any(found["name"] == name or found["name"].startswith(f"{name}.") for name in names("java"))
        own = not known and (
            _in_project(log, found["name"]) or "." not in found["name"] or found["name"].startswith("com.example")
        )
        category, alternatives = kinds("import dependency" if own else "dependency import")
    else:
        return by_message(message, part="javac") or Cause(category="type")
    return Cause(category=category, alternatives=alternatives)


def _in_project(log: Log, package: str) -> bool:
    """Whether the log or the project shows a folder, or a group, that the package lies in."""
    first = package.split(".")[:2]
    folder, group = "/".join(first), ".".join(first)
    return f"/{folder}/" in log.body or f"< {group}" in log.body or any(f"{folder}/" in file for file in log.project)


def _exceptions(log: Log) -> Iterator[Clue]:
    """Exceptions; the last cause of a chain says what went wrong, the first own frame where."""
    chain: list[Clue] = []
    for at, line in enumerate(log.lines):
        made = _exception(log, at, line)
        if made is None:
            continue
        if not line.startswith(("Caused by", " --->")) or not chain:
            chain.append(made)
        elif chain[-1].category == "runtime" or made.category in _TELLING:
            place = chain[-1] if not made.path else made
            chain[-1] = replace(made, path=place.path, line=place.line)
    yield from chain


_TELLING = ("network", "timeout", "environment", "dependency", "config")
"""What a cause may be that says more than the exception that came out of it."""


def _exception(log: Log, at: int, line: str) -> Clue | None:
    match = _RAISED.match(line)
    if match is None:
        return None
    following = log.after(at, 60)
    own = list(frames(log, following))
    framed = any(text.lstrip().startswith("at ") for text in following[:3])
    if (
        not own
        and not framed
        and not line.startswith(("Exception in", "Unhandled", "[ERROR] FATAL", "Caused by", " --->"))
    ):
        return None
    dotnet = match["type"].startswith(("System.", "Microsoft.", "NUnit", "Xunit"))
    dotnet |= any(_NET_FRAME.match(text) for text in following[:6])
    cause = of_exception(match["type"], match["message"] or "", "csharp" if dotnet else "java")
    path, number = own[0] if own else (None, None)
    if cause.category == "logic" and path and is_test(path):
        about = subject(log, path)
        path, number = (path, number) if about == path else (about, None)
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=f"{match['type']}: {match['message'] or ''}".rstrip(": "),
        rank=EXCEPTION,
        path=path,
        line=number,
        code=cause.code or re.split(r"[.$]", match["type"])[-1],
        evidence=(line.strip(),),
    )


def frames(log: Log, lines: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Files and lines of the project's frames, innermost first, up to the next exception."""
    for line in lines:
        if match := _NET_FRAME.match(line):
            if own := log.own.relative(match["path"]):
                yield own, int(match["line"])
        elif (match := _JAVA_FRAME.match(line)) and not _LIBRARY.match(match["class"]):
            if not any(match["class"].startswith(f"{name}.") for name in names("java")):
                yield source(log, match["class"], match["file"]), int(match["line"])
        elif _RAISED.match(line):
            return


def source(log: Log, name: str, file: str) -> str:
    """The file of a class as the project, the log or the custom of the language has it."""
    package = "/".join(name.split(".")[:-2])
    path = f"{package}/{file}" if package else file
    for known in log.project:
        if known == path or known.endswith(f"/{path}"):
            return known
    shown = re.search(rf"((?:[\w.-]+/)+{re.escape(path)})\b", log.body[:200_000])
    return (log.own.relative(shown[1]) or path) if shown else path
