"""Coverage as text: lcov, Go's profile, and the tables of coverage.py, Istanbul and go test."""

from __future__ import annotations

import re
from collections import defaultdict

from gencode_graph.validation.reports.guarded import UnreadableError, console, whole
from gencode_graph.validation.reports.report import Report, on_coverage, percent

_LCOV = {
    "LF": "lines", "LH": "covered_lines", "BRF": "branches", "BRH": "covered_branches", "FNF": "functions",
    "FNH": "covered_functions",
}  # fmt: skip
_BLOCK = re.compile(r"^(?P<path>[^\n]+?):(?P<span>\d+\.\d+,\d+\.\d+) (?P<statements>\d+) (?P<hits>\d+)$")
_ROW = re.compile(
    r"^(?P<name>\S(?:[^\n|]*\S)?)\s+(?P<statements>\d+)\s+(?P<missing>\d+)(?:\s+(?P<branches>\d+)\s+(?P<partial>\d+))?"
    r"\s+(?P<percent>\d+(?:\.\d+)?)%"
)
_SHARES = ("percent", "percent_branches", "percent_functions", "percent_lines")
_SUMMARY = re.compile(r"^(Statements|Branches|Functions|Lines)\s*: [\d.]+% \( (\d+)/(\d+) \)", re.MULTILINE)
_NAMES = {
    "Statements": ("covered", "statements"), "Branches": ("covered_branches", "branches"),
    "Functions": ("covered_functions", "functions"), "Lines": ("covered_lines", "lines"),
}  # fmt: skip
_GO_SHARE = re.compile(r"coverage: (\d+(?:\.\d+)?)% of statements")
_GO_OK = re.compile(r"\bok[ \t]+(\S+)[ \t]")
_GO_BAD = re.compile(r"^FAIL[ \t]+(\S+)[ \t]")


