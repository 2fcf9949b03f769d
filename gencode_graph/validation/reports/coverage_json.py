"""Coverage as JSON: coverage.py, and Istanbul's two forms (jest, vitest, nyc, c8)."""

from __future__ import annotations

from typing import Any

from gencode_graph.validation.reports.guarded import UnreadableError, load_json, mapping
from gencode_graph.validation.reports.report import Report, on_coverage, percent


def read_coverage_py(output: str, *, tool: str = "coverage", exit_code: int | None = None) -> Report:
    """``coverage json``."""
    document = mapping(load_json(output))
    if "totals" not in document:
        raise UnreadableError("it has no totals")
    files = {path: _coverage_py(mapping(mapping(file).get("summary"))) for path, file in _items(document.get("files"))}
    return on_coverage("coverage-json", files, _coverage_py(mapping(document["totals"])))


def _coverage_py(summary: dict[str, Any]) -> dict[str, float]:
    statements, covered = _number(summary.get("num_statements")), _number(summary.get("covered_lines"))
    numbers = {"statements": statements, "covered": covered, "missing": _number(summary.get("missing_lines"))}
    if "num_branches" in summary:
        numbers |= {"branches": _number(summary["num_branches"])}
        numbers |= {"covered_branches": _number(summary.get("covered_branches"))}
    return {**numbers, "percent": percent(covered, statements)}


_ISTANBUL = {
    "statements": ("statements", "covered", "percent"),
    "lines": ("lines", "covered_lines", "percent_lines"),
    "branches": ("branches", "covered_branches", "percent_branches"),
    "functions": ("functions", "covered_functions", "percent_functions"),
}


def read_istanbul_summary(output: str, *, tool: str = "istanbul", exit_code: int | None = None) -> Report:
    """``coverage-summary.json``."""
    document = mapping(load_json(output))
    if "total" not in document:
        raise UnreadableError("it has no total")
    files = {path: _istanbul(mapping(file)) for path, file in document.items() if path != "total"}
    return on_coverage("istanbul-json-summary", files, _istanbul(mapping(document["total"])))


def _istanbul(summary: dict[str, Any]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for theirs, (total, covered, share) in _ISTANBUL.items():
        part = mapping(summary.get(theirs))
        if part:
            numbers |= {total: _number(part.get("total")), covered: _number(part.get("covered"))}
            numbers[share] = _number(part["pct"]) if _is_number(part.get("pct")) else 100.0
    if "statements" in numbers:
        numbers["missing"] = numbers["statements"] - numbers["covered"]
    return numbers


def read_istanbul(output: str, *, tool: str = "istanbul", exit_code: int | None = None) -> Report:
    """``coverage-final.json``: counters by file."""
    files = {path: _counters(mapping(file)) for path, file in _items(load_json(output)) if "s" in mapping(file)}
    if not files:
        raise UnreadableError("it has no counters")
    names = [name for name in next(iter(files.values())) if name not in ("percent", "missing")]
    return on_coverage("istanbul-json", files, {name: sum(file[name] for file in files.values()) for name in names})


def _counters(file: dict[str, Any]) -> dict[str, float]:
    statements = [_number(hits) for hits in mapping(file.get("s")).values()]
    functions = [_number(hits) for hits in mapping(file.get("f")).values()]
    ways = [_number(hit) for hits in mapping(file.get("b")).values() if isinstance(hits, list) for hit in hits]
    covered = sum(hits > 0 for hits in statements)
    lines: dict[Any, bool] = {}
    for key, place in mapping(file.get("statementMap")).items():
        line = str(mapping(mapping(place).get("start")).get("line"))
        lines[line] = lines.get(line, False) or _number(mapping(file.get("s")).get(key)) > 0
    return {
        "statements": len(statements), "covered": covered, "missing": len(statements) - covered,
        "branches": len(ways), "covered_branches": sum(hits > 0 for hits in ways),
        "functions": len(functions), "covered_functions": sum(hits > 0 for hits in functions),
        "lines": len(lines), "covered_lines": sum(lines.values()),
        "percent": percent(covered, len(statements)),
    }  # fmt: skip


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(mapping(value).items())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> float:
    return value if _is_number(value) else 0
