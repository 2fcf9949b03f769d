"""What to write down of a fault and its repair, for those who look into it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from benchmarks.healing_figures import Case
from benchmarks.mutators.apps import App, Fault
from gencode_graph.types import Finding

_FEW = 4


def note(
    fault: Fault,
    app: App,
    sick: Mapping[str, str],
    after: Mapping[str, str],
    found: Sequence[Finding],
    left: Sequence[Finding],
    case: Case,
) -> str:
    """The fault as a diff, what the checks said, and where it was not healed the repair and what they said then."""
    lines = [
        f"== {fault.kind} {fault.language} {'healed' if case.healed else 'NOT HEALED'} "
        f"(app {app.name}, {case.attempts} attempts, {case.seconds:.1f} s)"
    ]
    lines += _difference(app.files, sick)
    lines += [f"  found {_said(finding)}" for finding in found[:_FEW]]
    lines += [f"  a healer raised {case.crash}"] if case.crash else []
    if not case.healed:
        lines += ["  -- repair:", *(_difference(sick, after) or ["     nothing"])]
        lines += [f"  left  {_said(finding)}" for finding in left[:_FEW]]
    return "\n".join([*lines, "", ""])


def _said(finding: Finding) -> str:
    return f"{finding.rule} {finding.path}:{finding.line}: {' '.join(finding.message[-300:].split())}"


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Changed lines, without context."""
    lines: list[str] = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        if path not in after:
            lines.append(f"  {path}: the file is gone")
            continue
        lines.append(f"  {path}:")
        made = difflib.unified_diff(before.get(path, "").splitlines(), after[path].splitlines(), lineterm="", n=0)
        changes = [line for line in made if not line.startswith(("---", "+++"))]
        lines += [f"    {line[:160]}" for line in changes[:14]]
        lines += [f"    ... {len(changes) - 14} more lines"] if len(changes) > 14 else []
    return lines
