"""What docs/models.md says is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.llm import Patience
from gencode_graph.llm.providers import DEFAULTS, TIERS
from gencode_graph.settings import Settings
from gencode_graph.testing import Rule, Wire

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("provider", DEFAULTS)
def test_the_defaults_are_these(provider: str) -> None:
    assert " | ".join(DEFAULTS[provider][tier] for tier in TIERS) in PAGE


def test_the_settings_exist_and_their_defaults_are_these() -> None:
    named = {name.lower() for name in re.findall(r"GENCODE_([A-Z_]+)", PAGE)}
    assert named <= set(Settings.model_fields)
    known = Settings()
    shown = {"budget_usd": "5", "budget_tokens": "2,000,000", "budget_calls": "200", "budget_seconds": "3600"}
    for name, text in shown.items():
        assert f"`GENCODE_{name.upper()}` | {text} |" in PAGE
        assert float(text.replace(",", "")) == getattr(known, name)
    assert f"({known.call_timeout:g})" in PAGE
    assert f"({known.calls_at_once})" in PAGE


def test_the_patience_is_this() -> None:
    patience = Patience()
    assert f"up to {patience.attempts} calls to the same model ({patience.timeouts} where" in PAGE
    assert f"up to {patience.longest_wait:g} s" in PAGE
    assert patience.opens_after == 6
    assert "fails six times in a row" in PAGE
    assert f"left alone for {patience.opens_for:g} s" in PAGE


async def test_the_code_runs(wire: Callable[..., Wire], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.setenv("GENCODE_HOME", str(tmp_path))
    names: dict[str, Any] = {}
    exec(code, names)
    with wire(Rule(reply="roses are red", step="poems"), Rule(reply="roses are red")):
        assert await names["poem"]() == "roses are red"
