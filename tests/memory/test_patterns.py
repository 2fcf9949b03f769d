"""A repair that worked is found again, where it fits; it is demoted when it fails and forgotten when there are many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gencode_graph.decisions import Context, Pattern
from gencode_graph.errors import InputError
from gencode_graph.llm.redaction import HIDDEN, redact
from gencode_graph.memory.embedders import Lexical
from gencode_graph.memory.log import Log, open_log
from gencode_graph.memory.meaning import Meaning
from gencode_graph.memory.patterns import Patterns
from gencode_graph.settings import Settings

HERE = Context(archetype="saas_app", step="backend_models", language="python")
OTHER_APP = Context(archetype="ecommerce_store", step="backend_models", language="python")
OTHER_LANGUAGE = Context(archetype="saas_app", step="frontend_mock", language="typescript")
SECRET = "sk-" + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4"


def pattern(name: str, text: str = "ruff/F401 'os' imported but unused", **other: object) -> Pattern:
    given = {"signature": f"signature of {text}", "context": HERE, "body": {"edits": [name]}, "used": 1, "worked": 1}
    return Pattern.model_validate({"id": name, "kind": "repair", "text": text, "proof": "ruff", **given, **other})


class Opener:
    """Opens the patterns in a folder, as a process would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.logs: list[Log] = []

    def __call__(self, folder: str = ".", most: int = 2000) -> Patterns:
        self.logs.append(open_log(Settings(home=self.home / folder)))
        return Patterns(self.logs[-1], Meaning(Lexical()), redact, most=most)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    opener = Opener(tmp_path)
    yield opener
    for log in opener.logs:
        log.close()


async def found(patterns: Patterns, text: str, context: Context = HERE) -> list[str]:
    return [p.id for p in await patterns.recall("repair", f"signature of {text}", text, context=context)]


async def test_it_is_recalled_in_the_next_run_too(opened: Opener) -> None:
    first = pattern("a")
    await opened().remember(first)
    assert await opened().recall("repair", first.signature, "anything", context=HERE) == [first]


async def test_what_another_process_remembers_is_found_at_once(opened: Opener) -> None:
    one, other = opened(), opened()
    assert await found(other, pattern("a").text) == []
    await one.remember(pattern("a"))
    assert await found(other, pattern("a").text) == ["a"]
    await one.forget("a")
    assert await found(other, pattern("a").text) == []
    await one.remember(pattern("a"))
    assert await found(other, pattern("a").text) == ["a"]


async def test_the_same_signature_comes_first_then_near_ones_then_foreign_ones(opened: Opener) -> None:
    patterns, text = opened(), "ruff/F401 'os' imported but unused"
    await patterns.remember(pattern("foreign", "ruff/F401 'sys' imported but unused", context=OTHER_APP))
    await patterns.remember(pattern("near", "ruff/F401 'json' imported but unused"))
    await patterns.remember(pattern("same", text, context=OTHER_APP))
    await patterns.remember(pattern("far", "the dialog has no label"))
    await patterns.remember(pattern("plan", text, kind="plan"))
    recalled = await patterns.recall("repair", f"signature of {text}", text, context=HERE)
    assert [(p.id, p.foreign) for p in recalled] == [("same", False), ("near", False), ("foreign", True)]


async def test_a_repair_of_another_language_is_foreign_even_with_the_same_signature(opened: Opener) -> None:
    patterns = opened()
    await patterns.remember(pattern("a"))
    recalled = await patterns.recall("repair", pattern("a").signature, pattern("a").text, context=OTHER_LANGUAGE)
    assert [p.foreign for p in recalled] == [True]


async def test_one_that_keeps_failing_is_demoted_and_returns_when_it_works_again(opened: Opener) -> None:
    patterns = opened()
    await patterns.remember(pattern("bad"))
    await patterns.remember(pattern("good"))
    text = pattern("bad").text
    await patterns.judged("bad", worked=False)
    assert await found(patterns, text) == ["good", "bad"]
    await patterns.judged("bad", worked=False)
    await patterns.judged("bad", worked=False)
    assert await found(patterns, text) == ["good"]
    await patterns.remember(pattern("bad"))
    assert await found(patterns, text) == ["good", "bad"]


