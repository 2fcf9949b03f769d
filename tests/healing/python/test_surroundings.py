"""What an app runs in: variables, tables, origins, ports and programs; broken parts of real apps, put right."""

from __future__ import annotations

import pytest

from gencode_graph.healing.heal import heal
from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding
from gencode_graph.validation.commands import commands

MAIN = (
    "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\n"
    "async def lifespan(_: FastAPI):\n    yield\n\n\napp = FastAPI(lifespan=lifespan)\n"
)
CONFIG = (
    "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n\nclass Settings(BaseSettings):\n"
    '    model_config = SettingsConfigDict(env_prefix="APP_")\n\n    title: str = "Shop"\n    database_url: str\n'
    '    cors_origins: list[str] = ["http://localhost:5173"]\n'
)
DB = (
    "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import DeclarativeBase\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    'engine = create_engine("sqlite://")\n\n\ndef init_db() -> None:\n    Base.metadata.create_all(engine)\n'
)
FILES = {
    ".env.example": "# APP_DATABASE_URL=postgresql://db\nAPP_DATABASE_URL=sqlite:///app.db\nAPP_SECRET_KEY=change-me\n",
    "backend/requirements.txt": "fastapi==0.165.0\nsqlalchemy==2.1.9\npydantic-settings==2.16.3\nuvicorn==0.54.0\n",
    "backend/app/__init__.py": "",
    "backend/app/main.py": MAIN,
    "backend/app/config.py": CONFIG,
    "backend/app/db.py": DB,
    "backend/app/models/__init__.py": 'from app.models.item import Item\n\n__all__ = ["Item"]\n',
    "backend/app/models/item.py": (
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.db import Base\n\n\nclass Item(Base):\n"
        '    __tablename__ = "items"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    ),
    "backend/app/models/order.py": (
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.db import Base\n\n\nclass Order(Base):\n"
        '    __tablename__ = "orders"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    ),
    "backend/app/old.py": 'import os\n\nURL = os.environ["APP_DATABASE_URL"]\nKEY = os.environ["APP_SECRET_KEY"]\n',
    "backend/app/serve.py": "import uvicorn\n\nfrom app.main import app\n\nuvicorn.run(app, port=8000)\n",
}
LOGS = [
    (
        "a table whose module nobody imports",
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: orders\n[SQL: SELECT orders.id]",
        "backend/app/models/__init__.py", "from app.models.order import Order",
    ),
    (
        "tables that nothing makes",
        "psycopg.errors.UndefinedTable: relation \"items\" does not exist\nLINE 1: SELECT items.id",
        "backend/app/main.py", "):\n    init_db()\n    yield",
    ),
    (
        "a variable that is read",
        "  File \"app/old.py\", line 3, in <module>\nKeyError: 'APP_DATABASE_URL'",
        "backend/app/old.py", 'os.environ.get("APP_DATABASE_URL", "sqlite:///app.db")',
    ),
    (
        "a setting that is required",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\ndatabase_url\n"
        "  Field required [type=missing, input_value={}, input_type=dict]",
        "backend/app/config.py", 'database_url: str = "sqlite:///app.db"',
    ),
    (
        "a page that is refused",
        "Access to fetch at 'http://localhost:8000/api/items' from origin 'http://localhost:4173' has been blocked by"
        " CORS policy: No 'Access-Control-Allow-Origin' header is present",
        "backend/app/main.py", 'allow_origins=["http://localhost:4173"]',
    ),
    (
        "a port that is taken",
        "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use\n",
        "backend/app/serve.py", 'port=int(os.environ.get("PORT", "8000"))',
    ),
]  # fmt: skip


BARE = FILES["backend/requirements.txt"].replace("uvicorn==0.54.0\n", "")


def healed(message: str, files: dict[str, str], path: str = "backend/app") -> dict[str, str | None]:
    told = Finding(rule="app/failed", message=message, path=path)
    return dict(heal([told], Patient(files=files, may_write=("backend/",))).files)


@pytest.mark.parametrize(("log", "path", "part"), [one[1:] for one in LOGS], ids=[one[0] for one in LOGS])
def test_what_a_log_tells_of_is_put_right(log: str, path: str, part: str) -> None:
    repair = healed(log, FILES)
    assert list(repair) == [path]
    assert part in str(repair[path])


def test_an_origin_joins_those_in_the_settings() -> None:
    files = {**FILES, "backend/app/main.py": MAIN.replace(
        "app = FastAPI(lifespan=lifespan)\n",
        "app = FastAPI(lifespan=lifespan)\napp.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)\n",
    ).replace(
        "from fastapi import FastAPI\n",
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n\n"
        "from app.config import settings\n",
    ), "backend/app/config.py": f"{CONFIG}\n\nsettings = Settings()\n"}  # fmt: skip
    repair = healed("from origin 'http://localhost:4173' has been blocked by CORS policy", files)
    assert '["http://localhost:5173", "http://localhost:4173"]' in str(repair["backend/app/config.py"])


@pytest.mark.parametrize(
    "log",
    [
        "KeyError: 'APP_SECRET_KEY'\n  in app/old.py",
        "KeyError: 'APP_NOBODY_KNOWS'\n  in app/old.py",
        "from origin 'https://evil.example' has been blocked by CORS policy",
        "no such table: nothing_of_this_app_that_has_a_class\nand more",
    ],
)
def test_secrets_strangers_and_what_is_not_known_are_left_alone(log: str) -> None:
    files = {**FILES, "backend/app/start.py": "from app.db import init_db\n\ninit_db()\n"}
    assert healed(log, files) == {}


def test_a_server_that_is_started_has_to_be_required() -> None:
    files = {**FILES, "backend/requirements.txt": BARE}
    assert "\nuvicorn==" in str(healed("python: No module named 'uvicorn'\nend", files)["backend/requirements.txt"])
    files |= {"Dockerfile": 'RUN pip install -r requirements.txt\nCMD ["uvicorn", "app.main:app"]\n'}
    found = commands(files)
    assert [(one.rule, one.path) for one in found] == [("imports/undeclared", "backend/requirements.txt")]
    repair = heal(found, Patient(files=files, may_write=("backend/",))).files
    assert "\nuvicorn==" in str(repair["backend/requirements.txt"])
    assert commands({**files, "backend/requirements.txt": FILES["backend/requirements.txt"]}) == []
    assert commands({**files, "backend/requirements.txt": "fastapi[standard]==1.0\n"}) == []


def test_a_package_that_nobody_vouches_for_and_nothing_imports_goes() -> None:
    text = f"{FILES['backend/requirements.txt']}sqlalchemy-orm==2.1.9\n"
    told = Finding(
        rule="dependencies/unknown", path="backend/requirements.txt", line=4,
        message="sqlalchemy-orm is not among the packages that apps may use",
    )  # fmt: skip
    files = {**FILES, "backend/requirements.txt": text}
    repair = heal([told], Patient(files=files, may_write=("backend/",))).files
    assert repair["backend/requirements.txt"] == FILES["backend/requirements.txt"]
