"""What a model costs: as configured, as ``genai-prices`` lists it, or nothing where it runs on this machine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from gencode_graph.errors import SettingError
from gencode_graph.settings import Settings

MILLION = 1_000_000

LISTED_AS = {
    "google_genai": "google",
    "google_vertexai": "google",
    "google_anthropic_vertex": "google",
    "azure_openai": "azure",
    "azure_ai": "azure",
    "anthropic_bedrock": "aws",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "mistralai": "mistral",
    "xai": "x-ai",
}
"""LangChain's name of a provider -> its name in the price list, where they differ."""

ON_THIS_MACHINE = frozenset({"ollama", "huggingface"})


class Price(Protocol):
    """USD for the tokens of one call."""

    def usd(self, tokens_in: int, tokens_out: int, *, cached: int = 0, stored: int = 0) -> float:
        """``cached`` and ``stored`` of the tokens sent were read from, or written to, the provider's cache."""

    @property
    def window(self) -> int | None:
        """Tokens that prompt and answer may have together; None where that is not known."""


@dataclass(frozen=True, kw_only=True)
class FixedPrice:
    """USD for a million tokens sent and received."""

    sent: float
    received: float
    window: int | None = None

    def usd(self, tokens_in: int, tokens_out: int, *, cached: int = 0, stored: int = 0) -> float:
        return (tokens_in * self.sent + tokens_out * self.received) / MILLION


@dataclass(frozen=True, kw_only=True)
class ListedPrice:
    """A price of the list: it may depend on the day and on how long the prompt is."""

    provider: str
    name: str
    window: int | None = None

    def usd(self, tokens_in: int, tokens_out: int, *, cached: int = 0, stored: int = 0) -> float:
        from genai_prices import Usage, calc_price

        usage = Usage(
            input_tokens=tokens_in, output_tokens=tokens_out, cache_read_tokens=cached, cache_write_tokens=stored
        )
        return float(calc_price(usage, self.name, provider_id=self.provider).total_price)


def price_of(spec: str, settings: Settings) -> Price:
    """The price of a ``provider:name``; ``SettingError`` where none is known."""
    if spec in settings.prices:
        sent, received = settings.prices[spec]
        if not (0 <= sent < math.inf and 0 <= received < math.inf):
            raise SettingError(f"the price of {spec} in GENCODE_PRICES is {sent}, {received}: neither may be below 0")
        return FixedPrice(sent=sent, received=received, window=_window(spec))
    provider, _, name = spec.partition(":")
    if provider in ON_THIS_MACHINE:
        return FixedPrice(sent=0.0, received=0.0)
    listed = _listed(spec)
    if listed is None:
        raise SettingError(
            f"the price of {spec} is not known, so no budget can hold: set it, in USD for a million tokens sent and "
            f"received, for instance GENCODE_PRICES='{{\"{spec}\": [1.0, 4.0]}}'; 0 and 0 if {name} costs nothing"
        )
    return listed


def _listed(spec: str) -> ListedPrice | None:
    from genai_prices import Usage, calc_price

    provider, _, name = spec.partition(":")
    known_as = LISTED_AS.get(provider, provider)
    try:
        found = calc_price(Usage(input_tokens=1, output_tokens=1), name, provider_id=known_as)
    except LookupError:
        return None
    return ListedPrice(provider=known_as, name=name, window=found.model.context_window)


def _window(spec: str) -> int | None:
    listed = _listed(spec)
    return listed.window if listed else None
