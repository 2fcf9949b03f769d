"""The server: a thread with its own event loop, on a loopback port, from the beginning of a block to its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from gencode_graph.errors import MissingError, SettingError, WiringError
from gencode_graph.testing.wire.connection import Connection
from gencode_graph.testing.wire.faults import Chance
from gencode_graph.testing.wire.http import BODY_LIMIT
from gencode_graph.testing.wire.record import Call, Record
from gencode_graph.testing.wire.rules import OTHERWISE, Rule, Rules
from gencode_graph.types import Usage

KEY = "wire-key"
VARIABLES = {
    "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
    "google": ("GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"),
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
}
"""Provider -> the variables for its key and its address."""
MODELS = ("gpt-4o-mini", "gemini-2.5-flash", "claude-haiku-4-5")


class Wire:
    """A server that clients of OpenAI and Gemini take for the real one. ``with`` and ``async with`` start and stop it.

    Raises ``SettingError`` for a port that cannot be, ``MissingError`` where it is in use, and ``WiringError`` at the
    end where a reply of a rule raised.
    """

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        otherwise: str = OTHERWISE,
        chance: Chance | None = None,
        port: int = 0,
        log: Path | None = None,
        models: Sequence[str] = MODELS,
    ) -> None:
        if not 0 <= port <= 65535:
            raise SettingError(f"a port is from 0 to 65535, not {port}")
        self.rules = Rules(rules=tuple(rules), otherwise=otherwise, chance=chance.fresh() if chance else None)
        self.record = Record(file=log)
        self.models = tuple(models)
        self.failures: list[BaseException] = []
        """What replies of rules raised, and whatever else went wrong without being asked for."""
        self.port = port
        """0 lets the system choose; the chosen one once the server runs."""
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._refused: OSError | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """All calls to models so far, in the order in which they came."""
        return tuple(self.record.calls)

    @property
    def usage(self) -> Usage:
        """What the models did so far, by the server's own count; calls are those that a model worked on."""
        paid = [call for call in self.calls if call.paid]
        return Usage(
            calls=len(paid),
            tokens_in=sum(call.tokens_in for call in paid),
            tokens_out=sum(call.tokens_out for call in paid),
        )

    @property
    def told(self) -> Usage:
        """What clients were told of that, lies included, with answers that came whole."""
        told = [call.told for call in self.calls if call.told and call.end == "sent"]
        return Usage(
            calls=len(told),
            tokens_in=sum(usage["tokens_in"] for usage in told),
            tokens_out=sum(usage["tokens_out"] for usage in told),
        )

    @property
    def at_once(self) -> int:
        """The most calls that were being answered at the same time."""
        return self.record.at_once

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>``."""
        return f"http://127.0.0.1:{self.port}"

    def base_url(self, provider: str = "openai") -> str:
        """Where a client of a provider has to look; an unknown one is taken to speak OpenAI's dialect."""
        places = {"openai": f"{self.url}/v1", "google": self.url, "anthropic": self.url}
        return places.get(provider, f"{self.url}/{provider}/v1")

    @property
    def env(self) -> Mapping[str, str]:
        """Environment variables that point LangChain's clients of OpenAI and Gemini at this server."""
        return {**self.env_of("openai"), **self.env_of("google")}

    def env_of(self, provider: str) -> Mapping[str, str]:
        """The same for one of ``openai``, ``google`` and ``anthropic``."""
        key, url = VARIABLES[provider]
        return {key: KEY, url: self.base_url(provider)}

    def start(self) -> None:
        """Listen; back once a client can connect."""
        if self._thread is not None:
            raise WiringError("this server runs already; make another one")
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="gencode-wire", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._refused is not None:
            self._thread.join()
            self._thread, refused, self._refused = None, self._refused, None
            raise MissingError(f"port {self.port} cannot be had ({refused.strerror}); choose another, or 0 for any")

    def stop(self) -> None:
        """Drop all connections and end the thread; nothing happens where it does not run."""
        if self._thread is None:
            return
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def ended(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            if not task.cancelled() and (error := task.exception()):
                self.failures.append(error)

        def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = Connection(
                reader=reader, writer=writer, rules=self.rules, record=self.record, models=self.models,
                failures=self.failures,
            )  # fmt: skip
            task = asyncio.create_task(connection.serve())
            tasks.add(task)
            task.add_done_callback(ended)

        try:
            server = await asyncio.start_server(accepted, "127.0.0.1", self.port, limit=BODY_LIMIT, backlog=512)
            self.port = server.sockets[0].getsockname()[1]
        except OSError as error:
            self._refused = error
            return
        finally:
            self._ready.set()
        try:
            await self._stop.wait()
        finally:
            server.close()
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()
            await asyncio.sleep(0)  # transports close in the loop's next round

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        failures, self.failures = self.failures, []
        if error is None and failures:
            raise WiringError(f"a rule's reply, or the server, raised {failures[0]!r}") from failures[0]

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, at)