async def test_remembering_it_again_is_one_more_success(opened: Opener) -> None:
    patterns = opened()
    for _ in range(3):
        await patterns.remember(pattern("a"))
    assert [(p.used, p.worked) for p in await patterns.all()] == [(3, 3)]


async def test_the_same_use_told_twice_counts_once(opened: Opener) -> None:
    patterns = opened()
    await patterns.remember(pattern("a"), key="run/work/1")
    await patterns.remember(pattern("a"), key="run/work/1")
    for key in ("run/work/2", "run/work/2", "run/work/3"):
        await patterns.judged("a", worked=key.endswith("3"), key=key)
    await opened().judged("a", worked=True, key="run/work/3")
    assert [(p.used, p.worked) for p in await patterns.all()] == [(3, 2)]


async def test_when_there_are_too_many_the_least_trusted_and_oldest_go(opened: Opener) -> None:
    patterns = opened(most=3)
    for name in "abc":
        await patterns.remember(pattern(name))
    await patterns.judged("b", worked=False)
    await patterns.remember(pattern("d"))
    assert sorted(p.id for p in await patterns.all()) == ["a", "c", "d"]
    await patterns.remember(pattern("e"))
    assert sorted(p.id for p in await patterns.all()) == ["c", "d", "e"]


@pytest.mark.parametrize("call", ["judged", "forget"])
async def test_an_unknown_pattern_is_said(opened: Opener, call: str) -> None:
    patterns = opened()
    with pytest.raises(InputError, match="no pattern 'nothing' is known"):
        await (patterns.forget("nothing") if call == "forget" else patterns.judged("nothing", worked=True))


async def test_nothing_secret_or_personal_is_kept(opened: Opener, tmp_path: Path) -> None:
    patterns = opened()
    body = {"edits": [{"before": [f"KEY = '{SECRET}'"], "after": ["mail('ada@example.com', 'grace@navy.mil')"]}]}
    await patterns.remember(pattern("a", f"/home/ada/app.py: {SECRET} of grace@navy.mil", body=body))
    (kept,) = await patterns.all()
    assert kept.text == f"~/app.py: {HIDDEN} of [e-mail]"
    assert kept.body["edits"][0]["before"] == [f"KEY = '{HIDDEN}'"]
    assert kept.body["edits"][0]["after"] == ["mail('ada@example.com', '[e-mail]')"]
    stored = b"".join(path.read_bytes() for path in (tmp_path / "memory").iterdir())
    assert SECRET.encode() not in stored
    assert b"navy.mil" not in stored


async def test_patterns_travel_as_lines_of_json(opened: Opener) -> None:
    here, there = opened("here"), opened("there")
    await here.remember(pattern("a"))
    await here.remember(pattern("b", "TS2304 cannot find name 'useState'", context=OTHER_LANGUAGE))
    await there.remember(pattern("a", used=5, worked=2))
    lines = await here.export()
    assert await there.import_([*lines, ""]) == 1
    assert await there.import_(lines) == 0
    assert {p.id: p.used for p in await there.all()} == {"a": 5, "b": 1}
    assert await found(there, "TS2304 cannot find name 'useState'", OTHER_LANGUAGE) == ["b"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is no pattern: the line: Invalid JSON"),
        ("[1]", "line 2 is no pattern: the line"),
        (json.dumps({**pattern("b").model_dump(), "kind": "spell"}), "line 2 is no pattern: kind: "),
        (json.dumps({**pattern("b").model_dump(), "extra": 1}), "line 2 is no pattern: extra: "),
        (pattern("b", used=1, worked=2).model_dump_json(), "line 2: a pattern cannot work more often"),
    ],
)
async def test_a_bad_line_is_named_and_nothing_is_taken_in(opened: Opener, line: str, says: str) -> None:
    patterns = opened()
    with pytest.raises(InputError, match=says):
        await patterns.import_([pattern("a").model_dump_json(), line])
    assert await patterns.all() == []
