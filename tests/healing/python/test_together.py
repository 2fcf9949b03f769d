"""Awaits, circles of imports, requirements and lint: what a backend needs beside right names."""

from __future__ import annotations

import pytest

from gencode_graph.types import Finding
from tests.healing.python.shop import FILES, ORDERS, after, healed, shop

DB, MAIN, NEEDS = "backend/app/core/db.py", "backend/app/main.py", "backend/requirements.txt"
ASYNC = (
    "from collections.abc import AsyncGenerator\nfrom contextlib import asynccontextmanager\n\n"
    "from fastapi import FastAPI, Request\n\nfrom app.core.db import utcnow\n\n\n"
    "async def load() -> str:\n    return str(utcnow())\n\n\n"
    "@asynccontextmanager\nasync def lifespan(_: FastAPI) -> AsyncGenerator[None]:\n    await load()\n    yield\n\n\n"
    'app = FastAPI(lifespan=lifespan)\n\n\n@app.post("/echo")\nasync def echo(request: Request) -> str:\n'
    "    body = await request.json()\n    return str(body)\n"
)
SLIPS = [
    ("await in a plain handler", "async def echo", "def echo"),
    ("await of a plain function", "str(utcnow())", "str(await utcnow())"),
    ("await forgotten", "    await load()", "    load()"),
    ("plain function as an async context", "async def lifespan", "def lifespan"),
]


@pytest.mark.parametrize(("what", "old", "new"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_await_and_async_are_put_where_they_belong(what: str, old: str, new: str) -> None:
    assert old in ASYNC
    broken = {**FILES, MAIN: ASYNC.replace(old, new, 1)}
    assert after(broken, healed(broken))[MAIN] == ASYNC


def test_a_plain_function_that_others_call_does_not_become_async() -> None:
    text = ASYNC.replace(
        "async def load() -> str:\n    return", "def load() -> str:\n    now = await other()\n    return now or"
    )
    assert MAIN not in healed({**FILES, MAIN: text.replace("await load()", "load()")}).files


def test_a_well_written_async_module_is_left_alone() -> None:
    assert healed({**FILES, MAIN: ASYNC}).files == {}


def test_an_import_that_only_functions_use_moves_into_them() -> None:
    used = '\n\ndef label() -> str:\n    """Of an order."""\n    return Order.__tablename__\n'
    broken = shop(DB, "from sqlalchemy.orm", "from app.models.order import Order\nfrom sqlalchemy.orm")
    broken[DB] += used
    made = after(broken, healed(broken))[DB]
    assert '"""Of an order."""\n    from app.models.order import Order\n' in made
    assert "\nfrom app.models" not in made


def test_an_import_that_nothing_uses_leaves_the_circle() -> None:
    broken = shop(DB, "from sqlalchemy.orm", "from app.models.order import Order\nfrom sqlalchemy.orm")
    assert after(broken, healed(broken)) == FILES


def test_an_import_that_registers_tables_is_not_thrown_away() -> None:
    broken = shop(DB, "from sqlalchemy.orm", "import app.models  # noqa: F401\n\nfrom sqlalchemy.orm")
    broken[DB] += "\n\ndef make(engine: Engine) -> None:\n    Base.metadata.create_all(engine)\n"
    broken[DB] = broken[DB].replace("from sqlalchemy.orm", "from sqlalchemy import Engine\nfrom sqlalchemy.orm", 1)
    assert "    import app.models  # noqa: F401\n" in after(broken, healed(broken))[DB]


def test_a_circle_that_both_modules_need_at_once_is_left_alone() -> None:
    broken = shop(DB, "from sqlalchemy.orm", "from app.models.order import Order\nfrom sqlalchemy.orm")
    broken[DB] += "\n\nFIRST = Order()\n"
    assert healed(broken).files == {}


REQUIREMENTS = [
    ("left out", "sqlalchemy==2.1.9\n", ""),
    ("misspelt", "sqlalchemy==", "sqlalchmy=="),
    ("called otherwise", "fastapi==0.165.0", "fast-api==0.165.0"),
]


@pytest.mark.parametrize(("what", "old", "new"), REQUIREMENTS, ids=[one[0] for one in REQUIREMENTS])
def test_what_is_imported_is_required(what: str, old: str, new: str) -> None:
    broken = shop(NEEDS, old, new)
    assert sorted(after(broken, healed(broken))[NEEDS].split()) == sorted(FILES[NEEDS].split())


def test_a_package_that_nobody_knows_is_not_required() -> None:
    broken = shop(ORDERS, "from sqlalchemy import select\n", "import quantumfoo\nfrom sqlalchemy import select\n")
    assert healed(broken).files == {}


def test_ruff_puts_right_what_it_can() -> None:
    broken = shop(ORDERS, "from fastapi import", "import json\n\nfrom fastapi import")
    finding = Finding(rule="ruff/F401", message="`json` imported but unused", path=ORDERS, line=3)
    assert after(broken, healed(broken, finding)) == FILES


def test_a_rule_that_ruff_cannot_follow_by_itself_is_left_alone() -> None:
    finding = Finding(rule="ruff/B904", message="raise from", path=ORDERS, line=3)
    assert healed(FILES, finding).files == {}
