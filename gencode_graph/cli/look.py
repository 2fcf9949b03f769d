"""``gencode runs``, ``show`` and ``diff``: what was made, and how it came about."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gencode_graph.cli.options import AsJson, Run, settings_from
from gencode_graph.cli.output import note, results, write_json, write_line

if TYPE_CHECKING:
    from gencode_graph.report import Report
    from gencode_graph.settings import Settings
    from gencode_graph.workspace import Entry

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, the newest first.")]


def runs(limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the runs of this machine, the newest first."""
    from gencode_graph.runs import Runs
    from gencode_graph.standing import state

    found = Runs(settings_from()).recent(limit)
    if as_json:
        kept = {"run_id", "request", "created", "updated"}
        more = ({"status": state(run), "workspace": str(run.workspace)} for run in found)
        write_json([run.model_dump(mode="json", include=kept) | it for run, it in zip(found, more, strict=True)])
        return
    if not found:
        note("There are no runs yet; start one with: gencode new REQUEST")
        return
    rows = [("run", "status", "begun", "folder", "request")]
    for run in found:
        begun = f"{run.created.astimezone():%Y-%m-%d %H:%M}"
        rows.append((run.run_id, state(run), begun, str(run.workspace), " ".join(run.request.split())))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        write_line(line)


def show(run: Run = None, as_json: AsJson = False) -> None:
    """Show what RUN came to: its app, its steps, its checks, and what of the request is met.

    Examples:

    \b
      gencode show
      gencode show 20261121-5a3f9c --json
    """
    from gencode_graph.cli.summary import show_report, show_steps
    from gencode_graph.runs import Runs
    from gencode_graph.standing import standing, state

    settings = settings_from()
    found = Runs(settings).get(run)
    if state(found) == "running":
        note("This run is going on; what follows is what it has done so far.", style="yellow")
    report = _served(asyncio.run(standing(found, settings)), settings)
    if as_json:
        write_json(report.to_json())
    else:
        results().out(report.request, highlight=False)
        show_steps(results(), report)
        show_report(results(), report)


def _served(report: Report, settings: Settings) -> Report:
    """The report with where its app is served at the moment, if it is."""
    from gencode_graph.preview import Previews

    found = next((it for it in Previews(settings).all() if it.run_id == report.run_id and it.url), None)
    if found is None or report.preview is None:
        return report
    preview = report.preview.model_copy(update={"url": found.url, "expires": found.expires.replace(microsecond=0)})
    return report.model_copy(update={"preview": preview})


def diff(
    run: Run = None,
    a: Annotated[str | None, typer.Argument(metavar="[A]", help="A step or a commit; alone: what it changed.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="A later step or commit.")] = None,
) -> None:
    """Show what changed in the files of RUN between A and B, as a unified diff.

    A and B are steps, or commits (as `git log` in the folder shows them). With A alone: what A changed. With neither:
    what the last step changed that wrote anything.

    Examples:

    \b
      gencode diff
      gencode diff 20261121-5a3f9c contracts
      gencode diff 20261121-5a3f9c analysis preview_final
    """
    from gencode_graph.runs import Runs
    from gencode_graph.workspace import Workspace

    found = Runs(settings_from()).get(run)
    workspace = Workspace.open(found.workspace, create=False)
    try:
        old, new = between(workspace.log(), found.run_id, a, b)
        text = workspace.diff(old, new)
    finally:
        workspace.close()
    show_diff(text)


def between(log: Sequence[Entry], run_id: str, a: str | None, b: str | None) -> tuple[str, str]:
    """The ids of the two trees to compare. ``log`` is newest first; raises ``InputError`` for unknown names."""
    from gencode_graph.errors import InputError
    from gencode_graph.workspace import EMPTY

    def find(name: str) -> int:
        for place, entry in enumerate(log):
            if (entry.step == name and entry.run_id == run_id) or (len(name) >= 4 and entry.id.startswith(name)):
                return place
        known = ", ".join(e.step for e in reversed(log) if e.step and e.run_id == run_id)
        raise InputError(f"{name!r} is neither a step nor a commit of run {run_id}; its steps: {known or 'none yet'}")

    def parent(place: int) -> str:
        return log[place + 1].tree if place + 1 < len(log) else EMPTY

    if a is not None and b is not None:
        return log[find(a)].tree, log[find(b)].tree
    if a is not None:
        return parent(find(a)), log[find(a)].tree
    changed = (place for place in range(len(log)) if log[place].tree != parent(place))
    last = next(changed, None)
    return (EMPTY, EMPTY) if last is None else (parent(last), log[last].tree)


def show_diff(text: str) -> None:
    """Print a diff, coloured on a terminal."""
    from rich.text import Text

    if not text:
        note("Nothing changed.")
        return
    if not results().is_terminal:
        typer.echo(text, nl=False)
        return
    styles = {"diff": "bold", "+++": "bold", "---": "bold", "@@ ": "cyan", "+": "green", "-": "red"}
    for line in text.splitlines():
        style = next((style for start, style in styles.items() if line.startswith(start)), "")
        results().print(Text(line, style=style))
