"""The finished app starts, serves its pages, and keeps a row over a restart."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

from gencode_graph.blueprint.view import TEXT, AppView, EntityView
from gencode_graph.errors import ServeError
from gencode_graph.services import Services
from gencode_graph.spec import AppSpec
from gencode_graph.types import Command, Draft, Finding, Task, Verdict
from gencode_graph.validation.web import build

_LETTERS = str.maketrans("0123456789abcdef", "GHIJKLMNOPABCDEF")


async def app_runs(task: Task, draft: Draft, services: Services) -> Verdict:
    """Serve the built app twice on one database: page, health, a row written the first time and read the second."""
    if task.spec is None:
        return _failed("app/no-spec", "there is no AppSpec")
    await build(task, services)
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    command = serve_command(f"sqlite:///./{uuid4().hex}.db")
    try:
        async with services.sandbox.serve(command, health="/api/health") as url:
            status, page = await fetch(f"{url}/")
            if status != 200 or '<div id="root"' not in page:
                return _failed("app/no-page", f"GET / answered {status} without the app's page")
            entity, written = await _write(url, task.spec)
        async with services.sandbox.serve(command, health="/api/health") as url:
            status, read = await fetch(f"{url}{entity.route}/{written['id']}")
    except ServeError as error:
        return _failed("app/no-start", f"{error}")
    if status != 200 or json.loads(read)["id"] != written["id"]:
        return _failed("app/lost-row", f"a row of {entity.route} was gone after a restart ({status})")
    return Verdict(figures={"app_runs": {"started": True, "row_kept": entity.route}})


def serve_command(database: str) -> Command:
    """uvicorn with the built frontend, on a database of its own."""
    return Command(
        argv=(".venv/bin/python", "-m", "uvicorn", "app.main:app", "--port", "{port}", "--log-level", "warning"),
        cwd="backend",
        env={"APP_DATABASE_URL": database},
        timeout=3600,
    )


async def fetch(url: str, body: Any = None) -> tuple[int, str]:
    """GET a URL, or POST JSON to it: status and text."""
    return await asyncio.to_thread(_fetch, url, body)


def _fetch(url: str, body: Any) -> tuple[int, str]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def _write(url: str, spec: AppSpec) -> tuple[EntityView, dict[str, Any]]:
    """A new row of the first entity that needs no other, made after its demo data."""
    app = AppView(spec)
    entity = next(e for e in app.ordered if not any(r.spec.required for r in e.ones))
    status, text = await fetch(f"{url}{entity.route}", sample(entity))
    if status != 201:
        raise ServeError(f"POST {entity.route} answered {status}: {text[:500]}")
    return entity, json.loads(text)


def sample(entity: EntityView) -> dict[str, Any]:
    """A body that creates a row without relations, unlike any of the demo data."""
    seeds = entity.app.spec.seeds.get(entity.name, ())
    row: dict[str, Any] = dict(seeds[0]) if seeds else {}
    mark = uuid4().hex[:8]
    body: dict[str, Any] = {}
    for field in entity.spec.fields:
        value = row.get(field.name, field.default)
        if isinstance(value, str) and value.startswith("@"):
            value = "2026-01-15" if field.type == "date" else "2026-01-15T09:00:00Z"
        if field.unique and field.type == "email":
            value = f"{mark}@example.com"
        elif field.unique and field.type in TEXT:
            short = field.pattern or (field.max_length or 140) < len(f"Row {mark}")
            value = mark[: min(4, field.max_length or 4)].translate(_LETTERS) if short else f"Row {mark}"
        if value is not None:
            body[field.name] = value
    return body


def _failed(rule: str, message: str) -> Verdict:
    return Verdict(findings=(Finding(rule=rule, message=message),), figures={"app_runs": {"started": False}})
