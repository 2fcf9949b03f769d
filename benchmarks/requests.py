"""Every request of some case files, offline and from end to end: does each become an app that runs?

    python benchmarks/requests.py --cases ../shared/cases/requests/*.json --out out/requests [--json]

Prints a table, and fails unless every app passes its checks, all but one keep a row over a restart, no code file holds
a placeholder, and the entities of unrelated requests overlap below 0.5 (Jaccard) for 95 % of the pairs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find this very file

from rich.console import Console
from rich.progress import track
from rich.table import Table

from gencode_graph import Report, Settings, generate
from gencode_graph.errors import GencodeError

OVERLAP = 0.5


def main() -> int:
    """Run all cases, print the table, and say whether the thresholds hold."""
    options = _options()
    cases = [case for path in options.cases for case in json.loads(path.read_text(encoding="utf-8"))]
    rows = [_row(case, options.out) for case in track(cases, "Requests", console=Console(stderr=True))]
    verdict = _verdict(rows)
    if options.json:
        print(json.dumps({"rows": rows, "verdict": verdict}, indent=1))
    else:
        Console().print(_table(rows))
        for name, value in verdict.items():
            print(f"{name}: {value}")
    return 0 if verdict["holds"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", type=Path, required=True, help="JSON files: a list of {id, prompt}")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the apps; those of the same id are replaced"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _row(case: dict[str, str], out: Path) -> dict[str, Any]:
    workspace = (out / case["id"]).absolute()
    shutil.rmtree(workspace, ignore_errors=True)
    began = time.monotonic()
    try:
        report = generate(case["prompt"], settings=Settings(workspace=workspace))
    except GencodeError as error:
        return {"id": case["id"], "status": "error", "error": str(error), "passed": False, "row_kept": False}
    shutil.rmtree(workspace / ".gencode" / "build", ignore_errors=True)
    return _figures(case["id"], report) | {"seconds": round(time.monotonic() - began, 1)}


def _figures(name: str, report: Report) -> dict[str, Any]:
    failed = [step for step in report.steps if step.status != "passed"]
    checks = report.checks.model_dump()
    wanted = [requirement.status for requirement in report.requirements]
    rules = {finding.rule for step in report.steps for finding in step.findings}
    return {
        "id": name,
        "app": report.app.name if report.app else None,
        "archetype": report.app.archetype if report.app else None,
        "entities": [entity.name for entity in report.app.entities] if report.app else [],
        "status": report.status,
        "passed": not failed,
        "failed": {step.name: [finding.message[:300] for finding in step.findings[:3]] for step in failed},
        "tests": {key: checks[key] for key in ("backend_tests", "contract", "unit_tests", "e2e")},
        "row_kept": report.preview is not None and "app/lost-row" not in rules,
        "placeholders": "placeholder" in rules,
        "met": wanted.count("met"),
        "unmet": wanted.count("unmet"),
        "unclear": wanted.count("unclear"),
    }


def _verdict(rows: list[dict[str, Any]]) -> dict[str, Any]:
    sets = [set(row.get("entities", ())) for row in rows]
    overlaps = [len(a & b) / len(a | b) for a, b in itertools.combinations(sets, 2) if a | b]
    apart = sum(overlap < OVERLAP for overlap in overlaps) / max(1, len(overlaps))
    passed = sum(row["passed"] for row in rows)
    kept = sum(row["row_kept"] for row in rows)
    clean = not any(row.get("placeholders") for row in rows)
    return {
        "passed": f"{passed} of {len(rows)}",
        "row kept over a restart": f"{kept} of {len(rows)}",
        "placeholders": "none" if clean else "found",
        "pairs of requests whose entities differ": f"{apart:.1%}",
        "holds": passed == len(rows) and kept >= len(rows) - 1 and clean and apart >= 0.95,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(
        "request", "app", "entities", "status", "pytest", "fuzzed", "e2e", "row", "asked: met/unmet/unclear", "s"
    )
    for row in rows:
        tests = row.get("tests", {})
        counts = [_count(tests.get(key)) for key in ("backend_tests", "contract", "e2e")]
        asked = f"{row.get('met', 0)}/{row.get('unmet', 0)}/{row.get('unclear', 0)}"
        kept = "kept" if row["row_kept"] else "-"
        names = ", ".join(row.get("entities", ()))
        table.add_row(
            row["id"], row.get("app") or "-", names, row["status"], *counts, kept, asked, f"{row.get('seconds', 0):.0f}"
        )
    return table


def _count(counts: dict[str, int] | None) -> str:
    if counts is None:
        return "not run"
    return f"{counts['passed']}" + (f" ({counts['failed']} failed)" if counts["failed"] else "")


if __name__ == "__main__":
    sys.exit(main())
