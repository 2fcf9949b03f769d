"""What a step tells of drafts that were not taken, and of all that was tried in vain."""

from __future__ import annotations

from gencode_graph.types import Finding, StepResult


def refused(best: StepResult, last: StepResult) -> tuple[Finding, ...]:
    """What is told of an agent's draft that was not taken."""
    why = next((finding for finding in last.findings if finding.severity == "error"), None)
    if best.origin == "model" or last.origin == "builtin" or why is None:
        return ()
    at = f" ({why.path}:{why.line})" if why.path else ""
    message = f"the draft of {last.producer} was refused, the built-in one stands: {why.rule}: {why.message[:300]}{at}"
    return (Finding(rule="agent/refused", message=message, severity="warning"),)


def tried(best: StepResult, last: StepResult) -> tuple[Finding, ...]:
    """For the person who has to take over from here: all that was tried, and why it was not enough."""
    if best.status == "passed":
        return ()
    ways = [f"{it.number}. {it.producer or 'checks'}: {'; '.join(it.errors)}" for it in last.history]
    return (Finding(rule="step/tried", message=f"all that was tried: {' | '.join(ways)}", severity="note"),)
