"""Rules: which call gets which answer, and what goes wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gencode_graph.errors import SettingError
from gencode_graph.testing.wire.conversation import Conversation
from gencode_graph.testing.wire.faults import Chance, Fault

OTHERWISE = "No rule of this server matches the call."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All that a model says in one go."""

    text: str = ""
    calls: tuple[tuple[str, Mapping[str, Any] | str], ...] = ()
    """Tools that it calls, with their arguments; text is sent as it is, however wrong."""
    thoughts: int = 0
    """Tokens that it thought, which are paid for as well."""


Script = Callable[[Conversation], "str | Answer | Fault"]
Text = str | re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One answer, or one fault, and the calls that get it. What is None matches every call.

    A rule with a fault and no reply breaks the answer of the next rule that matches too.
    """

    reply: str | Answer | Script | None = None
    """A function is called in the server's own thread, one call at a time."""
    fault: Fault | str | None = None
    agent: str | None = None
    kind: str | None = None
    step: str | None = None
    attempt: int | None = None
    provider: str | None = None
    model: Text | None = None
    """A regular expression, found anywhere, as the next three."""
    system: Text | None = None
    user: Text | None = None
    """In anything that the user said."""
    last: Text | None = None
    """In the last message only."""
    longer_than: int | None = None
    """Tokens of the prompt, by the server's count."""
    times: int | None = None
    """How often the rule holds; after that, the next one does."""
    delay: float = 0.0
    """Seconds that the model takes before it says anything."""
    name: str | None = None
    """For the record; None is its place in the list."""

    def __post_init__(self) -> None:
        if self.reply is None and self.fault is None:
            raise SettingError("a rule needs a reply, a fault, or both")
        if self.kind not in (None, "task", "review"):
            raise SettingError(f"no call is of the kind {self.kind!r}; known: task, review")
        if self.agent is not None:
            object.__setattr__(self, "agent", self.agent.lower())
        if isinstance(self.fault, str):
            object.__setattr__(self, "fault", Fault(self.fault))
        for word in ("model", "system", "user", "last"):
            if isinstance(pattern := getattr(self, word), str):
                try:
                    object.__setattr__(self, word, re.compile(pattern))
                except re.error as error:
                    raise SettingError(f"{word} {pattern!r} is no regular expression: {error}") from None

    def matches(self, call: Conversation) -> bool:
        """Whether the rule is for this call, however often it has held."""
        for word in ("agent", "kind", "step", "attempt", "provider"):
            if (wanted := getattr(self, word)) is not None and wanted != getattr(call, word):
                return False
        for word in ("model", "system", "user", "last"):
            if (pattern := getattr(self, word)) is not None and not pattern.search(getattr(call, word)):
                return False
        return self.longer_than is None or call.tokens > self.longer_than


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a call gets."""

    answer: Answer
    fault: Fault | None
    rule: str | None
    delay: float


@dataclass
class Rules:
    """Rules in order, and how often each has held."""

    rules: Sequence[Rule]
    otherwise: str = OTHERWISE
    chance: Chance | None = None
    _held: dict[int, int] = field(default_factory=dict, init=False)

    def decide(self, call: Conversation) -> Decision:
        """The first rule that matches says what to do; a fault at random comes on top where it says no fault."""
        number, rule = self._first(call)
        fault = rule.fault if rule and isinstance(rule.fault, Fault) else None
        if number is not None:
            self._held[number] = self._held.get(number, 0) + 1
        name = (rule.name or str(number)) if rule else None
        speaker = rule
        if rule and rule.reply is None:
            speaker = self._first(call, spoken=True)[1]
        said = _said(speaker, call, self.otherwise)
        if isinstance(said, Fault):
            fault, said = said, Answer(text=self.otherwise)
        if fault is None and self.chance is not None:
            fault = self.chance.draw(call.provider)
        return Decision(answer=_for_tool(said, call), fault=fault, rule=name, delay=rule.delay if rule else 0.0)

    def _first(self, call: Conversation, *, spoken: bool = False) -> tuple[int | None, Rule | None]:
        for number, rule in enumerate(self.rules):
            spent = rule.times is not None and self._held.get(number, 0) >= rule.times
            if not spent and rule.matches(call) and not (spoken and rule.reply is None):
                return number, rule
        return None, None


def _said(rule: Rule | None, call: Conversation, otherwise: str) -> Answer | Fault:
    reply = otherwise if rule is None or rule.reply is None else rule.reply
    said = reply(call) if callable(reply) else reply
    return Answer(text=said) if isinstance(said, str) else said


def _for_tool(answer: Answer, call: Conversation) -> Answer:
    """Where a tool has to be called, a JSON object in the text is what it is called with."""
    if call.tool is None or answer.calls:
        return answer
    try:
        value = json.loads(answer.text)
    except ValueError:
        return answer
    return Answer(calls=((call.tool, value),), thoughts=answer.thoughts) if isinstance(value, dict) else answer
