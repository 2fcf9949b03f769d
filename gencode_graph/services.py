"""Services: the live objects a run works with. ``connect`` is the only place where names become objects."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gencode_graph.crashpoints import point
from gencode_graph.errors import MissingError, SandboxLost, WorkspaceError
from gencode_graph.settings import Settings
from gencode_graph.types import Finding, Isolation, Origin, StepResult

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from gencode_graph.protocols import Memory, Model, Sandbox
    from gencode_graph.sandbox.lease import Lease
    from gencode_graph.spec import AppSpec
    from gencode_graph.workspace import Workspace

SPEC_FILE = "appspec.json"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A step's files, committed and shown in the folder."""

    commit: str
    files: int
    conflicts: tuple[Finding, ...]
    """What of the user's was kept instead, as far as no step before said so."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """The only way out of the graph."""

    run_id: str
    settings: Settings
    workspace: Workspace
    sandbox: Sandbox
    lease: Lease | None = None
    """Who opens another sandbox when this one is lost; None where nobody does."""
    weaker: str | None = None
    """Why the sandbox is not a stronger one; None where it is the one that was asked for, or the strongest there is."""
    model: Model | None = None
    """None where there is no key for any provider, or agents are not wanted."""
    memory: Memory | None = None
    """None where it is not wanted."""
    origin: Origin = "builtin"
    """Whose code the sandbox gets to run: a model's as soon as one could be asked, and ever after."""
    results: dict[str, StepResult] = field(default_factory=dict)
    """What the steps before came to; the state is the truth, every step that starts copies it here."""
    _recording: asyncio.Lock = field(default_factory=asyncio.Lock)
    _staging: asyncio.Lock = field(default_factory=asyncio.Lock)
    _staged: dict[str, set[str]] = field(default_factory=dict)
    _works: dict[str, asyncio.Task[Any]] = field(default_factory=dict)
    _latest: dict[str, str] = field(default_factory=dict)
    _specs: dict[str, AppSpec] = field(default_factory=dict)

    @property
    def isolation(self) -> Isolation:
        """What the sandbox keeps the app's programs from."""
        lost = len(self.lease.losses) if self.lease else 0
        return Isolation(backend=self.sandbox.name, limits=self.sandbox.limits, why=self.weaker, lost=lost)

    async def spec(self, tree: str) -> AppSpec | None:
        """The AppSpec among the files of a tree; None before ``analysis`` wrote a valid one."""
        from gencode_graph.spec import AppSpec

        found = (await asyncio.to_thread(self.workspace.read, tree, SPEC_FILE)).get(SPEC_FILE)
        if found is None:
            return None
        key = found.decode()
        if key not in self._specs:
            try:
                self._specs[key] = AppSpec.model_validate_json(key)
            except ValueError:
                return None  # a check of the analysis says what is wrong with it
        return self._specs[key]

    async def stage(self, tree: str, *prefixes: str) -> None:
        """Make the sandbox hold the files that a tree has under the prefixes, and none of earlier trees.

        What tools made there since (installs, builds) stays, until another process resumes the run.
        """
        async with self._staging:
            for prefix in prefixes:
                files = await asyncio.to_thread(self.workspace.read, tree, prefix)
                stale = self._staged[prefix] - files.keys() if prefix in self._staged else {prefix}
                await self.sandbox.put(files, owned=tuple(sorted(stale)), origin=self.origin)
                self._staged[prefix] = set(files)

    async def lay(self, files: Mapping[str, str | bytes]) -> None:
        """Put a draft's files over what is staged; the next stage takes away those that are not in its tree."""
        async with self._staging:
            made = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
            await self.sandbox.put(made, origin=self.origin)
            for prefix, staged in self._staged.items():
                staged |= {path for path in made if path.startswith(prefix)}

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of ``work``, done once for a key while this process runs, however many ask for it."""
        if key not in self._works:
            self._works[key] = asyncio.create_task(work())
        return cast("T", await asyncio.shield(self._works[key]))

    async def latest(self, place: str, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The same for work that fills a place: done again for a key when other work has filled the place since."""
        if self._latest.get(place) != key:
            self._latest[place] = key
            self._works.pop(f"{place} {key}", None)
        return await self.once(f"{place} {key}", work)

    async def record(self, step: str, tree: str, removed: tuple[str, ...], producer: str, attempt: int) -> Recorded:
        """Commit what a step wrote and show it in the folder; one step at a time, so that none hides another's."""
        async with self._recording:
            return await asyncio.to_thread(self._record, step, tree, removed, producer, attempt)

    def _record(self, step: str, tree: str, removed: tuple[str, ...], producer: str, attempt: int) -> Recorded:
        made = self.workspace.commit(
            tree, removed=removed, step=step, producer=producer, attempt=attempt, run_id=self.run_id, subject=step
        )
        point(f"step.{step}.recorded")
        told = {finding.signature for result in self.results.values() for finding in result.findings}
        conflicts = tuple(f for f in self.workspace.publish(self.workspace.head) if f.signature not in told)
        return Recorded(commit=made, files=len(self.workspace.paths(tree)), conflicts=conflicts)


