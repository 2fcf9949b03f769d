"""What linters and formatters write on the console: ruff, flake8, pylint, eslint, bandit, black, prettier."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import console, whole
from gencode_graph.validation.reports.lint_json import finding, pylint_numbers
from gencode_graph.validation.reports.report import Report, on_issues
from gencode_graph.validation.reports.security_json import bandit_numbers, severity_of

_RULE = r"(?P<rule>[A-Z]+\d+|invalid-syntax|SyntaxError)"
_CONCISE = re.compile(
    rf"^(?P<path>[^\n:]+):(?P<line>\d+):\d+:? {_RULE}:? (?:\[\*\] )?(?P<message>[^\n]*)$", re.MULTILINE
)
_PARSEABLE = re.compile(
    rf"^(?P<path>[^\n:(]+)(?::(?P<line>\d+):|\((?P<msvs>\d+)\):) "
    rf"\[{_RULE}(?:\((?P<symbol>[\w-]+)\))?[^\]\n]*\] (?P<message>[^\n]*)$",
    re.MULTILINE,
)
_COUNTED = re.compile(r"^(\d+) +([A-Z]+\d+) (\S[^\n]*)$", re.MULTILINE)
_FULL = re.compile(
    rf"^{_RULE}:? (?:\[\*\] )?(?P<message>[^\n]*)\n *--> (?P<path>[^\n]+):(?P<line>\d+):\d+$", re.MULTILINE
)
_GROUP = re.compile(r"^(?P<path>\S[^\n]*):$")
_GROUPED = re.compile(rf"^ +(?P<line>\d+):\d+ +{_RULE}:? (?:\[\*\] )?(?P<message>[^\n]*)$")
_STATISTICS = re.compile(r"^(\d+)\t([A-Z]+\d+|invalid-syntax|)\t(?:\[[ *-]\] )?([^\n]*)$", re.MULTILINE)
_PYLINT = re.compile(
    r"^(?P<path>[^\n:]+):(?P<line>\d+):\d+: (?P<rule>[CRWEFI]\d{4}): "
    r"(?P<message>[^\n]*(?:\n(?! *[^\n:]+:\d+:)[^\n*-][^\n]*)?) "
    r"\((?P<symbol>[\w-]+)\)$",
    re.MULTILINE,
)
_SCORE = re.compile(r"rated at (-?[\d.]+)/10")
_CLASSES = {"C": "convention", "R": "refactor", "W": "warning", "E": "error", "F": "fatal", "I": "info"}
_ESLINT = re.compile(r"^ +(?P<line>\d+):\d+ +(?P<level>error|warning) +(?P<message>\S[^\n]*?)(?: {2,}(?P<rule>\S+))?$")
_ESLINT_LINE = re.compile(
    r"^(?P<path>/[^\n:]+|[^\s:][^\n:]*): line (?P<line>\d+), col \d+, (?P<level>Error|Warning) - (?P<message>[^\n]*?)"
    r"(?: \((?P<rule>[^()\s]+)\))?$",
    re.MULTILINE,
)
"""Its compact form."""
_ESLINT_SUM = re.compile(r"(\d+) problems? \((\d+) errors?, (\d+) warnings?\)")
_FIXABLE = re.compile(r"(\d+) errors? and (\d+) warnings? potentially fixable")
_BANDIT = re.compile(
    r"^>> Issue: \[(?P<rule>\w+):[^\]\n]*\] (?P<message>[^\n]*)\n +Severity: (?P<level>\w+)[^\n]*\n"
    r"(?:[ \t]+(?!Location)[^\n]*\n){0,4}"
    r"[ \t]+Location: (?P<path>[^\n]+?):(?P<line>\d+)",
    re.MULTILINE,
)
_REFORMAT = re.compile(r"^(?:would reformat:?|Would reformat:|\[warn\]) +(?P<path>[^\n]+)$", re.MULTILINE)
_UNFORMATTED = re.compile(r"^unformatted: [^\n]*\n *--> (?P<path>[^\n]+?)(?::\d+:\d+)?$", re.MULTILINE)
_UNSORTED = re.compile(r"^ERROR: (?P<path>[^\n]+?) Imports are incorrectly sorted", re.MULTILINE)
_UNFORMATTABLE = re.compile(
    r"^(?:error: cannot format|error: Failed to parse|\[error\]) (?P<path>[^\n:]+):? ?(?P<message>[^\n]*)$",
    re.MULTILINE,
)
_FORMATTED = re.compile(
    r"left unchanged|already formatted|All matched files use Prettier|would be (?:left|reformatted)"
)


def read_ruff(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``ruff check``: full, concise, grouped, and its statistics."""
    text = console(output)
    statistics = _STATISTICS.findall(text)
    if statistics:
        return _sums("ruff-text", statistics, tool, exit_code, text)
    found = [_found(tool, match) for pattern in (_FULL, _CONCISE, _PARSEABLE) for match in pattern.finditer(text)]
    return _lint("ruff-text", found or list(_grouped(tool, text)), tool, exit_code, text, "All checks passed" in text)


