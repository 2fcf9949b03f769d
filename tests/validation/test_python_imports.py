"""Imports of Python lead to modules, to names that they bind, and to declared packages."""

from __future__ import annotations

import pytest

from gencode_graph.validation.python_imports import python_imports

APP = {
    "backend/requirements.txt": "fastapi==0.1\nSQLAlchemy[asyncio]==2\npydantic_settings==2\nPyYAML==6\n",
    "backend/requirements-dev.txt": "-r requirements.txt\npytest==9\nhttpx==1\n",
    "backend/app/__init__.py": "",
    "backend/app/main.py": "app = 1\n",
    "backend/app/core/__init__.py": "",
    "backend/app/core/db.py": "import os\nif os:\n    A = 1\nelse:\n    B, (C, *D) = 2\n"
    "for E in x:\n    with f() as G:\n        pass\n",
    "backend/app/core/lazy.py": "def __getattr__(name):\n    return 1\n",
    "backend/app/models/item.py": "class Item:\n    inner = 1\n",
}
RIGHT = [
    "from app.core.db import A, B, C, D, E, G, os",
    "from app.core import db, lazy",
    "from app.core.lazy import anything",
    "import app.models.item",
    "from ..core.db import A",
    "from . import other",
    "import asyncio, xml.etree.ElementTree",
    "from fastapi import FastAPI\nfrom starlette.requests import Request\nfrom pydantic import BaseModel",
    "import sqlalchemy.orm\nfrom pydantic_settings import BaseSettings\nimport yaml",
    "try:\n    import orjson\nexcept ImportError:\n    orjson = None",
    "if TYPE_CHECKING:\n    from app.nowhere import A",
]
WRONG = {
    "from app.nowhere import A": "imports/unresolved",
    "from .nowhere import A": "imports/unresolved",
    "import app.core.nowhere": "imports/unresolved",
    "from app.core.db import Z": "imports/name",
    "from app.models.item import inner": "imports/name",
    "from app.core import nothing": "imports/name",
    "import numpy": "imports/undeclared",
    "def f():\n    import pytest": "imports/undeclared",
}


@pytest.mark.parametrize("line", RIGHT)
def test_a_right_import_is_left_alone(line: str) -> None:
    files = APP | {"backend/app/routers/items.py": f"{line}\n", "backend/app/routers/other.py": ""}
    assert python_imports(files) == []


@pytest.mark.parametrize(("line", "rule"), WRONG.items(), ids=WRONG)
def test_a_wrong_import_is_found(line: str, rule: str) -> None:
    (finding,) = python_imports(APP | {"backend/app/routers/items.py": f"{line}\n"})
    assert (finding.rule, finding.path) == (rule, "backend/app/routers/items.py")


def test_tests_may_use_what_only_development_needs() -> None:
    assert python_imports(APP | {"backend/tests/test_a.py": "import pytest, httpx\nfrom app.main import app\n"}) == []


def test_an_undeclared_package_names_the_manifest() -> None:
    (finding,) = python_imports(APP | {"backend/app/a.py": "import httpx\n"})
    assert finding.message == "httpx is not declared in backend/requirements.txt"


def test_what_the_wiring_writes_later_is_not_missed_before() -> None:
    before = {path: text for path, text in APP.items() if path != "backend/app/main.py"}
    test = {"backend/tests/test_a.py": "from app.main import app\nfrom app.core.config import settings\n"}
    assert python_imports(before | test) == []
    assert [f.rule for f in python_imports(APP | test)] == ["imports/unresolved"]
