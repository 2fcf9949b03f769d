"""Coverage as XML: Cobertura, Clover, JaCoCo."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from gencode_graph.validation.reports.guarded import UnreadableError, load_xml, local, whole
from gencode_graph.validation.reports.report import Report, on_coverage, percent


def read_cobertura(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Cobertura, as coverage.py, Istanbul, coverlet and others write it; lines are its statements."""
    root = _root(output, "coverage")
    hits: dict[str, dict[str, int]] = {}
    for element in root.iter():
        if local(element) == "class":
            lines = hits.setdefault(element.get("filename") or element.get("name") or "", {})
            for line in _below(element, "lines", "line"):
                number = line.get("number") or ""
                lines[number] = max(lines.get(number, 0), whole(line.get("hits")))
    files = {path: _of_lines(len(lines), sum(hit > 0 for hit in lines.values())) for path, lines in hits.items()}
    statements = _attribute(root, "lines-valid", sum(int(file["statements"]) for file in files.values()))
    covered = _attribute(root, "lines-covered", sum(int(file["covered"]) for file in files.values()))
    numbers: dict[str, float] = {"statements": statements, "covered": covered}
    if root.get("branches-valid") is not None:
        numbers |= {"branches": whole(root.get("branches-valid"))}
        numbers |= {"covered_branches": whole(root.get("branches-covered"))}
    return on_coverage("cobertura-xml", files, numbers)


def read_clover(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """Clover, as Istanbul and PHPUnit write it."""
    root = _root(output, "coverage")
    project = next((child for child in root if local(child) == "project"), root)
    files: dict[str, dict[str, float]] = {}
    lines = covered_lines = 0
    for element in root.iter():
        if local(element) != "file":
            continue
        metrics = _metrics(element)
        statements, covered = whole(metrics.get("statements")), whole(metrics.get("coveredstatements"))
        files[element.get("path") or element.get("name") or ""] = _of_lines(statements, covered)
        counted = [line for line in element if local(line) == "line" and line.get("type") != "method"]
        lines += len(counted)
        covered_lines += sum(whole(line.get("count")) > 0 for line in counted)
    metrics = _metrics(project)
    numbers: dict[str, float] = {
        "statements": whole(metrics.get("statements")), "covered": whole(metrics.get("coveredstatements")),
        "branches": whole(metrics.get("conditionals")), "covered_branches": whole(metrics.get("coveredconditionals")),
        "functions": whole(metrics.get("methods")), "covered_functions": whole(metrics.get("coveredmethods")),
    }  # fmt: skip
    if lines:
        numbers |= {"lines": lines, "covered_lines": covered_lines}
    return on_coverage("clover-xml", files, numbers)


_JACOCO = {
    "LINE": ("lines", "covered_lines"), "BRANCH": ("branches", "covered_branches"),
    "METHOD": ("functions", "covered_functions"), "INSTRUCTION": ("instructions", "covered_instructions"),
}  # fmt: skip


def read_jacoco(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """JaCoCo; lines stand for statements."""
    root = _root(output, "report")
    files: dict[str, dict[str, float]] = {}
    for package in (element for element in root.iter() if local(element) == "package"):
        for source in (child for child in package if local(child) == "sourcefile"):
            counters = _counters(source)
            path = f"{package.get('name')}/{source.get('name')}"
            files[path] = _of_lines(int(counters.get("lines", 0)), int(counters.get("covered_lines", 0)))
    return on_coverage("jacoco-xml", files, _counters(root))


def _counters(element: Element) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for counter in (child for child in element if local(child) == "counter"):
        if names := _JACOCO.get(counter.get("type") or ""):
            covered = whole(counter.get("covered"))
            numbers |= {names[0]: covered + whole(counter.get("missed")), names[1]: covered}
    return numbers


def _root(output: str, name: str) -> Element:
    root = load_xml(output)
    if local(root) != name:
        raise UnreadableError(f"<{local(root)}> is not <{name}>")
    return root


def _below(element: Element, first: str, second: str) -> Iterable[Element]:
    return (line for child in element if local(child) == first for line in child if local(line) == second)


def _metrics(element: Element) -> dict[str, str]:
    return next((dict(child.attrib) for child in element if local(child) == "metrics"), {})


def _attribute(element: Element, name: str, otherwise: int) -> int:
    return otherwise if element.get(name) is None else whole(element.get(name))


def _of_lines(statements: int, covered: int) -> dict[str, float]:
    missing = statements - covered
    return {"statements": statements, "covered": covered, "missing": missing, "percent": percent(covered, statements)}
