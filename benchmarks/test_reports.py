"""What is read out of outputs of test, lint, type, coverage and security tools, against what they say.

    python benchmarks/test_reports.py --cases FILE [--json] [--sniff]

FILE has an output on each line, with ``format``, ``tool``, ``kind``, ``exit_code`` and the ``expected`` numbers. A case
is right when every expected number is. Where an XML report cannot hold what the run did (``in_this_file``), what it
does hold is compared, in its own words: there an expected failure is skipped, and an unexpected pass passed. With
``--sniff`` the format is not told. Fails below 94.1 % (112 of 119).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.validation.reports import Report, read_report
from gencode_graph.validation.reports.formats import FORMATS, GENERAL

GOAL = 112 / 119
ROUNDED = 0.06
"""Percentages are given with one or two places, cut or rounded."""
IN_XML = {"passed": ("passed", "xpassed", "flaky"), "skipped": ("skipped", "xfailed", "todo")}


def read(case: dict[str, Any], sniff: bool) -> Report:
    """The report of one case."""
    kind = "coverage" if case["kind"] == "coverage" else None
    format_ = None if sniff or case["format"] not in {*FORMATS, *GENERAL} else case["format"]
    return read_report(case["output"], format=format_, tool=case["tool"], kind=kind, exit_code=case["exit_code"])


def wrong(expected: dict[str, Any], report: Report) -> list[str]:
    """Each expected number that was not read, in words."""
    if "in_this_file" in expected:
        expected = expected["in_this_file"]
        held = {name: sum(report.numbers.get(one, 0) for one in IN_XML.get(name, (name,))) for name in expected}
        return [f"{name}: {held[name]}, not {number}" for name, number in expected.items() if held[name] != number]
    problems = []
    for name, wanted in expected.items():
        if name == "note":
            continue
        if name == "available":
            mine: Any = report.outcome != "not run"
        elif name == "runs":
            mine = {key: report.runs.get(key) for key in wanted}
        elif name == "by_rule":
            mine = dict(report.by_rule)
        elif name == "packages" and isinstance(wanted, dict):
            mine = {key: report.numbers.get(f"{name}_{key}") for key in wanted}
        elif name == "build_failed" and isinstance(wanted, list):
            broken = [finding.path or "" for finding in report.findings if finding.rule.endswith("/not-loaded")]
            mine = sorted(path.rpartition("/")[2] for path in broken)
        elif name == "files" and isinstance(wanted, dict):
            problems += [f"{path}: not {file}" for path, file in wanted.items() if not same_file(path, file, report)]
            continue
        else:
            mine = report.numbers.get("suites" if name == "suites_total" else name)
        if not same(wanted, mine):
            problems.append(f"{name}: {mine}, not {wanted}")
    return problems


def same(wanted: Any, mine: Any) -> bool:
    """Whether two values are one."""
    if isinstance(wanted, bool):
        return mine is not None and bool(mine) is wanted
    if isinstance(wanted, float):
        return mine is not None and abs(wanted - mine) <= ROUNDED
    return bool(wanted == mine)


def same_file(path: str, wanted: Any, report: Report) -> bool:
    """Whether the numbers of a file were read; its path may have more in front."""
    found = [numbers for name, numbers in report.files.items() if name == path or name.endswith(f"/{path}")]
    numbers = wanted if isinstance(wanted, dict) else {"percent": wanted}
    return len(found) == 1 and all(same(value, found[0].get(name)) for name, value in numbers.items())


def main() -> int:
    """Read all cases, print what is right by format, and say whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--sniff", action="store_true", help="do not tell the format")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.cases.read_text(encoding="utf-8").splitlines() if line.strip()]
    started = time.perf_counter()
    problems = {case["id"]: wrong(case["expected"], read(case, options.sniff)) for case in cases}
    seconds = time.perf_counter() - started
    formats: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        formats[case["format"]].append(not problems[case["id"]])
    misses = {name: each for name, each in problems.items() if each}
    right = len(cases) - len(misses)
    good = bool(cases) and right / len(cases) >= GOAL
    if options.json:
        by_format = {name: {"right": sum(each), "of": len(each)} for name, each in sorted(formats.items())}
        figures = {"right": right, "of": len(cases), "goal": GOAL, "met": good, "seconds": round(seconds, 3)}
        print(json.dumps({**figures, "formats": by_format, "wrong": misses}, indent=1))
    else:
        for name, each in sorted(formats.items()):
            print(f"{name:26}{sum(each):4} of {len(each):3}")
        for name, each in misses.items():
            print(f"\n{name}", *each, sep="\n   ")
        print(f"\n{right} of {len(cases)} right, goal {GOAL:.1%}, {seconds:.2f} s{'' if good else '   MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
