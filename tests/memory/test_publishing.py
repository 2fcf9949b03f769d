"""What was learned is also found by meaning in LangGraph's store, and goes from there when it is forgotten."""

from __future__ import annotations

from pathlib import Path

from gencode_graph.decisions import Context, Outcome, Pattern
from gencode_graph.memory import connect_memory
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.log import open_log
from gencode_graph.memory.publishing import publish
from gencode_graph.memory.store import connect_store
from gencode_graph.settings import Settings

PATTERN = Pattern(
    id="p", kind="repair", signature="F401", text="'os' imported but unused", context=Context(), body={}, proof="ruff"
)


async def test_options_decisions_and_patterns_are_in_the_store_after_the_close(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    async with connect_memory(settings, redact=str) as memory:
        decision = await memory.decide("vibe", "frosted glass", key="a", context=Context(step="analysis"))
        await memory.learn(decision.id, Outcome(success=True, score=0.9))
        await memory.remember(PATTERN)
    async with connect_store(tmp_path / "memory" / "store", Lexical()) as store:
        (option, *_) = await store.asearch(("options", "vibe"), query="translucent frosted panels")
        (known,) = await store.asearch(("decisions",), query="glass", filter={"success": True})
        (pattern,) = await store.asearch(("patterns", "repair"), query="imported but unused")
        assert (option.key, known.key, pattern.key) == ("glass", "a", "p")
        assert (known.value["selected"], known.value["score"], known.value["step"]) == ("glass", 0.9, "analysis")
        assert Pattern.model_validate(pattern.value) == PATTERN
    async with connect_memory(settings, redact=str) as memory:
        await memory.judged("p", worked=True)
    async with connect_store(tmp_path / "memory" / "store", Lexical()) as store:
        (pattern,) = await store.asearch(("patterns", "repair"))
        assert pattern.value["worked"] == 1
    async with connect_memory(settings, redact=str) as memory:
        await memory.forget("p")
    async with connect_store(tmp_path / "memory" / "store", Lexical()) as store:
        assert await store.asearch(("patterns",)) == []


async def test_only_what_is_new_is_put(tmp_path: Path) -> None:
    settings, folder = Settings(home=tmp_path), tmp_path / "memory" / "store"
    async with connect_memory(settings, redact=str) as memory:
        await memory.decide("vibe", "frosted glass", key="a", context=Context())
    log = open_log(settings)
    assert await publish(log, folder, Lexical()) == 0
    log.learn("a", Outcome(success=True))
    assert await publish(log, folder, Lexical()) == 1
    (folder / "published.json").write_text("{")
    assert await publish(log, folder, Lexical()) == 7
    log.close()


async def test_a_store_that_cannot_be_used_keeps_nothing_from_being_learned(tmp_path: Path) -> None:
    settings, folder = Settings(home=tmp_path), tmp_path / "memory" / "store"
    folder.mkdir(parents=True)
    (folder / "items.db").write_bytes(b"no database" * 1000)
    async with connect_memory(settings, redact=str) as memory:
        await memory.remember(PATTERN)
    async with connect_memory(settings, redact=str) as memory:
        assert [pattern.id for pattern in await memory.patterns()] == ["p"]
