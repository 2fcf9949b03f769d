"""Routes of the LangGraph server for apps that are served on its machine: list, start, extend, stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gencode_graph.errors import GencodeError, InputError, RunNotFoundError
from gencode_graph.preview import MINUTES, App, Previews, Record, Serving, app, start
from gencode_graph.preview.records import MOST
from gencode_graph.runs import Run, Runs
from gencode_graph.settings import Settings


class Longer(BaseModel):
    """For how long, from now."""

    model_config = ConfigDict(extra="forbid")

    minutes: Annotated[float, Field(gt=0, le=MOST)] = MINUTES


class Wanted(Longer):
    """Whose app, and where its files are when the run was this server's and its context named a folder."""

    run_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
    """Of a run, or of a thread of this server."""
    workspace: Path | None = None


Body = TypeVar("Body", bound=BaseModel)


async def listed(request: Request) -> Response:
    """What is served on this machine, by whichever process."""
    return JSONResponse([_shown(record) for record in await asyncio.to_thread(Previews(Settings()).all)])


async def started(request: Request) -> Response:
    """Serves an app, and answers when it is up."""
    wanted, settings = await _body(request, Wanted), Settings()
    run = await asyncio.to_thread(_run, wanted, settings)
    serving = await start(run.run_id, app(run, settings), settings, wanted.minutes)
    mine: dict[str, Serving[App]] = request.app.state.served
    mine[run.run_id] = serving
    record = await asyncio.to_thread(Previews(settings).get, run.run_id)
    return JSONResponse(_shown(record), status_code=201)


async def extended(request: Request) -> Response:
    """Serves an app for longer."""
    longer, run_id = await _body(request, Longer), request.path_params["run_id"]
    return JSONResponse(_shown(await asyncio.to_thread(Previews(Settings()).extend, run_id, longer.minutes)))


async def stopped(request: Request) -> Response:
    """Ends the serving of an app, and answers when it has ended."""
    await asyncio.to_thread(Previews(Settings()).stop, request.path_params["run_id"])
    return Response(status_code=204)


async def _body(request: Request, shape: type[Body]) -> Body:
    """The body, of that shape; ``InputError`` otherwise."""
    try:
        return shape.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, it['loc'])) or 'the body'}: {it['msg']}" for it in error.errors()]
        raise InputError("; ".join(problems)) from None


def _run(wanted: Wanted, settings: Settings) -> Run:
    """The run, from the table or, for a thread of the server, from its folder; ``RunNotFoundError`` without either."""
    try:
        return Runs(settings).get(wanted.run_id)
    except RunNotFoundError:
        theirs = settings.model_copy(update={"workspace": wanted.workspace} if wanted.workspace else {})
        if not (theirs.workspace_of(wanted.run_id) / ".gencode").is_dir():
            raise
    now = datetime.now(UTC)
    return Run(run_id=wanted.run_id, request="", settings=theirs, status="delivered", created=now, updated=now)


def _shown(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude={"owner", "key"})


async def _refused(request: Request, error: Exception) -> Response:
    known = ((RunNotFoundError, 404), (InputError, 409))
    status = next((number for kind, number in known if isinstance(error, kind)), 503)
    return JSONResponse({"detail": str(error)}, status_code=status)


@asynccontextmanager
async def _lifespan(server: Starlette) -> AsyncIterator[None]:
    """What this server serves ends with it."""
    server.state.served = {}
    yield
    await asyncio.gather(*(serving.stop() for serving in server.state.served.values()))


routes = Starlette(
    routes=[
        Route("/previews", listed, methods=["GET"]),
        Route("/previews", started, methods=["POST"]),
        Route("/previews/{run_id}", extended, methods=["PATCH"]),
        Route("/previews/{run_id}", stopped, methods=["DELETE"]),
    ],
    exception_handlers={GencodeError: _refused},
    lifespan=_lifespan,
)