@asynccontextmanager
async def connect(settings: Settings, run_id: str, *, for_nodes: bool = True) -> AsyncIterator[Services]:
    """The services of one run, until the block ends, for its nodes too unless they are for another purpose.

    Raises ``WorkspaceError`` where another run has the workspace.
    """
    from gencode_graph.llm import connect_model
    from gencode_graph.llm.redaction import redact
    from gencode_graph.memory import connect_memory
    from gencode_graph.sandbox.lease import Lease
    from gencode_graph.workspace import Workspace

    root = settings.workspace_of(run_id)
    async with AsyncExitStack() as stack:
        workspace = await asyncio.to_thread(Workspace.open, root, create=True)
        await _hold(workspace.lock(run_id=run_id), stack)
        await asyncio.to_thread(_own, workspace, run_id)
        model = await stack.enter_async_context(connect_model(settings, run_id))
        origin = await asyncio.to_thread(_origin, root, model is not None)
        lease = Lease(settings, root / ".gencode" / "build", run_id, origin)
        try:
            opened = await lease.open()
        except MissingError as error:
            if model is None:
                raise
            raise MissingError(f"{error}\n--no-agents asks no model; --unsafe-local runs it without walls") from error
        stack.push_async_callback(lease.close)
        memory = await stack.enter_async_context(connect_memory(settings, redact=redact)) if settings.memory else None
        services = Services(
            run_id=run_id,
            settings=settings,
            workspace=workspace,
            sandbox=opened.sandbox,
            lease=lease,
            weaker=opened.why,
            model=model,
            memory=memory,
            origin=origin,
        )
        if for_nodes:
            _connected[run_id] = asyncio.get_running_loop().create_future()
            _connected[run_id].set_result(services)
            stack.callback(_connected.pop, run_id, None)
        yield services


async def renew(services: Services, why: SandboxLost) -> bool:
    """Open another sandbox in place of a lost one, for all steps of the run; False where that was done already.

    What was staged, installed and built in the lost one is forgotten, as those who work in the other find it empty.
    """
    if services.lease is None:
        raise why
    sandbox = await services.lease.renew(services.sandbox, why)
    if sandbox is None:
        return False
    fresh = replace(services, sandbox=sandbox, _staging=asyncio.Lock(), _staged={}, _works={}, _latest={})
    _connected[services.run_id] = asyncio.get_running_loop().create_future()
    _connected[services.run_id].set_result(fresh)
    return True


async def _hold(lock: AbstractContextManager[None], stack: AsyncExitStack) -> None:
    """Enter a lock in a thread, until the stack unwinds; when we are cancelled the thread gives it back."""
    entering = asyncio.create_task(asyncio.to_thread(lock.__enter__))
    try:
        await asyncio.shield(entering)
    except asyncio.CancelledError:
        await asyncio.wait([entering])
        if entering.exception() is None:
            lock.__exit__(None, None, None)
        raise
    stack.push(lock)


def _own(workspace: Workspace, run_id: str) -> None:
    """Raise ``WorkspaceError`` where the folder holds the app of another run: two apps would mix."""
    other = next((entry.run_id for entry in workspace.log() if entry.run_id), run_id)
    if other != run_id:
        raise WorkspaceError(
            f"{workspace.root} holds the app of run {other}; choose an empty or new folder for another one"
        )


def _origin(root: Path, asked: bool) -> Origin:
    """Whose code is in a workspace. Remembered there before a model is asked: a later process may have no key."""
    mark = root / ".gencode" / "models"
    if asked:
        mark.touch()
    return "model" if mark.exists() else "builtin"


_connected: dict[str, asyncio.Future[Services]] = {}
_served: dict[str, AbstractAsyncContextManager[Services]] = {}
_active: Counter[str] = Counter()
_over: set[str] = set()


async def services_of(runtime: Runtime[Settings]) -> Services:
    """The services of the run that a node belongs to; a run nobody connected (on a server) is connected here."""
    run_id = _run_of(runtime)
    if run_id not in _connected:
        connecting = _connected[run_id] = asyncio.get_running_loop().create_future()
        _served[run_id] = connect(runtime.context or Settings(), run_id)
        try:
            connecting.set_result(await _served[run_id].__aenter__())
        except BaseException as error:
            del _connected[run_id], _served[run_id]
            connecting.set_exception(error)
            connecting.exception()  # seen, whether or not another node waits for it
            raise
    return await _connected[run_id]


@asynccontextmanager
async def serving(runtime: Runtime[Settings], *, last: bool) -> AsyncIterator[Services]:
    """The services of a run while one of its steps works.

    What was connected here is closed after the last step, or when the steps beside one that failed have ended too.
    """
    services = await services_of(runtime)
    run_id = services.run_id
    _active[run_id] += 1
    try:
        yield services
    except BaseException:
        _over.add(run_id)
        raise
    finally:
        _active[run_id] -= 1
        if not _active[run_id] and (last or run_id in _over):
            _over.discard(run_id)
            if served := _served.pop(run_id, None):
                await served.__aexit__(None, None, None)


def _run_of(runtime: Runtime[Settings]) -> str:
    info = runtime.execution_info
    return str(info.thread_id) if info is not None and info.thread_id else "adhoc"