def _sums(format_: str, counted: list[tuple[str, str, str]], tool: str, exit_code: int | None, text: str) -> Report:
    """Of statistics: how often each rule was broken, but not where."""
    found = [finding(tool, rule, f"{number} times: {message}", None, None) for number, rule, message in counted]
    rules = {rule or message: whole(number) for number, rule, message in counted}
    issues = sum(rules.values())
    numbers = {"issues": issues, "errors": issues}
    return on_issues(
        "lint", format_, found, tool=tool, exit_code=exit_code, output=text, numbers=numbers, by_rule=rules
    )


def _grouped(tool: str, text: str) -> Iterator[Finding]:
    path = ""
    for line in text.split("\n"):
        if match := _GROUP.match(line):
            path = match["path"]
        elif path and (match := _GROUPED.match(line)):
            yield finding(tool, match["rule"], match["message"], path, match["line"])


def read_flake8(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """flake8, pycodestyle: nothing written is clean where the exit code says so."""
    text = console(output)
    found = [_found(tool, match) for pattern in (_CONCISE, _PARSEABLE) for match in pattern.finditer(text)]
    if not found and (counted := _COUNTED.findall(text)):
        return _sums("flake8-text", counted, tool, exit_code, text)
    return _lint("flake8-text", found, tool, exit_code, text)


def read_pylint(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """pylint's own form, with its score."""
    text = console(output)
    matches = list(_PYLINT.finditer(text)) or [one for one in _PARSEABLE.finditer(text) if one["symbol"]]
    classes = [_CLASSES.get(match["rule"][0], "info") for match in matches]
    found = [
        finding(tool, match["symbol"], match["message"], match["path"], match["line"], level)
        for match, level in zip(matches, classes, strict=True)
    ]
    numbers = pylint_numbers(classes)
    score = _SCORE.search(text)
    if score:
        numbers["score"] = float(score[1])
    code = exit_code if found or score or exit_code == 0 else exit_code or 32
    return on_issues("lint", "pylint-text", found, tool=tool, exit_code=code, output=text, numbers=numbers)


def read_eslint(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """eslint's stylish form."""
    text = console(output)
    found = [
        finding(tool, match["rule"] or "fatal", match["message"], match["path"], match["line"], match["level"])
        for match in _ESLINT_LINE.finditer(text)
    ]
    path = ""
    for line in text.split("\n"):
        if match := _ESLINT.match(line):
            rule = match["rule"] or "fatal"
            found.append(finding(tool, rule, match["message"], path, match["line"], match["level"]))
        elif line and not line.startswith(" "):
            path = line.strip()
    total, fixable = _ESLINT_SUM.search(text), _FIXABLE.search(text)
    numbers: dict[str, float] = {"fatal": sum(one.message.startswith("Parsing error") for one in found)}
    numbers["fixable_errors"] = whole(fixable[1]) if fixable else 0
    if total:
        numbers |= {"issues": whole(total[1]), "errors": whole(total[2]), "warnings": whole(total[3])}
    code = exit_code if found or exit_code == 0 else exit_code or 2
    return on_issues("lint", "eslint-text", found, tool=tool, exit_code=code, output=text, numbers=numbers)


def read_bandit(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """bandit's screen and text forms."""
    text = console(output)
    matches = list(_BANDIT.finditer(text))
    found = [_found(tool, match, severity_of(match["level"])) for match in matches]
    ended = "No issues identified" in text or exit_code == 0
    code = exit_code if found or ended else exit_code or 2
    numbers = bandit_numbers(match["level"] for match in matches)
    return on_issues("lint", "bandit-text", found, tool=tool, exit_code=code, output=text, numbers=numbers)


def read_formatter(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``ruff format --check``, ``black --check``, ``isort --check``, ``prettier --check``: files that would change."""
    text = console(output)
    paths = [match["path"] for pattern in (_REFORMAT, _UNSORTED) for match in pattern.finditer(text)]
    paths += dict.fromkeys(match["path"] for match in _UNFORMATTED.finditer(text))
    paths = [path for path in paths if not path.startswith("Code style issues")]
    found = [finding(tool, "format", "is not formatted", path, None) for path in paths]
    broken = [finding(tool, "syntax", match["message"], match["path"], None) for match in _UNFORMATTABLE.finditer(text)]
    code = exit_code if found or broken or exit_code == 0 or _FORMATTED.search(text) else exit_code or 1
    numbers = {"files_would_change": len(paths)}
    return on_issues("lint", "format-text", [*found, *broken], tool=tool, exit_code=code, output=text, numbers=numbers)


def _found(tool: str, match: re.Match[str], severity: str = "error") -> Finding:
    line = match["line"] or match.groupdict().get("msvs")
    return finding(tool, match["rule"], match["message"], match["path"], line, severity)


def _lint(
    format_: str, found: list[Finding], tool: str, exit_code: int | None, text: str, clean: bool = False
) -> Report:
    code = exit_code if found or clean or exit_code == 0 else exit_code or 1
    return on_issues("lint", format_, found, tool=tool, exit_code=code, output=text)
