"""The OpenAPI document is sound, and the API publishes exactly that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.producers import typed_client
from gencode_graph.services import Services
from gencode_graph.spec import AppSpec
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict
from gencode_graph.validation.added_operations import disagreements, without
from gencode_graph.validation.openapi import CONTRACT

MAX_DIFFERENCES = 10
WORDING = "contract/wording"
"""Rule of the finding that the contract and the API differ, and only in words."""
_DUMP = "import json; from app.main import app; print(json.dumps(app.openapi()))"


async def contract_valid(task: Task, draft: Draft, services: Services) -> Verdict:
    """``openapi.json`` is a valid OpenAPI 3.1 document."""
    text = draft.files.get(CONTRACT)
    if text is None:
        return Verdict(findings=(Finding(rule="contract/missing", message="openapi.json was not written"),))
    try:
        document = dict(json.loads(text))
    except (ValueError, TypeError) as error:
        unread = Finding(rule="contract/invalid", message=f"not a JSON object: {error}", path=CONTRACT)
        return Verdict(findings=(unread,))
    problems = await asyncio.to_thread(_problems, document)
    routes = [
        {"method": method.upper(), "path": path} for path, item in document.get("paths", {}).items() for method in item
    ]
    return Verdict(
        findings=tuple(Finding(rule="contract/invalid", message=p, path=CONTRACT) for p in problems),
        figures={"routes": routes},
    )


async def contract_typed(task: Task, draft: Draft, services: Services) -> Verdict:
    """The web app's typed client can be made from ``openapi.json``."""
    if CONTRACT not in draft.files:
        return Verdict()  # told by contract_valid
    result, types = await typed_client(draft.files[CONTRACT], services)
    if types:
        return Verdict()
    why = f"openapi-typescript makes no client of it: {result.output[-1000:]}"
    return Verdict(findings=(Finding(rule="contract/untyped", message=why, path=CONTRACT),))


async def published(task: Task, services: Services) -> Result:
    """What the app says of its API: on stdout, as JSON; the verdict is not ``ok`` when it does not import."""
    await services.stage(task.tree, "backend/")
    await services.sandbox.install("backend/requirements-dev.txt")
    argv = (".venv/bin/python", "-c", _DUMP)
    return await services.sandbox.run(
        Command(argv=argv, cwd="backend", env={"APP_DATABASE_URL": "sqlite://"}, timeout=60)
    )


async def contract_published(task: Task, draft: Draft, services: Services) -> Verdict:
    """The app imports, and ``app.openapi()`` equals ``openapi.json``."""
    result = await published(task, services)
    if result.verdict != "ok":
        return Verdict(findings=(Finding(rule="backend/import", message=result.output[-2000:], path="backend/app"),))
    agreed = json.loads((await asyncio.to_thread(services.workspace.read, task.tree, CONTRACT))[CONTRACT])
    there = json.loads(result.stdout)
    if found := list(compared(agreed, there, task.spec)):
        texts = found[:MAX_DIFFERENCES]
        return Verdict(findings=tuple(Finding(rule="contract/differs", message=t, path="backend/app") for t in texts))
    if agreed != there:
        return Verdict(findings=(Finding(rule=WORDING, message="the API words added operations otherwise"),))
    return Verdict()


def compared(agreed: Any, published: Any, spec: AppSpec | None) -> Iterator[str]:
    """To the letter, but for operations that are not the generator's own: those by what a client depends on."""
    if spec is None:
        yield from differences(agreed, published)
        return
    basis = openapi(spec)
    yield from differences(without(agreed, basis), without(published, basis))
    yield from disagreements(agreed, published, basis)


def differences(agreed: Any, published: Any, at: str = "") -> Iterator[str]:
    """Where two JSON documents differ, as sentences with a JSON pointer."""
    if isinstance(agreed, dict) and isinstance(published, dict):
        for key in sorted(agreed.keys() | published.keys()):
            where = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in published:
                yield f"{where} is in the contract, and the API does not have it"
            elif key not in agreed:
                yield f"{where} is in the API, and the contract does not have it"
            else:
                yield from differences(agreed[key], published[key], where)
    elif isinstance(agreed, list) and isinstance(published, list) and len(agreed) == len(published):
        for index, (one, other) in enumerate(zip(agreed, published, strict=True)):
            yield from differences(one, other, f"{at}/{index}")
    elif agreed != published:
        yield f"{at} is {json.dumps(agreed)} in the contract and {json.dumps(published)} in the API"


def _problems(document: dict[str, Any]) -> list[str]:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    return [str(error.message) for error in OpenAPIV31SpecValidator(document).iter_errors()][:MAX_DIFFERENCES]