def read_lcov(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``lcov.info``; lines are counted where their sum is left out."""
    files: dict[str, dict[str, float]] = {}
    here: dict[str, float] | None = None
    for line in console(output).split("\n"):
        key, _, value = line.strip().partition(":")
        if key == "SF":
            here = files.setdefault(value, defaultdict(float))
        elif here is not None and key in _LCOV:
            here[_LCOV[key]] += whole(value)
        elif here is not None and key == "DA":
            here["_lines"] += 1
            here["_hit"] += whole(value.split(",")[1] if "," in value else 0) > 0
    if not files:
        raise UnreadableError("it names no source file")
    whole_files = {path: _lcov(numbers) for path, numbers in files.items()}
    names = {name for numbers in whole_files.values() for name in numbers if name != "percent"}
    return on_coverage(
        "lcov", whole_files, {name: sum(file.get(name, 0) for file in whole_files.values()) for name in names}
    )


def _lcov(numbers: dict[str, float]) -> dict[str, float]:
    lines, hit = numbers.pop("_lines", 0), numbers.pop("_hit", 0)
    known = {"lines": lines, "covered_lines": hit, **numbers}
    statements, covered = known["lines"], known["covered_lines"]
    return {
        **known, "statements": statements, "covered": covered, "missing": statements - covered,
        "percent": percent(covered, statements),
    }  # fmt: skip


def read_go_profile(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``go test -coverprofile``; a block that several packages ran counts once."""
    blocks: dict[tuple[str, str], tuple[int, bool]] = {}
    for line in console(output).split("\n"):
        if match := _BLOCK.match(line):
            key = (match["path"], match["span"])
            ran = whole(match["hits"]) > 0 or blocks.get(key, (0, False))[1]
            blocks[key] = (whole(match["statements"]), ran)
    if not blocks:
        raise UnreadableError("it has no blocks")
    files: dict[str, dict[str, float]] = {}
    for (path, _), (statements, ran) in blocks.items():
        file = files.setdefault(path, {"statements": 0, "covered": 0})
        file["statements"] += statements
        file["covered"] += statements if ran else 0
    for file in files.values():
        file["missing"] = file["statements"] - file["covered"]
        file["percent"] = percent(file["covered"], file["statements"])
    sums = {name: sum(file[name] for file in files.values()) for name in ("statements", "covered")}
    return on_coverage("go-coverprofile", files, sums)


def read_coverage_py(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """The table of ``coverage report`` or ``pytest --cov``; its percentage includes branches where it has them."""
    text = console(output)
    start = re.search(r"^\|? ?Name +\|? *Stmts", text, re.MULTILINE)
    if start is None:
        raise UnreadableError("it has no table")
    files: dict[str, dict[str, float]] = {}
    for line in text[start.end() :].split("\n")[1:]:
        match = _ROW.match(line.replace("|", " ").replace("**", " ").replace(r"\_", "_").strip())
        if match is None:
            continue
        numbers = _row(match)
        if match["name"] == "TOTAL":
            return on_coverage("coverage-text", files, numbers)
        files[match["name"]] = numbers
    sums = {name: sum(file[name] for file in files.values()) for name in ("statements", "covered")}
    return on_coverage("coverage-text", files, sums if files else None)


def _row(match: re.Match[str]) -> dict[str, float]:
    statements, missing = whole(match["statements"]), whole(match["missing"])
    covered = statements - missing
    numbers: dict[str, float] = {"statements": statements, "missing": missing, "covered": covered}
    numbers["percent"] = percent(covered, statements)
    if match["branches"] is not None:
        numbers |= {"branches": whole(match["branches"]), "partial_branches": whole(match["partial"])}
        numbers["percent_with_branches"] = float(match["percent"])
    return numbers


def read_istanbul(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """The table or the summary of jest, vitest, nyc and c8; the table has percentages only."""
    text = console(output)
    files: dict[str, dict[str, float]] = {}
    total: dict[str, float] = {}
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 5 or not all(re.fullmatch(r"\d+(?:\.\d+)?", cell) for cell in cells[1:5]):
            continue
        numbers = dict(zip(_SHARES, map(float, cells[1:5]), strict=True))
        if cells[0] == "All files":
            total = numbers
        else:
            files[cells[0]] = numbers
    for name, covered, number in _SUMMARY.findall(text):
        mine, whole_name = _NAMES[name]
        total |= {mine: whole(covered), whole_name: whole(number)}
    if not total:
        raise UnreadableError("it has no table")
    return on_coverage("istanbul-text", files, total)


def read_go_functions(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``go tool cover -func``: percentages of functions and of all statements."""
    rows = [line.rsplit(None, 1) for line in console(output).split("\n") if line.rstrip().endswith("%")]
    shares = {row[0].strip(): float(row[1][:-1]) for row in rows if re.fullmatch(r"\d+(?:\.\d+)?%", row[-1])}
    total = next((share for name, share in shares.items() if name.startswith("total:")), None)
    if total is None:
        raise UnreadableError("it has no total")
    functions = [share for name, share in shares.items() if not name.startswith("total:")]
    numbers = {"percent": total, "functions": len(functions), "covered_functions": sum(map(bool, functions))}
    return on_coverage("go-func-text", {}, numbers)


def read_go_console(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``go test -cover``: a percentage for each package, which stands before the name of one that failed."""
    files: dict[str, dict[str, float]] = {}
    before: float | None = None
    for line in console(output).split("\n"):
        share = _GO_SHARE.search(line)
        passed, failed = _GO_OK.search(line), _GO_BAD.match(line)
        if share and passed:
            files[passed[1]] = {"percent": float(share[1])}
        elif share:
            name = line[: share.start()].strip()
            before = None if name else float(share[1])
            if name and " " not in name:
                files[name] = {"percent": float(share[1])}
        elif failed and before is not None:
            files[failed[1]] = {"percent": before}
            before = None
    if not files:
        raise UnreadableError("it has no percentages")
    return on_coverage("go-cover-text", files)
