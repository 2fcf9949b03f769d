"""What is read out of recorded model answers, against what is in them.

    python benchmarks/answers.py --cases FILE [--json] [--wrong]

FILE has an answer on each line, with ``answer``, ``kind``, ``truncated`` and ``expected``. Operations are read without
the provider's reason for the end. Fails when a figure misses its goal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.llm.answers import Answer, Operation, read_answer

FILES = ("write", "edit", "fragment", "append", "delete", "rename")
GOALS = {
    "real path F1": (">=", 0.95),
    "real path and content recall": (">=", 0.92),
    "fragments and edits written as files": ("<=", 0),
    "cut-off files written as whole": ("<=", 1),
    "answers without a file in which one was invented": ("<=", 1),
    "truncation precision": (">=", 0.90),
    "truncation recall": (">=", 0.95),
}


def digest(text: str) -> str:
    """SHA-256 of a text by the rule of the cases."""
    lines = text.replace("\r\n", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    body = "\n".join(lines).rstrip()
    return hashlib.sha256(f"{body}\n".encode() if body else b"").hexdigest()


def names(wanted: dict[str, Any]) -> set[str]:
    """All that a path may be called."""
    return {wanted["path"], *wanted.get("path_alternatives", ())}


def paths(case: dict[str, Any], answer: Answer, kinds: Iterable[str]) -> tuple[int, int, int]:
    """Right, wanted and read paths of one answer."""
    expected = [item for item in case["expected"] if item["op"] in kinds and item["path"]]
    wanted = {item["path"]: names(item) for item in expected}
    read = {operation.path for operation in answer.operations if operation.op in kinds and operation.path}
    right = sum(bool(alternatives & read) for alternatives in wanted.values())
    return right, len(wanted), len(read)


def right_content(item: dict[str, Any], operations: Iterable[Operation]) -> bool:
    """Whether an operation is just what was wanted."""
    mine = [operation for operation in operations if operation.path in names(item)]
    if item["op"] == "write":
        good = {
            item["sha256"],
            *([item["sha256_alt"]] if isinstance(item.get("sha256_alt"), str) else item.get("sha256_alt", ())),
        }
        return any(operation.op == "write" and digest(operation.content) in good for operation in mine)
    if item["op"] == "edit":
        read = {(digest(one.search or ""), digest(one.content)) for one in mine if one.op == "edit" and one.complete}
        return all((edit["search_sha256"], edit["replace_sha256"]) in read for edit in item["edits"])
    if item["op"] in ("fragment", "append"):
        return any(operation.op == "fragment" and digest(operation.content) == item["sha256"] for operation in mine)
    if item["op"] == "rename":
        return any(operation.op == "rename" and operation.to == item["new_path"] for operation in mine)
    return any(operation.op == item["op"] for operation in mine)


def ratio(part: float, whole: float) -> float:
    """A share; 1 of nothing."""
    return part / whole if whole else 1.0


def score(right: int, wanted: int, read: int) -> float:
    """F1."""
    return ratio(2 * right, wanted + read)


def measure(cases: list[dict[str, Any]], wrong: bool) -> dict[str, float]:
    """All figures."""
    count: Counter[str] = Counter()
    for case in cases:
        answer = read_answer(case["answer"])
        real = case["kind"] == "real-llm"
        for where in ("all", "real") if real else ("all",):
            for scope, kinds in (("path", FILES), ("written path", ("write",))):
                for part, number in zip(("right", "wanted", "read"), paths(case, answer, kinds), strict=True):
                    count[f"{where} {scope} {part}"] += number
        problems = judge(case, answer, count, real)
        if wrong and problems:
            print(case["id"], case["kind"], *problems, sep="\n   ")
    return {
        "answers": len(cases),
        "real path F1": score(*(count[f"real path {part}"] for part in ("right", "wanted", "read"))),
        "real path and content recall": ratio(count["real content right"], count["real content wanted"]),
        "real written path F1": score(*(count[f"real written path {part}"] for part in ("right", "wanted", "read"))),
        "real written path and content recall": ratio(count["real written right"], count["real written wanted"]),
        "all path F1": score(*(count[f"all path {part}"] for part in ("right", "wanted", "read"))),
        "all path and content recall": ratio(count["all content right"], count["all content wanted"]),
        "commands found": ratio(count["shell right"], count["shell wanted"]),
        "fragments and edits wanted": count["parts"],
        "fragments and edits written as files": count["parts written"],
        "cut-off files wanted": count["cut"],
        "cut-off files written as whole": count["cut written"],
        "answers without a file": count["bare"],
        "answers without a file in which one was invented": count["invented"],
        "truncation precision": ratio(count["cut right"], count["cut said"]),
        "truncation recall": ratio(count["cut right"], count["cut true"]),
    }


def judge(case: dict[str, Any], answer: Answer, count: Counter[str], real: bool) -> list[str]:
    """Count what is right and wrong of one answer; the wrong things in words."""
    problems: list[str] = []
    wanted = [item for item in case["expected"] if item["op"] in FILES and item["path"]]
    whole = {operation.path for operation in answer.operations if operation.op == "write" and operation.complete}
    for item in wanted:
        if item.get("superseded"):
            continue
        good = right_content(item, answer.operations)
        for key in ("all content", "real content") if real else ("all content",):
            count[f"{key} wanted"] += 1
            count[f"{key} right"] += good
        if item["op"] == "write" and real:
            count["real written wanted"] += 1
            count["real written right"] += good
        if not good:
            problems.append(f"missed {item['op']} {item['path']}")
        if item["op"] in ("fragment", "edit", "append"):
            others = {name for other in wanted if other["op"] == "write" for name in names(other)}
            written = bool((names(item) - others) & whole)
            written |= any(digest(one.content) == item.get("sha256") for one in answer.operations if one.op == "write")
            count["parts"] += 1
            count["parts written"] += written
            problems += [f"PART WRITTEN {item['path']}"] if written else []
        elif item["op"] == "write" and item.get("complete") is False:
            count["cut"] += 1
            count["cut written"] += bool(names(item) & whole)
            problems += [f"CUT WRITTEN {item['path']}"] if names(item) & whole else []
    known = {name for item in wanted for name in names(item)}
    extra = sorted({str(one.path) for one in answer.operations if one.op in FILES and one.path} - known)
    problems += [f"extra {path}" for path in extra]
    if not wanted:
        count["bare"] += 1
        count["invented"] += bool(whole)
        problems += [f"INVENTED {path}" for path in sorted(map(str, whole))]
    shells = Counter(item["sha256"] for item in case["expected"] if item["op"] == "shell")
    read = Counter(digest(operation.content) for operation in answer.operations if operation.op == "shell")
    count["shell wanted"] += shells.total()
    count["shell right"] += (shells & read).total()
    if shells - read:
        problems.append(f"commands missed: {(shells - read).total()}")
    count["cut true"] += case["truncated"]
    count["cut said"] += answer.truncated
    count["cut right"] += case["truncated"] and answer.truncated
    if case["truncated"] != answer.truncated:
        problems.append(f"truncated: {answer.truncated}")
    return problems


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--wrong", action="store_true", help="name what is wrong, answer by answer")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.cases.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures = measure(cases, options.wrong)
    missed = [
        name for name, (sign, goal) in GOALS.items() if (figures[name] < goal if sign == ">=" else figures[name] > goal)
    ]
    if options.json:
        print(json.dumps({"figures": figures, "missed": missed}, indent=1))
    else:
        for name, value in figures.items():
            shown = f"{value:8.3f}" if isinstance(value, float) else f"{value:8d}"
            goal = f"   goal {GOALS[name][0]} {GOALS[name][1]}" if name in GOALS else ""
            print(f"{name:52}{shown}{goal}{'   MISSED' if name in missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
