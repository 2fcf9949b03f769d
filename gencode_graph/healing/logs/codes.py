"""Compilers with numbered errors: TypeScript and C#."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml

from gencode_graph.healing.logs import javascript
from gencode_graph.healing.logs.causes import Cause
from gencode_graph.healing.logs.clue import DIAGNOSTIC, LINT, Clue, kinds
from gencode_graph.healing.logs.log import Log

_TSC = re.compile(
    r"^(?:ERROR(?: in)? |\[tsl\] |error )?(?:(?P<path>[^\s(:][^(:\n]{0,300}?)(?:\((?P<line>\d+),\d+\):|:"
    r"(?P<line2>\d+):\d+(?: -|:)))?\s?"
    r"error (?P<code>TS\d{3,6}): (?P<message>.*)$",
    re.M,
)
_LOOSE_TSC = re.compile(r"\b(?P<code>TS\d{4,5}): (?P<message>.*)$", re.M)
_NEAR = re.compile(r"(?P<path>[\w./@()\[\]-]+\.(?:[cm]?tsx?|vue|svelte|astro))(?:[:(](?P<line>\d+)[:,]\d+\)?)?")
_CS = re.compile(
    r"^\s*(?:(?P<path>[^\s(][^(\n]{0,300}?)\((?P<line>\d+),\d+(?:,\d+,\d+)?\): )?(?P<level>error|warning) "
    r"(?P<code>CS\d{4}): (?P<message>.*?)"
    r"(?: \[[^\]\n]+proj\])?$",
    re.M,
)
_QUOTED = re.compile(r"['\"`]([^'\"`\n]{1,200})['\"`]")
_SUGGESTED = re.compile(r"Did you mean (?:to write |the \w+(?: \w+)* )?'([^']{1,100})'")
_USING = re.compile(r"\busing (?:static )?[\w.]+;")


@cache
def table(tool: str) -> list[tuple[range, Cause]]:
    """Ranges of codes with their causes, in order."""
    data = yaml.safe_load((files("gencode_graph.healing") / "errors/codes.yaml").read_text("utf-8"))
    made: list[tuple[range, Cause]] = []
    for entry in data[tool]:
        category, alternatives = kinds(entry["is"])
        for word in str(entry["codes"]).split():
            first, _, last = word.partition("-")
            made.append(
                (range(int(first), int(last or first) + 1), Cause(category=category, alternatives=alternatives))
            )
    return made


def of_code(tool: str, number: int) -> Cause:
    """The category of a numbered error."""
    return next((cause for numbers, cause in table(tool) if number in numbers), Cause(category="type"))


def read(log: Log) -> Iterator[Clue]:
    """Numbered errors in order of the log."""
    if log.has("TS"):
        yield from _typescript(log)
    if log.has("CS"):
        yield from _csharp(log)


def _typescript(log: Log) -> Iterator[Clue]:
    found = False
    for match in _TSC.finditer(log.body):
        found = True
        line = match["line"] or match["line2"]
        yield _ts(log, match["code"], match["message"], log.own.relative(match["path"]), line)
    for match in _LOOSE_TSC.finditer(log.body) if not found else ():
        near = log.body[max(0, match.start() - 300) : match.end() + 400]
        place = _NEAR.search(near)
        path = log.own.relative(place["path"]) if place else None
        yield _ts(log, match["code"], match["message"], path, place["line"] if place else None)


def _ts(log: Log, code: str, message: str, path: str | None, line: str | None) -> Clue:
    cause = of_code("tsc", int(code[2:]))
    quoted = [text.strip("\"'") for text in _QUOTED.findall(message)]
    symbol = quoted[0] if quoted else None
    if code in ("TS2307", "TS2792", "TS2882") and (lost := javascript.missing(log, message)):
        symbol, _, cause = lost
    elif code in ("TS2305", "TS2614", "TS2724", "TS2459") and len(quoted) > 1:
        names = re.findall(
            r"(?:exported member(?: named)?|locally, but it is not exported|declares) '([^']+)'", message
        )
        symbol = names[0] if names else quoted[1]
    if code in ("TS2304", "TS2582", "TS2593") and re.search(
        r"name '(?:describe|it|test|expect|process|require|Buffer|__dirname|vi|jest)'", message
    ):
        cause = Cause(category="dependency", alternatives=("config", "type"))
    if code == "TS7016" and log.own.missing(symbol or "") == "file":
        cause = Cause(category="type", alternatives=("config", "import"))
    return Clue(
        category=cause.category,
        alternatives=cause.alternatives,
        message=message,
        rank=DIAGNOSTIC if cause.category != "lint" else DIAGNOSTIC - 5,
        path=path or ("tsconfig.json" if cause.category == "config" else None),
        line=int(line) if line and path else None,
        code=code,
        symbol=symbol,
        evidence=(f"error {code}: {message}",),
        tool="tsc",
    )


def _csharp(log: Log) -> Iterator[Clue]:
    for match in _CS.finditer(log.body):
        code, message = match["code"], match["message"]
        cause = of_code("cs", int(code[2:]))
        names = _QUOTED.findall(message)
        if code in ("CS0246", "CS0234", "CS0400"):
            cause = _missing_type(log, names, match[0])
        warning = match["level"] == "warning"
        path = log.own.relative(match["path"])
        yield Clue(
            category="lint" if warning else cause.category,
            alternatives=cause.alternatives,
            message=message,
            rank=LINT - 15 if warning else DIAGNOSTIC if cause.category != "lint" else LINT,
            path=path,
            line=int(match["line"]) if match["line"] and path else None,
            code=code,
            symbol=names[1 if code in ("CS1061", "CS0117") and len(names) > 1 else 0] if names else None,
            evidence=(match[0].strip(),),
            tool="csc",
        )


def _missing_type(log: Log, names: list[str], text: str) -> Cause:
    """A namespace that is used is a package's unless the project has it; a type that is used is misspelt or"""
    """ not imported."""
    heads = {name.split(".")[0] for name in names}
    stems = {re.split(r"[/.]", file)[-2] if "." in file else file for file in log.project}
    if heads & stems or set(names) & stems:
        return Cause(category="import", alternatives=("type", "dependency"))
    column = re.search(r"\((\d+),(\d+)", text)
    namespace = bool(column and int(column[2]) in (7, 8, 14) and "type or namespace" in text)
    if namespace or len(names) > 1:
        return Cause(category="dependency", alternatives=("import", "type"))
    return Cause(category="import", alternatives=("type", "dependency"))
