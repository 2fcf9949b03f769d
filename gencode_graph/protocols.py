"""The ports: what the graph needs of producers, checks, sandboxes and embedders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from gencode_graph.decisions import Context, Decision, Option, Outcome, Pattern
from gencode_graph.types import Command, Draft, Health, Limit, Origin, Prompt, Reply, Result, Task, Usage, Verdict

if TYPE_CHECKING:
    from gencode_graph.services import Services


@runtime_checkable
class Producer(Protocol):
    """Makes a draft: a template, a function, an agent or a healer."""

    @property
    def name(self) -> str: ...

    def accepts(self, task: Task) -> bool:
        """Whether this producer has something to propose; the first one that accepts goes first."""

    async def produce(self, task: Task, services: Services) -> Draft: ...


class Check(Protocol):
    """Judges a draft: a parser, a linter, a test run or a reviewer. An async function will do."""

    @property
    def __name__(self) -> str: ...

    async def __call__(self, task: Task, draft: Draft, services: Services) -> Verdict: ...


class Sandbox(Protocol):
    """A folder and the programs that run in it, away from everything else.

    One sandbox belongs to one run. Paths are relative to its folder. A program that fails is a
    :class:`Result`; a sandbox that fails raises :class:`~gencode_graph.errors.SandboxError`.
    """

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What it keeps programs from; the report says what is not among them."""

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        """Write files that differ; delete files under the ``owned`` prefixes that are not among ``files``.

        Raises ``RefusedError`` where the backend does not run code of that origin.
        """

    async def install(self, lock: str) -> None:
        """Provide what a lock file names: ``frontend/package-lock.json`` gives ``frontend/node_modules``,
        ``backend/requirements-dev.txt`` gives ``backend/.venv``. From a cache keyed by the lock file."""

    async def run(self, command: Command) -> Result: ...

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        """Read regular files back; a path may be a folder. What does not exist is left out."""

    def serve(self, command: Command, *, health: Health, seconds: float = 30.0) -> AbstractAsyncContextManager[str]:
        """Start a server on a free loopback port and yield its base URL once it is healthy.

        ``health`` is a path whose ``GET`` must answer below 500, ``tcp``, or a command that must succeed; the URL
        begins with ``http`` for a path and with ``tcp`` for the others. ``{port}`` in ``argv`` and ``env`` values is
        replaced, those of ``health`` included. Everything it started is ended on exit.
        """

    def reach(self, url: str) -> AbstractAsyncContextManager[str]:
        """A URL under which this machine has the server that answers at ``url`` inside; loopback only, same scheme."""

    async def close(self) -> None:
        """End whatever still runs. The folder stays, so that a resumed run finds its build."""


class Model(Protocol):
    """Language models behind one door: tiers, failover, budget, journal and redaction included."""

    async def ask(self, prompt: Prompt) -> Reply:
        """The answer of the first model of the tier's chain that works; paid for once, whatever is killed.

        Raises ``BudgetError`` before a call that the budget does not allow, ``ModelError`` when no model of the chain
        answers, ``ContextError`` when the prompt is too long for all of them.
        """

    @property
    def spent(self) -> Usage:
        """By this run so far, earlier processes included, as the providers say."""

    @property
    def held(self) -> Usage:
        """What calls may have cost beyond that whose end nobody knows; it counts against the budget."""

    def charged(self, step: str) -> Usage:
        """What counts against the budget for one step's calls, those under way at their worst case."""

    async def judged(self, *, step: str, agent: str, attempt: int, accepted: bool) -> None:
        """Record whether what an agent wrote in an attempt was taken; said again, the last word counts."""

    def affords(self, prompt: Prompt) -> bool:
        """Whether the budget allows the worst case of a call."""


class Embedder(Protocol):
    """Texts to vectors of unit length."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order."""


class Memory(Protocol):
    """What was decided and how it went, what repaired what; every outcome makes the next decision better."""

    async def decide(
        self,
        point: str,
        query: str,
        *,
        key: str,
        context: Context,
        options: Sequence[Option] = (),
        exclude: Sequence[str] = (),
        default: str | None = None,
    ) -> Decision:
        """Choose for a query among a point's options: those of its file, or these; without sure evidence, ``default``.

        ``key`` is the decision's id, unique for run, step and occasion: asked again, also by another process, the
        answer is the same. Raises ``SettingError`` for an unknown point or when everything is excluded.
        """

    def options(self, point: str) -> Mapping[str, Option]:
        """The options of a point's file, by name. Raises ``SettingError`` for an unknown point."""

    async def learn(self, decision_id: str, outcome: Outcome) -> None:
        """Say how it went with a decision; once, the first word counts. An unknown id raises ``InputError``."""

    async def recall(self, kind: str, signature: str, text: str, *, context: Context, limit: int = 5) -> list[Pattern]:
        """Patterns for a problem, the most promising first: the same signature, then near ones of this context, and
        after them foreign ones. Those that keep failing are left out."""

    async def remember(self, pattern: Pattern, *, key: str = "") -> None:
        """Keep a pattern, redacted; one with the same id gets one more success, once for the same key."""

    async def judged(self, pattern_id: str, *, worked: bool, key: str = "") -> None:
        """Say whether a recalled pattern worked; one that keeps failing is no longer recalled.

        ``key`` names the use: said again, it counts no more. Without one, every word counts.
        """
