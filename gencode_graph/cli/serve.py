"""``gencode preview``: the app of a run, served for a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from gencode_graph.cli.options import Run, settings_from
from gencode_graph.cli.output import note, results

if TYPE_CHECKING:
    from gencode_graph import runs
    from gencode_graph.settings import Settings

Minutes = Annotated[float, typer.Option("--minutes", "-m", min=0.05, max=1440, help="How long, at most.")]


def preview(run: Run = None, minutes: Minutes = 30.0) -> None:
    """Serve the app of RUN on this machine until the time is over, or until Ctrl-C.

    Examples:

    \b
      gencode preview
      gencode preview 20261121-5a3f9c --minutes 120
    """
    from gencode_graph.cli.interrupts import Interrupted, interruptible
    from gencode_graph.runs import Runs

    settings = settings_from()
    found = Runs(settings).get(run)
    try:
        asyncio.run(interruptible(_serve(found, settings, minutes)))
    except Interrupted:
        note("Stopped.")


async def _serve(run: runs.Run, settings: Settings, minutes: float) -> None:
    from gencode_graph.preview import served

    note(f"Starting the app in {run.workspace} ...")
    async with served(run, settings, minutes) as preview:
        until = f"{preview.expires.astimezone():%H:%M}" if preview.expires else "Ctrl-C"
        results().print(f"[bold]{preview.url}[/]", highlight=False)
        note(f"Served until {until}; Ctrl-C ends it now.")
        await asyncio.sleep(minutes * 60)
    note("The time is over.")
