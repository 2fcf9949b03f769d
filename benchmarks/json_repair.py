"""JSON read out of broken text, against what it should be, beside the library alone.

    python benchmarks/json_repair.py --cases FILE [--json] [--wrong]

FILE has a case on each line, with ``input`` and ``expected``. Fails when we do no better than ``json.loads``, then one
value a line, then the library. A text without a value counts as the empty string, as the library has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import json_repair` would find this file

import json_repair

from gencode_graph.llm.salvage import salvage


def ours(text: str) -> Any:
    """What we make of a text."""
    try:
        return salvage(text)
    except ValueError:
        return ""


def strict(text: str) -> Any:
    """What JSON itself makes of it."""
    try:
        return json.loads(text)
    except ValueError:
        return ""


def library(text: str) -> Any:
    """What the library makes of it, asked only where JSON and one value a line fail."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return json_repair.loads(text)


def same(one: Any, other: Any) -> bool:
    """Equal, and true is not 1."""
    return bool(
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
        or (one == other and isinstance(one, bool) == isinstance(other, bool))
    )


READERS: dict[str, Callable[[str], Any]] = {
    "json.loads": strict,
    "json-repair alone": json_repair.loads,
    "json.loads, lines, json-repair": library,
    "salvage": ours,
}


def main() -> int:
    """Measure, print, and say whether we are at least as good as the library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--wrong", action="store_true", help="show what we get wrong")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.cases.read_text(encoding="utf-8").splitlines() if line.strip()]
    right: Counter[str] = Counter()
    for case in cases:
        for name, read in READERS.items():
            got = read(case["input"])
            good = same(got, case["expected"])
            right[name] += good
            if options.wrong and name == "salvage" and not good:
                print(f"{case['input']!r:.90}  wanted {case['expected']!r:.60}  got {got!r:.60}")
    if options.json:
        print(json.dumps({"cases": len(cases), "right": right}, indent=1))
    else:
        for name in READERS:
            print(f"{name:34}{right[name]:5} of {len(cases)}   {right[name] / len(cases):.3f}")
    return 0 if right["salvage"] >= right["json.loads, lines, json-repair"] else 1


if __name__ == "__main__":
    sys.exit(main())
