"""A file against its former version: does it stop where the former one went on?"""

from __future__ import annotations

import re
from collections import Counter

from gencode_graph.types import Finding, Severity
from gencode_graph.validation.truncation import RULE

_TAIL = 3
"""Lines at the end of the new version that are looked for in the former one."""
_WHOLE = re.compile(
    r"@|(?:async )?def |class |import |from |#|//|/\*|[.#:@\w-][^{}]*\{|FROM |\[|- |\w+:"
    r"|export (?:type )?(?:\*|\{.*from)"
    r"|(?:export )?(?:default )?(?:async )?(?:function|class|interface|type|enum|const|let|var|abstract) "
)
"""What can be taken out at the end on purpose: definitions, imports, rules, comments."""


def shortened(path: str, before: str, after: str) -> list[Finding]:
    """At most one finding: the new version ends in the middle of the former one.

    An error where it ends inside a block, or lacks the statement that the former one ended with; a warning where whole
    definitions are gone from the end, which may be meant.
    """
    old, new = _lines(before), _lines(after)
    if not old or not new:
        return []
    at = _where(old, new)
    if at is None or at >= len(old):
        return []
    lost = old[at:]
    kept = Counter(line.strip() for line in new)
    kept.subtract(line.strip() for line in old[:at])
    gone = sum((Counter(line.strip() for line in lost) - kept).values())
    if gone < 0.8 * len(lost):
        return []  # moved, not lost
    severity: Severity = "warning" if _WHOLE.match(lost[0]) else "error"
    return [
        Finding(
            rule=RULE,
            message=f"{path} stops where its former version goes on: {len(lost)} lines are gone from its end",
            severity=severity,
            path=path,
            line=after.rstrip().count("\n") + 1,
            hint="send the whole file again, complete",
        )
    ]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _where(old: list[str], new: list[str]) -> int | None:
    """Behind which line of the former version the new one stops; its last line may be cut."""
    if old[-1] == new[-1]:
        return None
    for tail, part in ((new[-_TAIL:], ""), (new[-_TAIL - 1 : -1], new[-1])):
        size = len(tail)
        for start in range(len(old) - size, -1, -1) if size else ():
            end = start + size
            if old[start:end] == tail and (not part or (end < len(old) and old[end].startswith(part))):
                return end
    return None
