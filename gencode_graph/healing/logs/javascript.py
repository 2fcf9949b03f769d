"""Exceptions and missing modules of JavaScript, as Node, Bun, the bundlers and the test runners print them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gencode_graph.healing.logs.causes import Cause, by_message, of_exception
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, WRAPPER, Clue
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.subject import is_test, subject

_RAISED = re.compile(
    r"^[\s>⨯✘×]{0,12}(?:Uncaught |\[?Unhandled\w{0,20}\]?:? |Caused by: |\[cause\]: |error: "
    r"(?=\w{0,40}Error\b)|thrown: \"?)?"
    r"(?P<type>(?:[A-Z]\w{0,60})?(?:Error|Exception))(?: \[(?P<code>\w{1,60})\])?(?: \(\w{1,40}\))?: (?P<message>.*)$"
)
FRAME = re.compile(
    r"^\s{0,16}(?:at |❯ |- )(?:[^()\n]{0,200}?[( ])?(?P<path>(?:file://)?(?:[A-Za-z]:)?(?:node:)?[^\s():]{1,400})"
    r":(?P<line>\d{1,7}):\d{1,7}\)?(?:\s|$)"
)
_HEAD = re.compile(r"^(?:file://)?(?P<path>/?[^\s:]{1,400}\.[cm]?[jt]sx?):(?P<line>\d{1,7})$")
_STACK = re.compile(r"^\s{0,8}- (?P<path>/[^\s:]{1,400})$")
_SHOWN = re.compile(r"^\s{0,8}>?\s{0,6}\d{1,6} ?\| ")
_MISSING = (
    re.compile(
        r"""Cannot find (?:module|package) ['"](?P<name>[^'"]{1,300})['"](?: (?:imported )?from ['"]?"""
        r"""(?P<by>[^'"\s]{1,400}))?"""
    ),
    re.compile(
        r"""(?:Could not|Failed to|Unable to|Can't|failed to|Cannot) (?:resolve|find)(?: (?:import|module"""
        r"""|entry for package))?:? ['"`](?P<name>[^'"`]{1,300})['"`](?: (?:imported )?(?:from|by|in) ['"]?"""
        r"""(?P<by>[^'"\s]{1,400}))?"""
    ),
    re.compile(
        r"""Failed to load url (?P<name>\S{1,300}) \(resolved id: [^)]{1,400}\)(?: in """
        r"""(?P<by>[^\s]{1,400}))?\. Does the file exist"""
    ),
    re.compile(r"""Unable to resolve module (?P<name>\S{1,300}) from (?P<by>\S{1,400}?):"""),
    re.compile(r"""Module not found ["'](?P<name>[^"']{1,300})["']"""),
)
_EXPORT = (
    re.compile(
        r"""["'](?P<name>[\w$]{1,80})["'] is not exported by ["'](?P<of>[^"']{1,300})["']"""
        r"""(?:, imported by ["'](?P<by>[^"']{1,300})["'])?"""
    ),
    re.compile(r"""No matching export in ["'](?P<of>[^"']{1,300})["'] for import ["'](?P<name>[^"']{1,80})["']"""),
    re.compile(
        r"""requested module ['"](?P<of>[^'"]{1,300})['"] does not provide an export named ['"](?P<name>[\w$]{1,80})"""
    ),
    re.compile(
        r"""(?:import error|export) ?:? ?['"](?P<name>[\w$]{1,80})['"].{0,60}(?:not exported from"""
        r"""|not found in) ['"](?P<of>[^'"]{1,300})"""
    ),
    re.compile(
        r"""Named export ['"](?P<name>[\w$]{1,80})['"] not found\. The requested module ['"](?P<of>[^'"]{1,300})"""
    ),
)
_NAMES = (
    re.compile(r"^(?P<s>[\w$.]{1,80}) is not (?:defined|a function|iterable|a constructor)"),
    re.compile(r"\((?:reading|setting) '(?P<s>[^']{1,80})'\)"),
    re.compile(r"open '(?P<s>[^']{1,300})'|spawn (?P<t>\S{1,200}) ENOENT"),
)
_TESTED = (
    "Test Files ",
    "Tests: ",
    "Test Suites:",
    " passing",
    " failing",
    "Running ",
    " FAIL  ",
    "test-results/",
    "not ok ",
)


def missing(log: Log, message: str) -> tuple[str, str | None, Cause] | None:
    """Name, importing file and category, where a message says that a module cannot be found."""
    for pattern in _MISSING:
        if not (match := pattern.search(message)):
            continue
        name = match["name"]
        by = match.groupdict().get("by")
        kind = log.own.missing(name)
        if kind == "file" and "/node_modules/" in name:
            kind = "package"
        if kind == "package" and log.project and log.own.module(name.split("/")[0]):
            kind = "alias"
        causes = {
            "file": Cause(category="import", alternatives=("dependency",)),
            "alias": Cause(category="config", alternatives=("import", "dependency")),
            "package": Cause(category="dependency", alternatives=("import",)),
        }
        return name, by, causes[kind]
    return None


def unexported(message: str) -> tuple[str, str | None] | None:
    """Name and importing file, where a message says that a module does not export a name."""
    for pattern in _EXPORT:
        if match := pattern.search(message):
            return match["name"], match.groupdict().get("by")
    return None


def read(log: Log) -> Iterator[Clue]:
    """The exceptions in order; in tests the first decides, else the last."""
    if not log.has("Error", "Exception", "resolve ", "find module", "find package"):
        return
    for at, line in enumerate(log.lines):
        if clue := _at(log, at, line) or _bare(log, at, line):
            yield clue


