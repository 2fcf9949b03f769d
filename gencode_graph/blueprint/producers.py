"""The producers of the built-in generator: templates in, formatted files out."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from gencode_graph.blueprint.client import CONTRACT, TOOL, TYPES, argv
from gencode_graph.errors import GencodeError
from gencode_graph.lessons import choose
from gencode_graph.services import SPEC_FILE, Services
from gencode_graph.spec import AppSpec, Archetype, Vibe
from gencode_graph.types import Command, Draft, Result, Task

Files = dict[str, str | bytes]
Extra = Callable[[Task, AppSpec, Services], Awaitable[Files]]


@dataclass(frozen=True)
class Analyst:
    """The request as an AppSpec, by rules."""

    name: str = "blueprint"

    def accepts(self, task: Task) -> bool:
        return not task.findings  # the same spec gives the same draft

    async def produce(self, task: Task, services: Services) -> Draft:
        from gencode_graph.blueprint.analysis import analyse, check_request
        from gencode_graph.blueprint.render import render

        request = check_request(task.request)  # a server does not ask us before it starts a run
        asked: dict[str, Any] = {"archetype": services.settings.archetype, "vibe": services.settings.vibe}
        spec = await asyncio.to_thread(analyse, request, **asked)
        known = {point: await _learned(point, getattr(spec, point), asked[point], task, services) for point in asked}
        if any(getattr(spec, point) != name for point, name in known.items()):
            spec = await asyncio.to_thread(analyse, request, **known)
        files = await asyncio.to_thread(render, task.step, spec)
        return Draft(files=files | {SPEC_FILE: spec.model_dump_json(indent=1) + "\n"})


async def _learned(point: str, ruled: str, asked: str | None, task: Task, services: Services) -> Any:
    """What is taken at a decision point: what the user asked for, what outcomes speak for, else what the rules say."""
    others = [name for name in get_args({"archetype": Archetype, "vibe": Vibe}[point]) if name != asked]
    exclude = others if asked else []
    decision = await choose(services, task, point, task.request, default=ruled, exclude=exclude)
    return decision.selected if decision else ruled


@dataclass(frozen=True)
class Blueprint:
    """The templates of a step, rendered from the spec and formatted by the app's own tools."""

    name: str = "blueprint"
    extra: Extra | None = None
    """Makes files that are no templates."""

    def accepts(self, task: Task) -> bool:
        return task.spec is not None and not task.findings  # the same spec gives the same files

    async def produce(self, task: Task, services: Services) -> Draft:
        from gencode_graph.blueprint.render import render

        if task.spec is None:
            raise GencodeError("there is no AppSpec yet: the analysis step has to come first")
        files = await asyncio.to_thread(render, task.step, task.spec)
        if self.extra:
            files |= await self.extra(task, task.spec, services)
        return Draft(files=await formatted(files, task, services))


async def contract_files(task: Task, spec: AppSpec, services: Services) -> Files:
    """The OpenAPI document."""
    from gencode_graph.blueprint.contract import openapi

    return {"openapi.json": json.dumps(openapi(spec), indent=1, ensure_ascii=False) + "\n"}


async def client_files(task: Task, spec: AppSpec, services: Services) -> Files:
    """The types of the API client, made from the contract by openapi-typescript."""
    agreed = await asyncio.to_thread(services.workspace.read, task.tree, CONTRACT)
    result, types = await typed_client(agreed[CONTRACT], services)
    if not types:
        raise GencodeError(f"openapi-typescript failed on the contract: {result.output[-2000:]}")
    return {TYPES: types}


async def typed_client(contract: str | bytes, services: Services) -> tuple[Result, bytes]:
    """How the tool ended, and the types that it made, once for the same contract; none when it failed."""
    key = hashlib.sha256(_bytes(contract)).hexdigest()[:16]
    return await services.once(f"client {key}", lambda: _client(contract, key, services))


async def _client(contract: str | bytes, key: str, services: Services) -> tuple[Result, bytes]:
    folder = Path("tools", TOOL.name)
    tool = {f"{folder}/{name}": (TOOL / name).read_bytes() for name in ("package.json", "package-lock.json")}
    app = folder / key  # not the app's own place: a parallel branch may have another contract there
    made = f"{app}/{TYPES}"
    files = {f"{app}/{CONTRACT}": _bytes(contract), made: b"", **tool}
    await services.sandbox.put(files, origin=services.origin)
    await services.sandbox.install(f"{folder}/package-lock.json")
    command = Command(argv=tuple(argv(folder, app)), timeout=services.settings.tool_timeout)
    result = await services.sandbox.run(command)
    types = (await services.sandbox.collect([made])).get(made, b"")
    return result, types if result.verdict == "ok" else b""


async def formatted(files: Files, task: Task, services: Services) -> Files:
    """The same files after the app's own formatters: ruff in ``backend``, biome in ``frontend``."""
    done = dict(files)
    for folder, suffixes, lock, commands in _FORMATTERS:
        mine = {path: text for path, text in files.items() if path.startswith(folder)}
        names = [path.removeprefix(folder) for path in mine if path.endswith(suffixes)]
        if not names:
            continue
        await services.stage(task.tree, folder)
        await services.lay(mine)
        await services.sandbox.install(folder + lock)
        for words in commands:
            command = Command(argv=(*words, *names), cwd=folder, timeout=services.settings.tool_timeout)
            result = await services.sandbox.run(command)
            if result.verdict not in ("ok", "failed"):
                raise GencodeError(f"{words[0]} ended with {result.verdict}: {result.output[-2000:]}")
        done |= await services.sandbox.collect([folder + name for name in names])
    return done


_FORMATTERS = (
    (
        "backend/",
        (".py",),
        "requirements-dev.txt",
        (
            (".venv/bin/ruff", "check", "--quiet", "--fix", "--select", "I,F401", "--exit-zero", "--"),
            (".venv/bin/ruff", "format", "--quiet", "--"),
        ),
    ),
    (
        "frontend/",
        (".ts", ".tsx", ".css", ".mjs"),
        "package-lock.json",
        (("node_modules/.bin/biome", "check", "--write", "--colors=off", "--"),),
    ),
)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
