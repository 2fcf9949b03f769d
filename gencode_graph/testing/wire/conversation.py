"""What a client asked, the same whichever provider it took the server for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

DialectName = Literal["openai", "gemini", "anthropic"]
Role = Literal["user", "assistant", "tool"]

WHO = re.compile(r"\s*You are ([A-Z]\w+)")
WHAT = re.compile(r"\s*(Task|Review): *([\w-]+), *attempt *(\d+)")


def count_tokens(text: str) -> int:
    """Tokens of a text by the server's own count: a quarter of its bytes in UTF-8, rounded up."""
    return -(-len(text.encode(errors="surrogatepass")) // 4)


@dataclass(frozen=True)
class Turn:
    """One message of the user, the assistant or a tool."""

    role: Role
    text: str


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One call of a client, up to the answer that it waits for."""

    dialect: DialectName
    provider: str
    """``openai``, ``google``, ``anthropic``, or the first part of the path where the client's base URL has one."""
    model: str
    system: str = ""
    turns: tuple[Turn, ...] = ()
    stream: bool = False
    usage_wanted: bool = True
    """Whether a stream may end with the usage: what OpenAI calls ``stream_options.include_usage``."""
    schema: Mapping[str, Any] | None = None
    """JSON schema that the answer has to fit; empty where only JSON is asked for."""
    tools: Mapping[str, Any] = field(default_factory=dict)
    """Name -> JSON schema of the arguments."""
    tool: str | None = None
    """The tool that has to be called, if one has to be."""
    max_tokens: int | None = None
    key: str = ""
    """As the client sent it."""

    def __post_init__(self) -> None:
        texts = (self.model, self.system, *(turn.text for turn in self.turns), *self.tools, self.tool or "")
        if not all(isinstance(text, str) for text in texts) or not isinstance(self.max_tokens or 0, int):
            raise TypeError("a text is not a text, or a number not a number")

    @cached_property
    def agent(self) -> str | None:
        """Who asks, in small letters: the name after ``You are`` at the beginning of the system prompt."""
        found = WHO.match(self.system)
        return found[1].lower() if found else None

    @cached_property
    def kind(self) -> str | None:
        """``task`` or ``review``, from the first line of the first user message: ``Task: contracts, attempt 2``."""
        return self._what[1].lower() if self._what else None

    @property
    def step(self) -> str | None:
        """The step named there."""
        return self._what[2] if self._what else None

    @property
    def attempt(self) -> int | None:
        """The attempt named there."""
        return int(self._what[3]) if self._what else None

    @cached_property
    def _what(self) -> re.Match[str] | None:
        return next((WHAT.match(turn.text) for turn in self.turns if turn.role == "user"), None)

    @cached_property
    def user(self) -> str:
        """All that the user said."""
        return "\n\n".join(turn.text for turn in self.turns if turn.role == "user")

    @property
    def last(self) -> str:
        """The last message."""
        return self.turns[-1].text if self.turns else ""

    @cached_property
    def tokens(self) -> int:
        """Tokens of all that was sent, by the server's own count; four more for each message."""
        texts = [self.system, *(turn.text for turn in self.turns)]
        extra = [repr(self.schema)] if self.schema else []
        extra += [f"{name}{schema!r}" for name, schema in self.tools.items()]
        return sum(count_tokens(text) + 4 for text in texts if text) + sum(map(count_tokens, extra))

    @cached_property
    def digest(self) -> str:
        """The same for the same question to the same model."""
        said = repr((self.provider, self.model, self.system, self.turns, self.schema, self.tools))
        return sha256(said.encode(errors="surrogatepass")).hexdigest()[:16]
