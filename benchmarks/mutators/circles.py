"""Modules of the backend that import one another in a circle."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutators.apps import App, Changes, shuffled

_CORE = "backend/app/core/"
_ROUTERS = "backend/app/routers/"
_MODELS = "backend/app/models/"


def _behind_imports(text: str, line: str) -> str:
    """A text with one more import, behind the last one of the app's own at the top of the file."""
    last = [m.end() for m in re.finditer(r"^from (?:app[\w.]*|[\w.]+) import (?:\([^)]*\)|.+)\n", text, re.MULTILINE)]
    return f"{text[: last[-1]]}{line}\n{text[last[-1] :]}" if last else text


def tables_at_the_top(app: App, dice: Random) -> Changes | None:
    """The module of the engine imports the tables at its top, not where it makes them."""
    path = f"{_CORE}db.py"
    inner = re.search(r"^ +(import app\.models\b.*)\n\n?", app.files[path], re.MULTILINE)
    if inner is None:
        return None
    text = app.files[path].replace(inner[0], "")
    way = dice.choice([inner[1], "from app import models  # noqa: F401"])
    return {path: _behind_imports(text, way)}


def app_in_a_router(app: App, dice: Random) -> Changes | None:
    """A router takes the app object from where the routers are put together."""
    path = dice.choice([p for p in app.python if p.startswith(_ROUTERS) and not p.endswith("__init__.py")])
    use = dice.choice([
        "\n\ndef api_version() -> str:\n    return app.version\n",
        "\n\ndef api_title() -> str:\n    return app.title\n",
        "\n\ndef is_debugging() -> bool:\n    return bool(app.debug)\n",
    ])  # fmt: skip
    return {path: _behind_imports(app.files[path], "from app.main import app") + use}


def two_routers(app: App, dice: Random) -> Changes | None:
    """Two routers use what the other one knows."""
    with_sorts = [p for p in app.python if p.startswith(_ROUTERS) and "\nSORTABLE = {" in app.files[p]]
    if len(with_sorts) < 2:
        return None
    changes: dict[str, str | None] = {}
    one, other = shuffled(with_sorts, dice)[:2]
    for path, far in ((one, other), (other, one)):
        name = far.rpartition("/")[2].removesuffix(".py")
        line = f"from app.routers.{name} import SORTABLE as {name.upper()}_SORTABLE"
        use = f"\n\ndef {name}_orders() -> list[str]:\n    return sorted({name.upper()}_SORTABLE)\n"
        changes[path] = _behind_imports(app.files[path], line) + use
    return changes


def two_models(app: App, dice: Random) -> Changes | None:
    """Two models import one another for good, not only for type checkers."""
    for path in shuffled((p for p in app.python if p.startswith(_MODELS)), dice):
        guarded = re.search(r"\nif TYPE_CHECKING:\n((?:    from app\.models\.\w+ import \w+\n)+)", app.files[path])
        if guarded is None:
            continue
        lines = [line.strip() for line in guarded[1].splitlines()]
        line = dice.choice(lines)
        far = f"{_MODELS}{re.findall(r'models.([a-z_0-9]+) ', line)[0]}.py"
        own, thing = path.rpartition("/")[2].removesuffix(".py"), re.findall(r"class (\w+)\(Base\)", app.files[path])
        target = line.rpartition(" ")[2]
        if far not in app.files or far == path or not thing:
            continue
        rest = "".join(f"    {other}\n" for other in lines if other != line)
        text = app.files[path].replace(guarded[0], f"\nif TYPE_CHECKING:\n{rest}" if rest else "\n")
        if not rest:
            text = text.replace("TYPE_CHECKING, ", "", 1).replace("from typing import TYPE_CHECKING\n", "", 1)
        first = thing[0]
        use = (
            f"\n\ndef same_age(one: {target}, other: {first}) -> bool:\n    return one.created_at == other.created_at\n"
        )
        return {
            path: _behind_imports(text, line),
            far: _behind_imports(app.files[far], f"from app.models.{own} import {first}") + use,
        }
    return None


def settings_that_use_the_database(app: App, dice: Random) -> Changes | None:
    """The settings use a helper from a module that needs the settings."""
    path = f"{_CORE}config.py"
    use, name = dice.choice([
        ('\n\ndef banner() -> str:\n    return f"{settings.title}, {utcnow():%Y-%m-%d}"\n', "utcnow"),
        ("\n\ndef is_first_start() -> bool:\n    return init_db()\n", "init_db"),
    ])  # fmt: skip
    return {path: _behind_imports(app.files[path], f"\nfrom app.core.db import {name}") + use}


def engine_that_uses_queries(app: App, dice: Random) -> Changes | None:
    """The module of the engine uses a helper from the queries, which need the engine."""
    path = f"{_CORE}db.py"
    name, head, last = dice.choice(
        [
            ("save", "add(row: Base) -> Base", "return save(session, row)"),
            ("remove", "drop(row: Base) -> None", "remove(session, row)"),
        ]
    )
    use = f"\n\ndef {head}:\n    with Session(engine) as session:\n        {last}\n"
    return {path: _behind_imports(app.files[path], f"from app.core.crud import {name}") + use}


def schemas_that_use_models(app: App, dice: Random) -> Changes | None:
    """The building blocks of the models use one of the models' own."""
    path = f"{_CORE}schemas.py"
    models = [p for p in app.python if p.startswith(_MODELS) and re.search(r"class \w+\(Base\)", app.files[p])]
    far = dice.choice(models)
    thing = re.findall(r"class (\w+)\(Base\)", app.files[far])[0]
    module = far.rpartition("/")[2].removesuffix(".py")
    line = f"\nfrom app.models.{module} import {thing}"
    use = (
        f"\n\ndef {module}_columns() -> list[str]:\n    return [column.name for column in {thing}.__table__.columns]\n"
    )
    return {path: _behind_imports(app.files[path], line) + use}


CIRCLES = {
    "python": (
        tables_at_the_top, app_in_a_router, two_routers, two_models, settings_that_use_the_database,
        engine_that_uses_queries, schemas_that_use_models,
    )
}  # fmt: skip
