"""A provider's embedder, through LangChain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from gencode_graph.errors import MissingError, ModelError, SettingError
from gencode_graph.llm.providers import KEYS, key_set, provider_of

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

DIMENSIONS = {
    "openai:text-embedding-3-small": 1536,
    "openai:text-embedding-3-large": 3072,
    "openai:text-embedding-ada-002": 1536,
    "google_genai:gemini-embedding-001": 3072,
    "mistralai:mistral-embed": 1024,
    "cohere:embed-v4.0": 1536,
}
"""Of models that are asked for often; of others the first answer tells."""
BATCH = 256
"""Texts in one call."""
LONGEST = 16_000
"""Characters of a text that are sent; more than that is refused by some models."""


@dataclass(frozen=True)
class Provided:
    """An embedder behind a provider's interface; every text costs a little and leaves this machine."""

    name: str
    """As ``provider:model``."""
    _seen: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require(self.name)

    @property
    def dimensions(self) -> int:
        """Numbers in a vector. ``SettingError`` for a model nobody knows, before the first text."""
        known = self._seen.get("dimensions") or DIMENSIONS.get(self.name)
        if known is None:
            raise SettingError(f"how many dimensions {self.name} has is known after its first text; embed one")
        return known

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text. Raises ``ModelError`` when the provider does not answer."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            try:
                answer = await self._client.aembed_documents(
                    [text[:LONGEST] or " " for text in texts[start : start + BATCH]]
                )
            except Exception as error:  # each provider has its own tree of errors
                raise ModelError(
                    f"{self.name} embedded nothing: {type(error).__name__}: {error}; try again, or set "
                    "GENCODE_EMBEDDER to lexical or minilm, which need no network"
                ) from error
            vectors += [_unit(vector) for vector in answer]
        if vectors:
            self._seen["dimensions"] = len(vectors[0])
        return vectors

    @cached_property
    def _client(self) -> Embeddings:
        from langchain.embeddings import init_embeddings

        # OpenAI's class would count tokens by a table that it downloads from elsewhere
        extra: dict[str, Any] = {"check_embedding_ctx_length": False} if "openai" in provider_of(self.name) else {}
        return init_embeddings(self.name, **extra)


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


def _require(spec: str) -> None:
    """Provider, package and key, in this order."""
    from langchain.embeddings import base

    provider = provider_of(spec)
    known = base._BUILTIN_PROVIDERS
    if provider not in known:
        raise SettingError(f"unknown embedder {spec!r}: there is no provider {provider!r}; known: {', '.join(known)}")
    package = known[provider][0].partition(".")[0]
    if find_spec(package) is None:
        raise MissingError(f"the embedder {spec} needs a package: pip install {package.replace('_', '-')}")
    names = KEYS.get(provider)
    if names and not key_set(provider):
        raise SettingError(f"the embedder {spec} needs a key: set {' or '.join(names)}, or GENCODE_EMBEDDER=lexical")
