"""Placeholders are found, and real code is not taken for one."""

from __future__ import annotations

from typing import cast

import pytest

from gencode_graph.services import Services
from gencode_graph.types import Draft, Task
from gencode_graph.validation.placeholders import placeholders

TASK = Task(run_id="r", step="s", request="x", tree="")
NOBODY = cast("Services", None)

FOUND = {
    "a note in Python": ("a.py", "x = 1  # TODO: finish\n", 1),
    "a note in TypeScript": ("a.ts", "const a = 1;\n// fixme later\n", 2),
    "a note in JSX": ("a.tsx", "<div>\n{/* TODO */}\n</div>\n", 2),
    "filler text": ("a.tsx", "<p>Lorem ipsum dolor</p>", 1),
    "an announcement": ("a.html", "<h1>Coming soon</h1>", 1),
    "an elision": ("a.ts", "function f() {\n  // ...existing code\n}\n", 2),
    "a pass body": ("a.py", "def f():\n    pass\n", 1),
    "an ellipsis body": ("a.py", "class A:\n    async def f(self): ...\n", 2),
    "a raised excuse": ("a.py", "def f():\n    raise RuntimeError('not implemented')\n", 2),
}
CLEAN = {
    "a status called todo": ("a.ts", 'const status = { value: "todo", label: "Todo" };'),
    "a to-do list": ("a.tsx", "<h1>To-do list</h1>  // the tasks of today"),
    "an exception class": ("a.py", "class Oops(Exception):\n    pass\n"),
    "a pass among statements": ("a.py", "def f():\n    try:\n        g()\n    except KeyError:\n        pass\n"),
    "a spread": ("a.ts", "const b = { ...existing, c: 1 };"),
    "words of the request in a document": ("docs/analysis.md", "TODO: lorem ipsum, coming soon"),
    "code that does not parse is another check's": ("a.py", "def f(:\n"),
}


@pytest.mark.parametrize(("path", "text", "line"), FOUND.values(), ids=FOUND)
async def test_a_placeholder_is_found_at_its_line(path: str, text: str, line: int) -> None:
    verdict = await placeholders(TASK, Draft(files={path: text}), NOBODY)
    assert [(f.rule, f.path, f.line) for f in verdict.findings] == [("placeholder", path, line)]


@pytest.mark.parametrize(("path", "text"), CLEAN.values(), ids=CLEAN)
async def test_real_code_is_left_alone(path: str, text: str) -> None:
    assert (await placeholders(TASK, Draft(files={path: text.encode()}), NOBODY)).findings == ()
