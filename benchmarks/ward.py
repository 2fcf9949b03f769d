"""The ward: generated apps that faults are put into, and the steps' own checks to judge them by."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.mutators.apps import App, Changes, Language
from gencode_graph.agents import GATES
from gencode_graph.blueprint.producers import formatted
from gencode_graph.errors import InputError, MissingError, RefusedError, SandboxError
from gencode_graph.graph import APP
from gencode_graph.nodes import STEPS
from gencode_graph.pipeline import build
from gencode_graph.protocols import Sandbox
from gencode_graph.services import SPEC_FILE, Services, connect
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.step import Step, within
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict
from gencode_graph.validation.backend_tests import backend_tests
from gencode_graph.validation.contract import contract_published
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.python import python_lint
from gencode_graph.validation.web import web_lint, web_types, web_units

REQUESTS = {
    "bugs": "Create a bug tracking system with projects, issues, comments and labels",
    "library": "A library where members borrow books",
    "clinic": "An app for a clinic: patients, doctors, appointments and prescriptions",
    "recipes": "A recipe collection with ingredients and ratings",
}
SIDES: Mapping[Language, Step] = {
    "python": Step(
        name="system_integration", persona="Derek", does="Puts the backend right", reads=(), writes=("backend/",),
        checks=(contract_published, python_lint),
    ),
    "typescript": Step(
        name="frontend_integration", persona="Derek", does="Puts the frontend right", reads=(), writes=("frontend/",),
        checks=(web_types, web_lint),
    ),
}  # fmt: skip
"""The checks of the two steps that put the sides together, without those that build or run tests."""
UNFIT = (SandboxError, MissingError, InputError, RefusedError)
"""Errors over what cannot be installed."""
TESTS = {"python": backend_tests, "typescript": web_units}
_HIDDEN = (".git", ".gencode", "node_modules", ".venv")


async def make_apps(folder: Path) -> None:
    """The apps of ``REQUESTS`` in a folder, formatted and finished, but not checked; those that are there stay."""
    plain = {name: replace(step, checks=(_nothing,), healers=(), team=None) for name, step in STEPS.items()}
    for name, request in REQUESTS.items():
        if (folder / name / SPEC_FILE).is_file():
            continue
        settings = Settings(workspace=folder / name, home=folder / ".home", agents=False)
        graph = build(APP, plain).compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": name}, "recursion_limit": 100}
        async with connect(settings, name):
            await graph.ainvoke({"request": request}, config, context=settings)


async def _nothing(task: Task, draft: Draft, services: Services) -> Verdict:
    return Verdict()


def read_app(folder: Path) -> App:
    """An app from disk, without what tools made."""
    places = (p for p in folder.rglob("*") if p.is_file() and not set(p.relative_to(folder).parts) & set(_HIDDEN))
    files = texts({place.relative_to(folder).as_posix(): place.read_bytes() for place in sorted(places)})
    return App(name=folder.name, files=files, spec=AppSpec.model_validate_json(files[SPEC_FILE]))


@dataclass(frozen=True)
class Quick:
    """A sandbox in which ``tsc`` goes on from what it found last."""

    inner: Sandbox

    async def run(self, command: Command) -> Result:
        """The same findings, in a third of the time."""
        if command.argv[0].endswith("/tsc"):
            more = ("--incremental", "--tsBuildInfoFile", "node_modules/.tsbuildinfo")
            command = command.model_copy(update={"argv": (*command.argv, *more)})
        return await self.inner.run(command)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@dataclass(frozen=True)
class Bed:
    """One app with the tools to judge it."""

    app: App
    services: Services
    tree: str
    """Of the app without a fault."""

    async def judge(
        self, files: Mapping[str, str], side: Language, *, green: bool = False
    ) -> tuple[list[Finding], float]:
        """The errors that the checks without tests find in an app as it stands, and the seconds that they took.

        The dearer checks wait until the gates let it pass, as in a run with a model's draft.
        """
        began = time.monotonic()
        task = await self._task(files, side, green)
        errors: list[Finding] = []
        for tier in (GATES, SIDES[side].checks):
            draft = _draft(files, side)
            try:
                verdicts = await asyncio.gather(*(check(task, draft, self.services) for check in tier))
            except UNFIT as error:
                errors = [Finding(rule="sandbox/failed", message=str(error))]
            else:
                errors = [f for verdict in verdicts for f in verdict.findings if f.severity == "error"]
            if errors:
                break
        return errors, time.monotonic() - began

    async def formatted(self, files: Mapping[str, str], changes: Changes, side: Language) -> Changes:
        """Changes to an app's files after the app's own formatters, as every draft of a model goes through them."""
        own: dict[str, str | bytes] = {path: text for path, text in changes.items() if text is not None}
        try:
            done = await formatted(own, await self._task(files, side), self.services)
        except UNFIT:
            return changes
        return {p: t if t is None else texts({p: done[p]})[p] for p, t in changes.items()}

    def side(self, side: Language) -> tuple[str, ...]:
        """What may be written to put a side right."""
        return SIDES[side].writes

    async def tests(self, files: Mapping[str, str], side: Language) -> list[Finding]:
        """What the app's own tests say of it; nothing where they pass."""
        verdict = await TESTS[side](await self._task(files, side), _draft(files, side), self.services)
        return [finding for finding in verdict.findings if finding.severity == "error"]

    async def _task(self, files: Mapping[str, str], side: Language, green: bool = False) -> Task:
        changed: dict[str, str | bytes] = {p: t for p, t in files.items() if self.app.files.get(p) != t}
        gone = tuple(path for path in self.app.files if path not in files)
        store = self.services.workspace
        written = await asyncio.to_thread(store.write, changed, origin="builtin")
        return Task(
            run_id="healing",
            step=SIDES[side].name,
            request=self.app.name,
            tree=await asyncio.to_thread(store.merge, self.tree, (written, gone)),
            spec=self.app.spec,
            green=self.tree if green else None,
            builtin=self.tree,
            owns=SIDES[side].writes,
        )


def _draft(files: Mapping[str, str], side: Language) -> Draft:
    """The files of a side as a model's."""
    own: dict[str, str | bytes] = {p: t for p, t in files.items() if within(p, SIDES[side].writes)}
    return Draft(files=own, origin="model")


def changed(files: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """An app's files after some changes."""
    after = {**files, **{path: text for path, text in changes.items() if text is not None}}
    return {path: text for path, text in after.items() if changes.get(path, text) is not None}


OFFLINE = {"npm_config_offline": "true", "UV_OFFLINE": "1"}
"""Variables for package managers. A misspelt package may be somebody's: nothing is fetched while apps are ill."""


@asynccontextmanager
async def admitted(app: App, scratch: Path) -> AsyncIterator[Bed]:
    """An app in a workspace of its own below ``scratch``, until the block ends."""
    settings = Settings(
        workspace=scratch / app.name, home=scratch / "home", agents=False, sandbox="local", contract_examples=1
    )
    async with connect(settings, f"healing-{app.name}") as services:
        quick: Any = Quick(services.sandbox)
        whole: dict[str, str | bytes] = dict(app.files)
        tree = await asyncio.to_thread(services.workspace.write, whole, origin="builtin")
        yield Bed(app=app, services=replace(services, sandbox=quick), tree=tree)


def read_apps(folder: Path) -> Sequence[App]:
    """All apps in a folder."""
    return [read_app(place.parent) for place in sorted(folder.glob(f"*/{SPEC_FILE}"))]
