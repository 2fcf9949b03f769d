"""The sandbox of a run for as long as the run lasts, however often it is lost."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from gencode_graph.errors import MissingError, SandboxError, SandboxLost
from gencode_graph.sandbox import Opened, choose

if TYPE_CHECKING:
    from gencode_graph.protocols import Sandbox
    from gencode_graph.settings import Settings
    from gencode_graph.types import Origin

LOSSES = 3
"""How often a sandbox may be lost before the run stops."""
PATIENCE = 60.0
"""Seconds for which another sandbox is tried: a daemon that is started again needs some."""


class Lease:
    """Opens another sandbox when one is lost: of the same kind, once for all that worked in the lost one."""

    def __init__(self, settings: Settings, folder: Path, run_id: str, origin: Origin) -> None:
        self._settings = settings
        self._place = (folder, run_id, origin)
        self._renewing = asyncio.Lock()
        self._opened: Opened | None = None
        self.losses: list[str] = []
        """Why, each time."""
        self._over: SandboxError | None = None

    async def open(self) -> Opened:
        """The first sandbox, tried again while one is lost as soon as it opens. Raises as ``choose`` does."""
        opened: Opened = await _trying(SandboxLost)(choose, self._settings, *self._place)
        self._opened = opened
        return opened

    async def renew(self, lost: Sandbox, why: SandboxLost) -> Sandbox | None:
        """Another sandbox instead of a lost one; None where somebody else has that already.

        Raises ``SandboxError`` after too many losses, and when none could be opened for ``PATIENCE`` seconds.
        """
        async with self._renewing:
            if self._opened is None or self._opened.sandbox is not lost:
                return None
            if self._over is not None:
                raise self._over
            self.losses.append(str(why))
            with contextlib.suppress(SandboxError):
                await lost.close()
            try:
                self._opened = Opened(await self._again(lost.name, why), self._opened.why)
            except SandboxError as error:
                self._over = error
                raise
            return self._opened.sandbox

    async def _again(self, name: str, why: SandboxLost) -> Sandbox:
        if len(self.losses) > LOSSES:
            raise SandboxError(f"the sandbox was lost {len(self.losses)} times, so the run stops; the last time: {why}")
        settings = self._settings.model_copy(update={"sandbox": name})
        try:
            return (await _trying(SandboxError, MissingError)(choose, settings, *self._place)).sandbox
        except (SandboxError, MissingError) as error:
            raise SandboxError(f"the sandbox was lost ({why}), and no other could be opened: {error}") from error

    async def close(self) -> None:
        """Close the sandbox that is open."""
        if self._opened is not None:
            await self._opened.sandbox.close()


def _trying(*errors: type[Exception]) -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(errors),
        stop=stop_after_delay(PATIENCE),
        wait=wait_exponential(multiplier=0.2, max=3),
        reraise=True,
    )
