"""The most memory is read where the kernel keeps it, in either version of control groups, and kept when it is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gencode_graph.sandbox import peak

PLACES = (
    "memory/docker/abc/memory.max_usage_in_bytes",
    "memory/system.slice/docker-abc.scope/memory.max_usage_in_bytes",
    "docker/abc/memory.peak",
    "system.slice/docker-abc.scope/memory.peak",
)


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_and_outlives_the_group(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "ROOT", tmp_path)
    monkeypatch.setattr(peak, "PAUSE", 0.0)
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    seen = peak.Peak("abc")
    for number in (1000, 5000):
        file.write_text(f"{number}\n", encoding="ascii")
        seen.look()
        assert seen.bytes == number
    shutil.rmtree(file.parent)
    seen.look()
    assert seen.bytes == 5000


def test_nothing_is_known_of_an_engine_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "ROOT", tmp_path)
    seen = peak.Peak("abc")
    seen.look()
    assert seen.bytes is None


def test_it_is_not_looked_at_more_often_than_is_of_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "ROOT", tmp_path)
    monkeypatch.setattr(peak, "PAUSE", 60.0)
    file = tmp_path / PLACES[0]
    file.parent.mkdir(parents=True)
    file.write_text("1000", encoding="ascii")
    seen = peak.Peak("abc")
    seen.look()
    file.write_text("5000", encoding="ascii")
    seen.look()
    assert seen.bytes == 1000
