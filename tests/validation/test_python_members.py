"""What Python takes of the app's own modules and functions, and they do not have; and what nothing waits for."""

from __future__ import annotations

import pytest

from gencode_graph.validation.python_awaits import compiled, python_awaits
from gencode_graph.validation.python_members import python_members

FILES = {
    "backend/app/__init__.py": "",
    "backend/app/crud.py": (
        "import math\n\nLIMIT = 3\n\n\ndef find(number: int, *, deep: bool = False) -> int:\n    return number\n\n\n"
        "async def load(number: int) -> int:\n    return number\n\n\nasync def rows():\n    yield 1\n\n\n"
        "def anything(**given: int) -> int:\n    return len(given)\n"
    ),
    "backend/app/lazy.py": "def __getattr__(name: str) -> str:\n    return name\n",
    "backend/app/routers/__init__.py": "",
    "backend/app/routers/items.py": "router = 1\n",
}
HEAD = "from app import crud, lazy, routers\nfrom app.crud import find, load, rows\n\n\n"
LINES = [
    ("crud.LIMIT + crud.find(1)", []),
    ("crud.math.pi", []),
    ("crud.__name__", []),
    ("lazy.whatever", []),
    ("routers.items", []),
    ("crud.LIMT", ["imports/attribute"]),
    ("crud.find(1, deep=True)", []),
    ("crud.find(1, depth=True)", ["calls/argument"]),
    ("find(1, depth=True)", ["calls/argument"]),
    ("crud.anything(depth=1)", []),
    ("find(**{})", []),
]
WAITS = [
    ("await load(1)", []),
    ("run(load(1))", []),
    ("x = load(1)", []),
    ("load(1)", ["calls/await"]),
    ("load(1).bit_length()", ["calls/await"]),
    ("load(1).close()", []),
    ("crud.load(1) + 1", ["calls/await"]),
    ("[one for one in load(1)]", ["calls/await"]),
    ("[one async for one in rows()]", []),
    ("await find(1)", ["calls/await"]),
    ("await asyncio.sleep(1)", []),
]


@pytest.mark.parametrize(("line", "rules"), LINES)
def test_only_what_is_not_there_is_told_of(line: str, rules: list[str]) -> None:
    files = {**FILES, "backend/app/main.py": f"{HEAD}x = {line}\n"}
    assert [finding.rule for finding in python_members(files)] == rules


def test_a_name_that_is_bound_again_is_nobody_s() -> None:
    text = f"{HEAD}def f(crud):\n    return crud.LIMT\n"
    assert python_members({**FILES, "backend/app/main.py": text}) == []


@pytest.mark.parametrize(("line", "rules"), WAITS)
def test_a_coroutine_is_waited_for_and_nothing_else(line: str, rules: list[str]) -> None:
    files = {**FILES, "backend/app/main.py": f"import asyncio\n{HEAD}async def main():\n    {line}\n"}
    assert [finding.rule for finding in python_awaits(files)] == rules


def test_an_async_context_is_made_of_an_async_function() -> None:
    text = "from contextlib import asynccontextmanager\n\n\n@asynccontextmanager\n{}def span():\n    yield\n"
    found = [len(python_awaits({"backend/app/main.py": text.format(word)})) for word in ("", "async ")]
    assert found == [1, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f():\n    await g()\n", "'await' outside async function"),
        ("return 1\n", "'return' outside function"),
        ("def f(a, a):\n    pass\n", "duplicate argument 'a'"),
    ],
)
def test_what_parses_and_does_not_compile_is_told_of(text: str, says: str) -> None:
    assert [says in finding.message for finding in compiled("a.py", text)] == [True]


def test_what_compiles_or_cannot_even_be_read_is_left_to_others() -> None:
    assert compiled("a.py", "async def f():\n    await g()\n") == []
    assert compiled("a.py", "def f(:\n") == []
