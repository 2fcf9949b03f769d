"""How hard a task is, from 0 to 10, by the app as it stands; and which tier of models that asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from gencode_graph.types import Task, Tier

FULL: Mapping[str, float] = {
    "lines": 20_000, "files": 250, "dependencies": 60, "operations": 40, "tables": 12, "languages": 8, "pages": 16,
}  # fmt: skip
"""At which count a measure gives its whole point; eight measures, ``auth`` being one point or none."""
AUTH = re.compile(
    r"\b(log ?ins?|sign ?(in|up)|passwords?|auth\w*|permissions?|roles?|oauth|sso|tenants?)\b", re.IGNORECASE
)
MEDIUM, COMPLEX = 3.0, 6.0
"""Scores from which a tier is chosen."""
TIERS: tuple[Tier, ...] = ("simple", "medium", "complex")


def complexity(task: Task, files: Mapping[str, str]) -> float:
    """0 for an empty app, 10 for one that is large in everything."""
    counts: dict[str, float] = {
        "lines": sum(text.count("\n") for text in files.values()),
        "files": len(files),
        "dependencies": _dependencies(files),
        "operations": _operations(files.get("openapi.json", "")),
        "tables": len(task.spec.entities) if task.spec else 0,
        "languages": len({PurePosixPath(path).suffix for path in files}),
        "pages": len(task.spec.pages) if task.spec else 0,
    }
    points = sum(min(1.0, counts[name] / full) for name, full in FULL.items()) + bool(AUTH.search(task.request))
    return round(points * 10 / (len(FULL) + 1), 1)


def tier_for(task: Task, files: Mapping[str, str], *, at_least: Tier = "simple") -> Tier:
    """The tier by complexity, never below ``at_least``, and one higher where the last attempt failed."""
    score = complexity(task, files)
    by_score = 2 if score >= COMPLEX else 1 if score >= MEDIUM else 0
    return TIERS[min(2, max(by_score, TIERS.index(at_least)) + bool(task.errors))]


def _dependencies(files: Mapping[str, str]) -> int:
    count = 0
    for path, text in files.items():
        if path.endswith("package.json"):
            kinds = map(_object(text).get, ("dependencies", "devDependencies"))
            count += sum(len(kind) for kind in kinds if isinstance(kind, dict))
        elif PurePosixPath(path).name.startswith("requirements") and path.endswith(".txt"):
            count += sum(bool(re.match(r"[A-Za-z]", line)) for line in text.splitlines())
    return count


def _operations(contract: str) -> int:
    paths = _object(contract).get("paths")
    return sum(len(item) for item in paths.values() if isinstance(item, dict)) if isinstance(paths, dict) else 0


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
