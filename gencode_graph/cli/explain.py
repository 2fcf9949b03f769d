"""``--explain``: each decision of the memory with its weights, how sure it was, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gencode_graph.events import Decided, Event, Learned


class Explanation:
    """Hears the events of a run; what it heard as text."""

    def __init__(self) -> None:
        self._decided: dict[str, Decided] = {}
        self._learned: dict[str, Learned] = {}

    def hearing(self, hear: Callable[[Event], None]) -> Callable[[Event], None]:
        """A listener that hears what this one is told, and passes all on."""

        def both(event: Event) -> None:
            if event.type == "decided":
                self._decided[event.decision.id] = event
            elif event.type == "learned":
                self._learned[event.decision] = event
            hear(event)

        return both

    def text(self) -> str:
        """A paragraph for each decision, in order."""
        from gencode_graph.memory.blending import explain

        told = [f"{explain(it.decision)}\n  {self._outcome(it)}" for it in self._decided.values()]
        return "\n\n".join(told) or "The memory had nothing to decide."

    def _outcome(self, decided: Decided) -> str:
        learned = self._learned.get(decided.decision.id)
        if learned is None:
            return f"in {decided.step}; no outcome yet"
        score = "" if learned.score is None else f", score {learned.score:.2f}"
        return f"in {decided.step}; learned: {'it worked' if learned.success else 'it did not work'}{score}"
