"""What is said to a client once a fault has had its way with an answer: still the same for every provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gencode_graph.testing.wire.conversation import Conversation, count_tokens
from gencode_graph.testing.wire.faults import Fault
from gencode_graph.testing.wire.rules import Answer

Reason = Literal["stop", "length", "filter", "blocked", "refusal", "tool"]
REFUSAL = "I'm sorry, but I can't help with that."
ENDS: Mapping[str, Reason | None] = {
    "length": "length",
    "no_finish": None,
    "filter_answer": "filter",
    "filter_prompt": "blocked",
    "refusal": "refusal",
    "empty_text": "stop",
    "empty": "stop",
}
"""Fault -> why the answer ends."""
PIECES = 40
"""Into which a long answer is cut for a stream."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Tokens of a call, by the server's own count or as told to the client."""

    tokens_in: int
    tokens_out: int
    """Thoughts included."""
    thoughts: int = 0

    @property
    def figures(self) -> Mapping[str, int]:
        """For the record."""
        return {"tokens_in": self.tokens_in, "tokens_out": self.tokens_out}


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer as a dialect is to write it."""

    call: Conversation
    number: int
    text: str
    tools: tuple[tuple[str, Mapping[str, Any] | str], ...] = ()
    reason: Reason | None = "stop"
    """None where the provider gives no reason."""
    cost: Cost
    told: Cost | None
    nothing: bool = False
    """No choices, no candidates."""

    def pieces(self) -> Iterator[str]:
        """The text in pieces, for a stream."""
        size = max(12, -(-len(self.text) // PIECES))
        yield from (self.text[start : start + size] for start in range(0, len(self.text), size))


def say(call: Conversation, number: int, answer: Answer, fault: Fault | None) -> Said:
    """What the client is to read, as long as the connection holds."""
    name = fault.name if fault else ""
    text, tools, thoughts = answer.text, answer.calls, answer.thoughts
    reason: Reason | None = "tool" if tools else "stop"
    if name in ("length", "no_finish", "filter_answer"):
        share = fault.at if fault and name == "length" else 0.5
        text, tools = text[: int(len(text) * share)], ()
        reason = ENDS[name]
    elif name in ("filter_prompt", "empty_text", "refusal", "empty"):
        text, tools = (REFUSAL if name == "refusal" else ""), ()
        reason = ENDS[name]
    room = call.max_tokens
    if room is not None and reason == "stop" and count_tokens(text) + thoughts > room:
        thoughts = min(thoughts, room)
        text, reason = _first_tokens(text, room - thoughts), "length"
    written = text + "".join(f"{tool}{arguments}" for tool, arguments in tools)
    cost = Cost(tokens_in=call.tokens, tokens_out=count_tokens(written) + thoughts, thoughts=thoughts)
    said = Said(call=call, number=number, text=text, tools=tools, reason=reason, cost=cost, told=cost)
    return replace(said, told=_told(cost, name), nothing=name == "empty")


def _first_tokens(text: str, tokens: int) -> str:
    """As much of a text as so many tokens hold."""
    return text.encode(errors="surrogatepass")[: tokens * 4].decode(errors="ignore")


def _told(cost: Cost, fault: str) -> Cost | None:
    if fault == "usage_zero":
        return Cost(tokens_in=0, tokens_out=0)
    if fault == "usage_low":
        return Cost(tokens_in=cost.tokens_in // 10, tokens_out=cost.tokens_out // 10)
    if fault == "usage_huge":
        return replace(cost, tokens_in=cost.tokens_in + 1_000_000, tokens_out=cost.tokens_out + 1_000_000)
    return None if fault == "usage_none" else cost
