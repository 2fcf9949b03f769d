"""The finished app starts, serves its pages, and keeps a row over a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from gencode_graph.blueprint.view import TEXT, AppView, EntityView
from gencode_graph.errors import SandboxError, ServeError
from gencode_graph.protocols import Sandbox
from gencode_graph.services import Services
from gencode_graph.spec import AppSpec
from gencode_graph.types import Command, Draft, Finding, Task, Verdict
from gencode_graph.validation.behaviour import Answer, Request, Script, published, script_for
from gencode_graph.validation.interpreter import interpreter, replaced
from gencode_graph.validation.openapi import CONTRACT
from gencode_graph.validation.web import build

PYTHON = ".venv/bin/python"
_ASK = r"""
import http.client, json, re, sys, urllib.error, urllib.request
answers = []
read = lambda response: response.read(1_000_000).decode(errors="replace")
def row(found):
    try:
        return str(json.loads(answers[int(found[1])][1])["id"])
    except (ValueError, TypeError, KeyError, IndexError):
        return "no-row"
for method, url, body in json.loads(sys.argv[1]):
    url = re.sub(r"@\{(\d+)\}", row, url)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answers.append([response.status, read(response)])
    except urllib.error.HTTPError as error:
        answers.append([error.code, read(error)])
    except (OSError, ValueError, http.client.HTTPException) as error:
        answers.append([0, str(error)])
print(json.dumps(answers))
"""
_LETTERS = str.maketrans("0123456789abcdef", "GHIJKLMNOPABCDEF")


async def app_runs(task: Task, draft: Draft, services: Services) -> Verdict:
    """Serve the built app twice on one database: it shows its page, does with rows what it should, and keeps them."""
    if task.spec is None:
        return _failed("app/no-spec", "there is no AppSpec")
    await build(task, services)
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    entity, sandbox = _first(task.spec), services.sandbox
    command = serve_command(f"sqlite:///./{uuid4().hex}.db")
    script = script_for(entity, sample(entity))
    try:
        async with sandbox.serve(command, health="/api/health") as url:
            answers, page, written = await visit(sandbox, url, script, sample(entity))
        if page[0] != 200 or '<div id="root"' not in page[1]:
            return _failed("app/no-page", f"GET / answered {page[0]} without the app's page")
        if written[0] != 201 or (row := _id(written[1])) is None:
            return _failed("app/no-row", f"POST {entity.route} answered {written[0]}: {written[1][:500]}")
        async with sandbox.serve(command, health="/api/health") as url:
            [(status, read)] = await ask(sandbox, Request(url=f"{url}{entity.route}/{row}"))
    except ServeError as error:
        return _failed("app/no-start", f"{error}")
    if status != 200 or _id(read) != row:
        return _failed("app/lost-row", f"a row of {entity.route} was gone after a restart ({status})")
    agreed = json.loads((await asyncio.to_thread(services.workspace.read, task.tree, CONTRACT))[CONTRACT])
    wrong = [*published(answers[0], agreed, task.spec), *script.judged(answers)]
    return Verdict(findings=tuple(wrong), figures={"app_runs": {"started": True, "row_kept": entity.route}})


def serve_command(database: str) -> Command:
    """uvicorn with the built frontend, on a database of its own."""
    return Command(
        argv=(PYTHON, "-m", "uvicorn", "app.main:app", "--port", "{port}", "--log-level", "warning"),
        cwd="backend",
        env={"APP_DATABASE_URL": database},
        timeout=3600,
    )


async def visit(
    sandbox: Sandbox, url: str, script: Script, kept: Mapping[str, Any]
) -> tuple[Sequence[Answer], Answer, Answer]:
    """The answers to a script, the page, and what the app says to a row that is left there."""
    row = Request(url=f"{url}{script.entity.route}", method="POST", body=dict(kept))
    *answers, page, written = await ask(sandbox, *script.requests(url), Request(url=f"{url}/"), row)
    return answers, page, written


async def ask(sandbox: Sandbox, *requests: Request) -> Sequence[Answer]:
    """Status and text of each request, made one after another from inside the sandbox, which may have no other way in.

    The status is 0 where nothing answered. Raises ``SandboxError`` when the asking itself fails.
    """
    python = await interpreter(sandbox, "backend")
    if not python:
        raise ServeError(replaced().message)
    words = json.dumps([(request.method, request.url, request.body) for request in requests])
    seconds = 30.0 * len(requests) + 10
    result = await sandbox.run(Command(argv=(python, "-I", "-c", _ASK, words), cwd="backend", timeout=seconds))
    try:
        return [(int(status), str(text)) for status, text in json.loads(result.stdout)]
    except ValueError:
        raise SandboxError(f"the app could not be asked ({result.verdict})\n{result.output[-1000:]}") from None


def _first(spec: AppSpec) -> EntityView:
    """The first entity whose rows need no others."""
    return next(e for e in AppView(spec).ordered if not any(r.spec.required for r in e.ones))


def _id(text: str) -> str | None:
    """The id of a row that the API answered; None where that is none."""
    try:
        row = json.loads(text)
    except ValueError:
        return None
    return str(row["id"]) if isinstance(row, dict) and "id" in row else None


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
