"""Both sides of the app as it stands: what the browser asks for exists, and a backend changed this late is tested."""

from __future__ import annotations

import asyncio

from gencode_graph.services import Services
from gencode_graph.types import Draft, Task, Verdict
from gencode_graph.validation.backend_tests import backend_tests
from gencode_graph.validation.calls import calls
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.routes import routes

BACKEND = ("backend/", "openapi.json")


async def both_sides(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every call of the frontend is in the contract, and every route of the contract in the backend."""
    tree = texts(await asyncio.to_thread(services.workspace.read, task.tree))
    found = await asyncio.to_thread(lambda: [*calls(tree), *routes(tree)])
    return Verdict(findings=tuple(found))


async def backend_again(task: Task, draft: Draft, services: Services) -> Verdict:
    """The backend's tests once more, where this step changed the backend; nothing else has seen that change."""
    if any(path.startswith(BACKEND) for path in (*draft.files, *draft.removed)):
        return await backend_tests(task, draft, services)
    return Verdict()
