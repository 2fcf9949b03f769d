"""An object's owner is dead when its process is, and never because we cannot see it."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from gencode_graph.sandbox import owners
from gencode_graph.sandbox.owners import DEADLINE, ENDS, LABEL, PREFIX, is_dead, labels

GONE = {f"{PREFIX}pid": "999999", f"{PREFIX}start": "1"}


@pytest.mark.parametrize(
    ("changed", "dead"),
    [
        ({}, False),
        (GONE, True),
        ({f"{PREFIX}start": "1"}, True),  # the number was given to another process
        (GONE | {f"{PREFIX}boot": "of another machine"}, False),
        (GONE | {f"{PREFIX}pidns": "pid:[1]"}, False),
        ({DEADLINE: "1"}, False),  # we see that it lives
        ({ENDS: str(int(time.time()) - 1)}, True),
        ({ENDS: str(int(time.time()) + 36_000)}, False),
        (GONE | {f"{PREFIX}boot": "of another machine", ENDS: "1"}, True),
        ({LABEL: "closed"}, True),
        ({LABEL: "open"}, False),
        (GONE | {f"{PREFIX}pidns": "pid:[1]", DEADLINE: "1"}, True),
        ({f"{PREFIX}pid": "no number"}, False),
        ({f"{PREFIX}pid": "no number", DEADLINE: "1"}, True),
    ],
)
def test_who_is_dead(changed: dict[str, str], dead: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "closed", {"closed"})
    assert is_dead(labels() | changed) == dead


def test_nothing_without_our_labels_is_judged_dead() -> None:
    assert not is_dead({})


def test_a_process_that_ended_is_dead() -> None:
    script = "import json; from gencode_graph.sandbox.owners import labels; print(json.dumps(labels()))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert is_dead(json.loads(ran.stdout))
