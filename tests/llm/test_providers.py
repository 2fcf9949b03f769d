"""Which models a run asks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.errors import MissingError, SettingError
from gencode_graph.llm import connect_model
from gencode_graph.llm.prices import price_of
from gencode_graph.llm.providers import DEFAULTS, TIERS, chains_of
from gencode_graph.settings import Settings

GEMINI = {tier: f"google_genai:{name}" for tier, name in DEFAULTS["google_genai"].items()}
OPENAI = {tier: f"openai:{name}" for tier, name in DEFAULTS["openai"].items()}
CLAUDE = {tier: f"anthropic:{name}" for tier, name in DEFAULTS["anthropic"].items()}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((), None),
        (("GEMINI_API_KEY",), (GEMINI,)),
        (("GOOGLE_API_KEY",), (GEMINI,)),
        (("OPENAI_API_KEY",), (OPENAI,)),
        (("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY"), (GEMINI, OPENAI, CLAUDE)),
    ],
)
def test_the_key_that_is_set_decides(monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], expected: Any) -> None:
    for key in keys:
        monkeypatch.setenv(key, "a key")
    chains = chains_of(Settings())
    if expected is None:
        assert chains == {}
    else:
        assert chains == {tier: tuple(models[tier] for models in expected) for tier in TIERS}


def test_settings_come_before_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a key")
    chains = chains_of(Settings(model=" ollama:small ,groq:fast,ollama:small", model_complex="openai:gpt-6.1-sol"))
    assert chains["simple"] == chains["medium"] == ("ollama:small", "groq:fast")
    assert chains["complex"] == ("openai:gpt-6.1-sol",)


def test_one_tier_is_enough() -> None:
    assert set(chains_of(Settings(model_simple="ollama:small")).values()) == {("ollama:small",)}


def test_agents_can_be_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a key")
    assert chains_of(Settings(agents=False)) == {}


@pytest.mark.parametrize("model", ["gpt-6-luna", "openai:", ":x", "openai:a,b"])
def test_a_model_has_a_provider_and_a_name(model: str) -> None:
    with pytest.raises(SettingError, match="write provider:name"):
        chains_of(Settings(model=model))


@pytest.mark.parametrize(
    ("settings", "kind", "match"),
    [
        ({"model": "opnai:gpt-6-luna"}, SettingError, "no provider 'opnai'.* anthropic, .*google_genai.*openai"),
        ({"model": "perplexity:sonar"}, MissingError, "pip install langchain-perplexity"),
        ({"model": "openai:gpt-6-luna"}, SettingError, "set OPENAI_API_KEY"),
        ({"model": "google_genai:gemini-3.8-flash"}, SettingError, "set GOOGLE_API_KEY or GEMINI_API_KEY"),
    ],
)
async def test_what_cannot_be_asked_says_why(tmp_path: Path, settings: Any, kind: type[Exception], match: str) -> None:
    with pytest.raises(kind, match=match):
        async with connect_model(Settings(home=tmp_path, **settings), "run"):
            pytest.fail("it was connected")


async def test_without_any_there_is_no_model(tmp_path: Path) -> None:
    async with connect_model(Settings(home=tmp_path), "run") as model:
        assert model is None


@pytest.mark.parametrize("spec", [f"{p}:{name}" for p, names in DEFAULTS.items() for name in sorted({*names.values()})])
def test_the_price_and_the_window_of_every_default_are_known(spec: str) -> None:
    price = price_of(spec, Settings())
    assert 0 < price.usd(1_000_000, 0) <= 10
    assert price.usd(0, 1_000_000) > price.usd(1_000_000, 0) / 10
    assert price.window is not None
    assert price.window >= 200_000


def test_a_listed_price_is_exact() -> None:
    price = price_of("openai:gpt-6.1-terra", Settings())
    assert price.usd(100_000, 10_000) == pytest.approx(0.1 + 0.05)
    assert price.usd(100_000, 0, cached=100_000) < price.usd(100_000, 0) < price.usd(100_000, 0, stored=100_000)
    assert price.usd(300_000, 0) > 3 * price.usd(100_000, 0), "long prompts cost more a token"


def test_a_price_can_be_set_and_what_runs_here_is_free() -> None:
    settings = Settings(prices={"openai:mine": (1.0, 4.0), "openai:gpt-6-luna": (0.0, 0.0)})
    assert price_of("openai:mine", settings).usd(1_000_000, 500_000) == 3.0
    assert price_of("openai:gpt-6-luna", settings).usd(1_000_000, 500_000) == 0.0
    assert price_of("ollama:any", settings).usd(1_000_000, 500_000) == 0.0


@pytest.mark.parametrize("spec", ["openai:nobody-knows-it", "nvidia:something"])
def test_without_a_price_no_call(spec: str) -> None:
    with pytest.raises(SettingError, match=f"the price of {spec} is not known.*GENCODE_PRICES"):
        price_of(spec, Settings())


@pytest.mark.parametrize("price", [(-1.0, 1.0), (1.0, -1.0), (math.inf, 1.0), (1.0, math.nan)])
def test_a_price_is_not_below_nothing(price: tuple[float, float]) -> None:
    with pytest.raises(SettingError, match="neither may be below 0"):
        price_of("openai:mine", Settings(prices={"openai:mine": price}))
