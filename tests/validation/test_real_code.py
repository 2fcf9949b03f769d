"""The benchmark of the validators, on a small sample of the real code that is installed here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "validators.py"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("validators_benchmark", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_real_code_is_left_alone_and_its_cuts_are_found(benchmark: ModuleType) -> None:
    result = benchmark.measure(24)
    assert result["false_alarms"] == []
    assert result["files"] >= 8
    assert result["found"] >= 0.95 * result["cuts"], result["missed"]