def _at(log: Log, at: int, line: str) -> Clue | None:
    match = _RAISED.match(line)
    if match is None:
        return None
    tested = any(words in log.body for words in _TESTED)
    kind, message = match["type"], match["message"].strip()
    if re.match(r"No tests? |\s+[x×⨯] ", match["message"]):
        return None
    following = _block(log, at)
    frames = [(m["path"], int(m["line"])) for text in following if (m := FRAME.match(text))]
    code = match["code"] or next((m[1] for text in following[:40] if (m := re.match(r"^\s+code: '(\w+)'", text))), None)
    if not frames and not tested and not code and not _script(log):
        return None
    path, line_number = _place(log, at, frames, following)
    symbol = next((m["s"] or m.groupdict().get("t") for p in _NAMES if (m := p.search(message))), None)
    whole = f"{kind}{f' [{code}]' if code else ''}: {message}"
    cause = of_exception(kind, f"{message} [{code}]" if code else message, "javascript")
    if cause.category == "syntax" and any("JSON.parse" in text for text in following[:6]):
        cause = Cause(category="runtime", alternatives=("logic",))
    if lost := missing(log, message):
        symbol, by, cause = lost
        path, line_number = _importer(log, by, path, line_number, following)
        if path is None and by is None and re.search(r"^\s*RUN +v\d|vitest", log.body, re.M) and symbol.startswith("/"):
            cause, path = Cause(category="config", alternatives=("import",)), "vitest.config.ts"
    elif lack := unexported(message):
        symbol, cause = lack[0], Cause(category="import", alternatives=("dependency",))
        path = log.own.relative(lack[1]) or path
    if expectation(kind, message, following):
        cause = Cause(category="logic")
    if cause.category == "logic" and path and is_test(path):
        about = subject(log, path, [text for text in following if _SHOWN.match(text)])
        path, line_number = (path, line_number) if about == path else (about, None)
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=whole,
        rank=WRAPPER + 5 if message.startswith("Command failed") else DIAGNOSTIC - 1 if tested else EXCEPTION,
        path=path,
        line=line_number,
        code=code or cause.code or kind,
        symbol=symbol,
        evidence=(line.strip(),),
    )


def _bare(log: Log, at: int, line: str) -> Clue | None:
    """A module that cannot be found, said without the type of an exception, as bundlers and Jest do."""
    if "TS2" in line or _RAISED.match(line) or not (lost := missing(log, line[:600])):
        return None
    symbol, by, cause = lost
    if symbol == "" or by_message(line[:600], part="hosts"):
        return None
    following = log.after(at, 30)
    frames = [(m["path"], int(m["line"])) for text in following if (m := FRAME.match(text))]
    path, number = _importer(log, by, *_place(log, at, frames, following), following)
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=line.strip(),
        rank=DIAGNOSTIC - 1,
        path=path,
        line=number,
        code="unresolved",
        symbol=symbol,
        evidence=(line.strip(),),
    )


def expectation(kind: str, message: str, following: tuple[str, ...]) -> bool:
    """Whether a test's expectation was not met."""
    if "Assertion" in kind or re.match(r"(?:expect\(|expected\b|Snapshot |Unable to find |Found multiple )", message):
        return not re.search(r"(?i)timeout of \d+|exceeded", message)
    head = "\n".join(following[:12])
    return bool(re.search(r"^\s*(?:Expected(?: \w+)?: |Received(?: \w+)?: |- Expected|\+ Received)", head, re.M))


def _script(log: Log) -> bool:
    return bool(
        re.search(
            r"\b(?:node|npm|npx|yarn|pnpm|bun|deno|vite|vitest|jest|playwright|next|tsx|ts-node)\b",
            f"{log.tool} {log.command}",
        )
    )


def _block(log: Log, at: int) -> tuple[str, ...]:
    """The lines that belong to an exception: up to the next one, 60 at most."""
    lines = log.after(at, 60)
    for number, text in enumerate(lines):
        if _RAISED.match(text) and not text.lstrip().startswith(("Caused by", "[cause]")):
            return lines[:number]
    return lines


def _place(
    log: Log, at: int, frames: list[tuple[str, int]], following: tuple[str, ...]
) -> tuple[str | None, int | None]:
    """The innermost own frame; for errors found on reading a file, the place named above the message."""
    for path, line in frames:
        if own := log.own.relative(path):
            return own, line
    for text in reversed(log.lines[max(0, at - 8) : at]):
        if (match := _HEAD.match(text)) and (own := log.own.relative(match["path"])):
            return own, int(match["line"])
    for text in following[:12]:
        if (match := re.match(r"^\s*(?:file|File): (?P<path>[^\s:]+)(?::(?P<line>\d+))?", text)) and (
            own := log.own.relative(match["path"])
        ):
            return own, int(match["line"]) if match["line"] else None
    return None, None


def _importer(
    log: Log, by: str | None, path: str | None, line: int | None, following: tuple[str, ...]
) -> tuple[str | None, int | None]:
    """The own file that wants a module that is not there."""
    named = log.own.relative(by)
    if named and posixpath.splitext(named)[1]:
        return named, line if path == named else None
    if path:
        return path, line
    for text in following[:30]:
        if (match := _STACK.match(text)) and (own := log.own.relative(match["path"])):
            return own, None
    return None, None
