"""What a run waits for a person to approve of, as LangGraph's interrupts, and the answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gencode_graph.errors import ApprovalError, InputError

if TYPE_CHECKING:
    from langgraph.types import Command, Interrupt, StateSnapshot


def ask(step: str, findings: Sequence[str], variants: Sequence[str]) -> set[str]:
    """Those variants that a person approves of. Only in a node: the graph stops here until it is resumed with them."""
    from langgraph.types import interrupt

    said = interrupt({"ask": "transformation", "step": step, "findings": [*findings], "variants": [*variants]})
    return {str(label) for label in said or ()}


def unanswered(snapshot: StateSnapshot) -> None:
    """Raise ``ApprovalError`` where the graph waits for a person; the message numbers what can be approved of."""
    if not snapshot.interrupts:
        return
    lines = [f"{number}. {step}: {label}" for number, (_, step, label) in enumerate(_offered(snapshot), 1)]
    raise ApprovalError(
        "what was asked for is not reached; you may let one thing be changed:\n"
        + "\n".join(lines)
        + "\n`gencode resume --approve NUMBER` goes on with it, `gencode resume --approve 0` without a change"
    )


def answer(snapshot: StateSnapshot, approve: Sequence[int] | None) -> Command[str] | None:
    """What a stopped graph is to be told; None where it waits for nobody, or nothing was said.

    Raises ``InputError`` for a number that was not offered.
    """
    from langgraph.types import Command

    offered = _offered(snapshot)
    if approve is None:
        return None
    if wrong := [number for number in approve if number > len(offered)]:
        raise InputError(f"--approve {wrong[0]}: the run offers {len(offered)} changes to approve of")
    if not snapshot.interrupts:
        return None
    said: dict[str, list[str]] = {interrupt.id: [] for interrupt in snapshot.interrupts}
    for number in approve:
        if number:
            interrupt, _, label = offered[number - 1]
            said[interrupt.id].append(label)
    return Command(resume=said)


def _offered(snapshot: StateSnapshot) -> list[tuple[Interrupt, str, str]]:
    """The interrupt, the step and the label of everything that can be approved of, in a fixed order."""
    waiting = sorted(snapshot.interrupts, key=lambda interrupt: str(interrupt.value["step"]))
    return [(each, str(each.value["step"]), label) for each in waiting for label in each.value["variants"]]
