"""What is read out of logs of tools, against what was wrong.

    python benchmarks/error_logs.py --cases FILE [--json] [--wrong]

FILE has a log on each line, with ``category``, ``category_alternatives`` and ``root_cause_file``. The same cases go
through a classifier by keywords, to compare. Fails when a figure misses its goal.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.healing.classify import Diagnosis, classify
from gencode_graph.healing.logs.clue import CATEGORIES

GOALS = {"strict": 0.85, "with alternatives": 0.92, "file": 0.85}
KEYWORDS = {
    "timeout": r"(?i)timed? ?out|timeout",
    "network": r"(?i)connection refused|ECONNREFUSED|ENOTFOUND|no such host|getaddrinfo",
    "syntax": r"(?i)syntax ?error|unexpected token|indentation",
    "dependency": r"(?i)no module named|cannot find (?:module|package)|ERESOLVE|no matching distribution",
    "import": r"(?i)cannot import|import cycle|circular",
    "environment": r"(?i)permission denied|EADDRINUSE|no such file|not found|out of memory",
    "security": r"(?i)vulnerab|CVE-",
    "lint": r"(?i)unused|\bF\d{3}\b|eslint|flake8|pylint",
    "type": r"(?i)type ?error|error TS|incompatible type|not assignable",
    "logic": r"(?i)assert|expected",
    "config": r"(?i)config|environment variable",
    "runtime": r"(?i)error|exception|panic",
}
"""Category -> pattern, the first that matches; what anybody would write first."""


def by_keywords(log: str) -> tuple[str, str | None]:
    """Category and file as a simple classifier has them."""
    category = next((name for name, pattern in KEYWORDS.items() if re.search(pattern, log)), "runtime")
    named = re.findall(r"([\w./-]+\.(?:py|tsx?|jsx?|mjs|cjs|go|java|cs|c|sh))\b", log)
    return category, named[-1] if named else None


def same_file(wanted: str, said: str | None) -> bool:
    """Whether a path names the wanted file; one may be the end of the other."""
    if not said:
        return False
    return wanted == said or said.endswith(f"/{wanted}") or wanted.endswith(f"/{said}")


def judge(case: dict[str, Any], category: str, path: str | None) -> Counter[str]:
    """What is right about one answer."""
    count = Counter(cases=1, strict=category == case["category"])
    count["with alternatives"] = category in (case["category"], *case["category_alternatives"])
    if case["root_cause_file"]:
        count["files"] = 1
        count["file"] = same_file(case["root_cause_file"], path)
    else:
        count["no files"] = 1
        count["file invented"] = path is not None
    return count


def rates(count: Counter[str]) -> dict[str, float]:
    """Shares of the counted."""
    return {
        "strict": count["strict"] / max(count["cases"], 1),
        "with alternatives": count["with alternatives"] / max(count["cases"], 1),
        "file": count["file"] / count["files"] if count["files"] else 1.0,
        "file named where there is none": count["file invented"] / max(count["no files"], 1),
    }


def diagnose(case: dict[str, Any]) -> Diagnosis:
    """One case through the classifier, with what the one who ran the tool knows."""
    return classify(
        case["log"], tool=case.get("tool") or "", command=case.get("command") or "", exit_code=case.get("exit_code")
    )


def measure(cases: list[dict[str, Any]], wrong: bool) -> dict[str, Any]:
    """All figures."""
    ours: Counter[str] = Counter()
    simple: Counter[str] = Counter()
    tools: dict[str, Counter[str]] = defaultdict(Counter)
    confusion: Counter[tuple[str, str]] = Counter()
    began = time.perf_counter()
    for case in cases:
        said = diagnose(case)
        count = judge(case, said.category, said.path)
        ours += count
        tools[case["tool"]] += count
        simple += judge(case, *by_keywords(case["log"]))
        confusion[case["category"], said.category] += 1
        missed_file = count["files"] > count["file"]
        if wrong and (not count["strict"] or missed_file):
            mark = "STRICT" if not count["with alternatives"] else "strict" if not count["strict"] else ""
            print(f"{case['id']}: {mark} {case['category']} -> {said.category} {case['category_alternatives']}")
            print(f"    file {case['root_cause_file']} -> {said.path}{'  MISSED' if missed_file else ''}")
            print(f"    {said.code} {said.symbol} {said.message[:160]}")
    return {
        "cases": len(cases),
        "seconds a log": (time.perf_counter() - began) / max(len(cases), 1),
        "ours": rates(ours),
        "keywords": rates(simple),
        "tools": {name: {"cases": count["cases"], **rates(count)} for name, count in sorted(tools.items())},
        "confusion": {f"{a} -> {b}": n for (a, b), n in sorted(confusion.items())},
    }


def show(figures: dict[str, Any]) -> None:
    """The tables for people."""
    print(f"{figures['cases']} logs, {figures['seconds a log'] * 1000:.1f} ms each\n")
    print(f"{'':34}{'ours':>9}{'keywords':>10}{'goal':>9}")
    for name, value in figures["ours"].items():
        goal = f"{GOALS[name]:9.2f}" if name in GOALS else ""
        print(f"{name:34}{value:9.3f}{figures['keywords'][name]:10.3f}{goal}")
    print(f"\n{'wanted / said':12}" + "".join(f"{name[:6]:>8}" for name in CATEGORIES))
    for wanted in CATEGORIES:
        row = [figures["confusion"].get(f"{wanted} -> {said}", 0) for said in CATEGORIES]
        print(f"{wanted:13}" + "".join(f"{number or '.':>8}" for number in row))
    print(f"\n{'tool':14}{'cases':>6}{'strict':>9}{'altern.':>9}{'file':>9}")
    for name, row in figures["tools"].items():
        print(f"{name:14}{row['cases']:6}{row['strict']:9.2f}{row['with alternatives']:9.2f}{row['file']:9.2f}")


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--wrong", action="store_true", help="name what is wrong, log by log")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.cases.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures = measure(cases, options.wrong)
    figures["missed"] = [name for name, goal in GOALS.items() if figures["ours"][name] < goal]
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        show(figures)
        for name in figures["missed"]:
            print(f"MISSED {name}: {figures['ours'][name]:.3f}, goal {GOALS[name]}")
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
