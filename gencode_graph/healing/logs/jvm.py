"""Java and .NET: javac's and Maven's positions, and exceptions with frames of either."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.logs.causes import Cause, of_exception
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, TOOL, Clue, kinds
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.own import names
from gencode_graph.healing.logs.subject import is_test, subject

_JAVAC = re.compile(
    r"^(?:\[ERROR\] )?(?P<path>(?:[A-Za-z]:)?[^\s:\[\]]{1,300}\.(?:java|kt|scala|groovy)):(?:(?P<line>\d+): error:|\[(?P<line2>\d+),\d+\](?: error:)?|(?P<line3>\d+):\d+: error:) (?P<message>.*)$",
    re.M,
)
_SYNTAX = re.compile(
    r"expected$|expected, |^(?:illegal|unclosed|reached end of file|not a statement|class, interface|unexpected|orphaned|invalid method declaration"
    r"|malformed|'\w+' without '\w+'|unbalanced|<identifier>|else without|empty character|';' |premature|text block|variable declaration not allowed|integer number too large)"
)
_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^class \S+ is public, should be declared in a file named", "config syntax type"),
        (r"^(?:module not found|module \S+ does not|package \S+ is (?:not visible|declared in))", "dependency import config"),
        (r"^cannot access|bad class file|class file has wrong version", "dependency environment"),
        (r"^missing return statement", "type syntax logic"),
        (r"^(?:unreachable statement|variable .* might|unreported exception|duplicate class)", "type logic"),
        (r"^(?:invalid|release version|source release|target release|Source option|warnings found and -Werror)", "config environment"),
        (r"^static import only|^cannot find symbol$(?=.{0})", "type import"),
        (r"^cannot find symbol", "type import"),
        (r"^cyclic inheritance", "type import"),
    )
)  # fmt: skip
_PACKAGE = re.compile(r"^package (?P<name>[\w.]+) does not exist")
_SYMBOL = re.compile(r"^(?:\[ERROR\])?\s+symbol: +(?:\w+ )?(?P<symbol>\w+)", re.M)
_OPTIONS = re.compile(
    r"^(?:error|\[ERROR\].{0,200}): (?P<message>(?:release version|invalid (?:source|target) release|invalid flag|file not found|no source files).*)$",
    re.M,
)
_FILE_GONE = re.compile(r"file not found|no source files|invalid flag")
_MAIN = re.compile(
    r"^Error: (?P<message>Could not find or load main class (?P<symbol>\S+)|Main method not found in class (?P<symbol2>\S+?),.*|Unable to access jarfile (?P<symbol3>\S+)|.*LinkageError.*)$",
    re.M,
)
_RAISED = re.compile(
    r"^(?:\[ERROR\] +)?(?:Exception in thread \"[^\"]{0,100}\" |Unhandled [Ee]xception[.:]? ?|\[ERROR\] FATAL UNHANDLED EXCEPTION: |Caused by: | ---> )?"
    r"(?P<type>(?:[A-Za-z_]\w{0,80}[.$]){1,12}[A-Z]\w{0,80}(?:Exception|Error|Failure\w*|Failed\w*))(?: \(0x[0-9A-Fa-f]+\))?(?:: (?P<message>.*))?$"
)
_JAVA_FRAME = re.compile(
    r"^\s+at (?:[\w.$-]{1,80}(?:@[\w.]+)?/)?(?P<class>[\w.$<>]{1,300})\((?P<file>[\w$]+\.(?:java|kt|scala|groovy)):(?P<line>\d+)\)"
)
_NET_FRAME = re.compile(r"^\s*at .{1,400} (?:\[0x[0-9a-f]+\] )?in (?P<path>.{1,300}?):(?:line )?(?P<line>\d+)\s*$")
_NUNIT = re.compile(
    r"^\d+\) (?:Test )?(?P<kind>Failure|Error) : (?P<test>[\w.()<>, \"]+)\n(?P<message>(?:\s+.*\n){1,6})", re.M
)
_DOTNET_TEST = re.compile(
    r"^\s+Failed (?P<test>[\w.]+)(?:\([^)\n]*\))? \[[^\]]+\]\n\s+Error Message:\n\s+(?P<message>.*)(?P<rest>(?:\n.*){0,20})",
    re.M,
)
_SUREFIRE = re.compile(
    r"^\[ERROR\] +(?P<class>[\w.]+)\.(?P<test>\w+):(?P<line>\d+)(?:->[\w.:]+)* (?:» (?P<kind>\w+) ?)?(?P<message>.*)$",
    re.M,
)
_LIBRARY = re.compile(r"^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|scala|groovy)\.")


def read(log: Log) -> Iterator[Clue]:
    """What Java and .NET print."""
    if log.has(".java", ".kt", "release version", "invalid ", "Error: ", "no source files"):
        yield from _compiled(log)
    if log.has("Exception", "Error"):
        yield from _exceptions(log)
    yield from _tests(log)


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
    elif _SYNTAX.search(message):
        category, alternatives = kinds("syntax")
    else:
        category, alternatives = kinds(next((words for pattern, words in _MESSAGES if pattern.search(message)), "type"))
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
        match = _RAISED.match(line)
        if match is None:
            continue
        csharp = match["type"].startswith(("System.", "Microsoft.", "NUnit", "Xunit")) or " in " in "".join(
            log.after(at, 6)
        )
        following = log.after(at, 60)
        frames = list(_frames(log, following))
        head = line.startswith(("Exception in", "Unhandled", "[ERROR] FATAL"))
        if (
            not frames
            and not head
            and not line.startswith(("Caused by", " --->"))
            and not any(text.lstrip().startswith("at ") for text in following[:3])
        ):
            continue
        cause = of_exception(match["type"], match["message"] or "", "csharp" if csharp else "java")
        path, number = frames[0] if frames else (None, None)
        if cause.category == "logic" and path and is_test(path):
            about = subject(log, path)
            path, number = (path, number) if about == path else (about, None)
        last = re.split(r"[.$]", match["type"])[-1]
        made = Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=f"{match['type']}: {match['message'] or ''}".rstrip(": "),
            rank=EXCEPTION,
            path=path,
            line=number,
            code=cause.code or last,
            evidence=(line.strip(),),
        )
        if line.startswith(("Caused by", " --->")) and chain:
            before = chain[-1]
            vague = before.category == "runtime" or made.category in (
                "network",
                "timeout",
                "environment",
                "dependency",
                "config",
            )
            if vague:
                place = {"path": before.path, "line": before.line} if not made.path else {}
                chain[-1] = Clue(**{**made.__dict__, **place})
            continue
        chain.append(made)
    yield from chain


def _frames(log: Log, lines: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for line in lines:
        if match := _NET_FRAME.match(line):
            if own := log.own.relative(match["path"]):
                yield own, int(match["line"])
        elif (match := _JAVA_FRAME.match(line)) and not _LIBRARY.match(match["class"]):
            if not any(match["class"].startswith(f"{name}.") for name in names("java")):
                yield _source(log, match["class"], match["file"]), int(match["line"])
        elif _RAISED.match(line):
            return


def _source(log: Log, name: str, file: str) -> str:
    """The file of a class as the project, the log or the custom of the language has it."""
    package = "/".join(name.split(".")[:-2])
    path = f"{package}/{file}" if package else file
    for known in log.project:
        if known == path or known.endswith(f"/{path}"):
            return known
    shown = re.search(rf"((?:[\w.-]+/)+{re.escape(path)})\b", log.body[:200_000])
    return (log.own.relative(shown[1]) or path) if shown else path


def _tests(log: Log) -> Iterator[Clue]:
    for match in _NUNIT.finditer(log.body) if log.has("Errors and Failures", "Test Failure", "Test Error") else ():
        test = match["test"].split("(")[0].strip()
        owner = test.rsplit(".", 1)[0].rsplit(".", 1)[-1]
        path = subject(log, f"{owner}.cs")
        words = "logic" if match["kind"] == "Failure" else "runtime logic"
        category, alternatives = kinds(words)
        yield Clue(
            category=category,
            alternatives=alternatives,
            message=re.sub(r"\s+", " ", match["message"]).strip(),
            rank=EXCEPTION + 5,
            path=path,
            symbol=test,
            evidence=(match[0].split("\n")[0],),
        )
    for match in _DOTNET_TEST.finditer(log.body) if log.has("Error Message:") else ():
        frames = list(_frames(log, tuple(match["rest"].split("\n"))))
        path, line = frames[0] if frames else (None, None)
        named = re.match(r"^((?:\w+\.)*\w+Exception) ?: ?(.*)", match["message"])
        cause = of_exception(named[1], named[2], "csharp") if named else Cause(category="logic")
        about = subject(log, path) if path and cause.category == "logic" else path
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=match["message"],
            rank=EXCEPTION + 5,
            path=about,
            line=line if about == path else None,
            symbol=match["test"],
            evidence=(match["message"],),
        )
    for match in _SUREFIRE.finditer(log.body) if log.has("[ERROR]") else ():
        owner = match["class"].rsplit(".", 1)[-1]
        kind = match["kind"]
        cause = (
            of_exception(
                kind if kind.endswith(("Exception", "Error")) else f"{kind}Exception", match["message"], "java"
            )
            if kind
            else Cause(category="logic")
        )
        test = _source(log, f"{match['class']}.x", f"{owner}.java")
        about = subject(log, test) if cause.category == "logic" else test
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=match["message"] or kind or "failed",
            rank=EXCEPTION - 1,
            path=about,
            line=int(match["line"]) if about == test else None,
            code=kind,
            symbol=match["test"],
            evidence=(match[0],),
        )
