"""Reports of tests of Java and .NET: NUnit, ``dotnet test``, Surefire."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.healing.logs.causes import Cause, of_exception
from gencode_graph.healing.logs.clue import EXCEPTION, Clue, kinds
from gencode_graph.healing.logs.jvm import frames, source
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.subject import subject

_NUNIT = re.compile(
    r"^\d+\) (?:Test )?(?P<kind>Failure|Error) : (?P<test>[\w.()<>, \"]+)\n(?P<message>(?:\s+.*\n){1,6})", re.M
)
_DOTNET_TEST = re.compile(
    r"^\s+Failed (?P<test>[\w.]+)(?:\([^)\n]*\))? \[[^\]]+\]\n\s+Error Message:\n\s+(?P<message>.*)(?P<rest>"
    r"(?:\n.*){0,20})",
    re.M,
)
_SUREFIRE = re.compile(
    r"^\[ERROR\] +(?P<class>[\w.]+)\.(?P<test>\w+):(?P<line>\d+)(?:->[\w.:]+)* (?:» (?P<kind>\w+) ?)?(?P<message>.*)$",
    re.M,
)


def read(log: Log) -> Iterator[Clue]:
    """The failing tests in order."""
    if log.has("Errors and Failures", "Test Failure", "Test Error"):
        yield from (_nunit(log, match) for match in _NUNIT.finditer(log.body))
    if log.has("Error Message:"):
        yield from (_dotnet(log, match) for match in _DOTNET_TEST.finditer(log.body))
    if log.has("[ERROR]"):
        yield from (_surefire(log, match) for match in _SUREFIRE.finditer(log.body))


def _nunit(log: Log, match: re.Match[str]) -> Clue:
    test = match["test"].split("(")[0].strip()
    owner = test.rsplit(".", 1)[0].rsplit(".", 1)[-1]
    category, alternatives = kinds("logic" if match["kind"] == "Failure" else "runtime logic")
    return Clue(
        category=category,
        alternatives=alternatives,
        message=re.sub(r"\s+", " ", match["message"]).strip(),
        rank=EXCEPTION + 5,
        path=subject(log, f"{owner}.cs"),
        symbol=test,
        evidence=(match[0].split("\n")[0],),
    )


def _dotnet(log: Log, match: re.Match[str]) -> Clue:
    own = list(frames(log, tuple(match["rest"].split("\n"))))
    path, line = own[0] if own else (None, None)
    named = re.match(r"^((?:\w+\.)*\w+Exception) ?: ?(.*)", match["message"])
    cause = of_exception(named[1], named[2], "csharp") if named else Cause(category="logic")
    about = subject(log, path) if path and cause.category == "logic" else path
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=match["message"],
        rank=EXCEPTION + 5,
        path=about,
        line=line if about == path else None,
        symbol=match["test"],
        evidence=(match["message"],),
    )


def _surefire(log: Log, match: re.Match[str]) -> Clue:
    kind, cause = match["kind"], Cause(category="logic")
    if kind:
        whole = kind if kind.endswith(("Exception", "Error")) else f"{kind}Exception"
        cause = of_exception(whole, match["message"], "java")
    test = source(log, f"{match['class']}.x", f"{match['class'].rsplit('.', 1)[-1]}.java")
    about = subject(log, test) if cause.category == "logic" else test
    return Clue(
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
