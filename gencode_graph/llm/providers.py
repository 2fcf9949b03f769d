"""Which models a run asks: what the settings name, or the defaults of the providers whose key is set."""

from __future__ import annotations

import os
from typing import get_args

from gencode_graph.errors import MissingError, SettingError
from gencode_graph.settings import Settings
from gencode_graph.types import Tier

TIERS: tuple[Tier, ...] = get_args(Tier)

DEFAULTS: dict[str, dict[Tier, str]] = {
    "google_genai": {"simple": "gemini-3.5-flash-lite", "medium": "gemini-3.8-flash", "complex": "gemini-3.8-flash"},
    "openai": {"simple": "gpt-6-luna", "medium": "gpt-6.1-terra", "complex": "gpt-6.1-sol"},
    "anthropic": {"simple": "claude-haiku-5-5", "medium": "claude-sonnet-5-5", "complex": "claude-opus-5-5"},
}
"""Asked in this order where no model is set. Generally available models of November 2026; prices: ``prices.py``."""

KEYS: dict[str, tuple[str, ...]] = {
    "google_genai": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "fireworks": ("FIREWORKS_API_KEY",),
    "groq": ("GROQ_API_KEY",),
    "mistralai": ("MISTRAL_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "together": ("TOGETHER_API_KEY",),
    "xai": ("XAI_API_KEY",),
}
"""Variables of the environment, any of which holds the key."""

Chains = dict[Tier, tuple[str, ...]]
"""For each tier the models, as ``provider:name``: the next one takes over when one fails."""


def chains_of(settings: Settings) -> Chains:
    """The chains of a run; empty where there is no model to ask. ``SettingError`` for a name that cannot be one."""
    if not settings.agents:
        return {}
    named: dict[Tier, str | None] = {
        "simple": settings.model_simple,
        "medium": settings.model_medium,
        "complex": settings.model_complex,
    }
    own = {tier: _parsed(text) for tier, text in named.items() if text}
    common = _parsed(settings.model) if settings.model else ()
    chains: Chains = {}
    for tier in TIERS:
        chain = own.get(tier) or common or _defaults(tier)
        if chain:
            chains[tier] = chain
    if chains:  # a tier of which nothing is known is done by the nearest one
        order = ("medium", "complex", "simple")
        nearest = next(chains[tier] for tier in order if tier in chains)
        chains = {tier: chains.get(tier, nearest) for tier in TIERS}
    return chains


def provider_of(spec: str) -> str:
    """``openai`` of ``openai:gpt-6-luna``."""
    return spec.partition(":")[0]


def key_set(provider: str) -> bool:
    """Whether the environment holds a key of this provider."""
    return any(os.environ.get(name, "").strip() for name in KEYS.get(provider, ()))


def require_key(spec: str) -> None:
    """Raise ``SettingError`` where the provider surely needs a key and has none."""
    provider = provider_of(spec)
    names = KEYS.get(provider)
    by_account = provider == "google_genai" and os.environ.get("GOOGLE_GENAI_USE_VERTEXAI", "").lower() in ("true", "1")
    if names and not key_set(provider) and not by_account:
        raise SettingError(f"{spec} needs a key: set {' or '.join(names)}, or another model with GENCODE_MODEL")


def check_provider(spec: str) -> None:
    """Raise ``SettingError`` for a provider nobody knows, ``MissingError`` where its package is not installed."""
    from importlib.util import find_spec

    from langchain.chat_models import base

    provider = provider_of(spec)
    known = base._BUILTIN_PROVIDERS
    if provider not in known:
        raise SettingError(f"there is no provider {provider!a} of models; known are {', '.join(sorted(known))}")
    package = known[provider][0].partition(".")[0]
    if find_spec(package) is None:
        raise MissingError(f"{spec} needs a package that is not here: pip install {package.replace('_', '-')}")


def _parsed(text: str) -> tuple[str, ...]:
    specs = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for spec in specs:
        provider, colon, name = spec.partition(":")
        if not colon or not provider or not name:
            raise SettingError(f"{spec!a} is no model: write provider:name, for instance openai:gpt-6-luna")
    return specs


def _defaults(tier: Tier) -> tuple[str, ...]:
    return tuple(f"{provider}:{names[tier]}" for provider, names in DEFAULTS.items() if key_set(provider))
