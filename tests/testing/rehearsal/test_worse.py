"""Answers made worse: every kind spoils what it is about, the same way each time, and leaves reviews lenient."""

from __future__ import annotations

import pytest

from gencode_graph.llm.answers import apply, read_answer
from gencode_graph.testing.rehearsal.worse import KINDS, TURNS, by_step, worse
from gencode_graph.testing.wire import Conversation, Rule, Turn
from gencode_graph.testing.wire.rules import Rules
from gencode_graph.testing.wire.script import Script

GOOD = "A route.\n\n```python path=backend/app/routers/extra.py\n" + "VALUE = 1\n" * 20 + "```\n"
FILES = {
    "backend/app/routers/issues.py": "import os\n\n\ndef here() -> str:\n    return os.curdir\n\n\nHERE = here()",
    "backend/tests/test_issues.py": "def test_here(client):\n    assert client",
    "frontend/src/main.tsx": "export const main = 1;",
}
SCRIPT = Script(rules=(Rule(kind="review", reply='{"score": 9}'), Rule(reply=GOOD)))


def call(step: str = "backend_implementation", kind: str = "Task") -> Conversation:
    owned = "backend/app/routers/, backend/tests/"
    shown = "".join(f"`{path}`\n```\n{text}\n```\n\n" for path, text in FILES.items())
    said = f"{kind}: {step}, attempt 2\n\nYou may write only: {owned}\n\n## Files\n\n{shown}"
    return Conversation(dialect="openai", provider="openai", model="any", turns=(Turn(role="user", text=said),))


def said(kind: str, to: Conversation) -> str:
    return Rules(rules=worse(SCRIPT, lambda _: kind).rules).decide(to).answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_something_else_and_the_same_again(kind: str) -> None:
    assert said(kind, call()) not in ("", GOOD)
    assert said(kind, call()) == said(kind, call())


@pytest.mark.parametrize("kind", ["imports", "removed", "short", "syntax", "weakened"])
def test_what_a_kind_spoils_can_be_read_out_of_it_and_is_the_agents_own(kind: str) -> None:
    done = apply(read_answer(said(kind, call()), known=FILES), FILES)
    paths = {*done.files, *done.removed, *(finding.path for finding in done.findings)}
    assert paths
    assert "frontend/src/main.tsx" not in paths


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"noise", "prose", "cut"}))
def test_reviewers_find_nothing(kind: str) -> None:
    assert said(kind, call(kind="Review")) == '{"score": 9}'


def test_each_step_has_its_kind() -> None:
    kind_of = by_step({"contracts": "cut"})
    assert [kind_of(call(step)) for step in ("contracts", "analysis")] == ["cut", "noise"]
    assert {kind for turns in TURNS.values() for kind in turns.values()} == {*KINDS}
