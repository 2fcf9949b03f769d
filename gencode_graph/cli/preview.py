"""``gencode preview``: the app of a run, served for a while; what is served, for how much longer, and its end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from gencode_graph.cli.options import AsJson, Run, settings_from, writable
from gencode_graph.cli.output import count, note, results, write_json, write_line

if TYPE_CHECKING:
    from gencode_graph import runs
    from gencode_graph.sandbox.browser import Step
    from gencode_graph.settings import Settings

Minutes = Annotated[float, typer.Option("--minutes", "-m", min=0.05, max=1440, help="How long, from now on.")]
Picture = Annotated[
    Path | None, typer.Option("--screenshot", metavar="FILE", help="Take a picture of the first page, and end.")
]
Script = Annotated[
    Path | None,
    typer.Option(
        "--script", metavar="FILE", help="Do what a script says in a browser, and end; 1 if something is wrong."
    ),
]


PICTURE = "the-last-one"
"""Name of the picture that ``--screenshot`` asks for."""


class Verbs(TyperGroup):
    """Subcommands of which one may be left out: without the name of another, it is ``serve``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, beginning with a subcommand."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return list(super().parse_args(ctx, args if named else ["serve", *args]))


preview = typer.Typer(
    cls=Verbs,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[RUN] [--minutes N] | COMMAND [ARGS]...",
    help="""
    Serve the app of RUN, the newest by default, on this machine for 30 minutes or until Ctrl-C.

    Examples:

    \b
      gencode preview                              the app of the newest run
      gencode preview 20261121-5a3f9c -m 120       for two hours
      gencode preview ls                           what is served, and where
      gencode preview extend 20261121-5a3f9c       for 30 minutes more
      gencode preview stop 20261121-5a3f9c         end it
      gencode preview --screenshot app.png         a picture of it
      gencode preview --script steps.json          try it out in a browser
    """,
)


@preview.command()
def serve(run: Run = None, minutes: Minutes = 30.0, screenshot: Picture = None, script: Script = None) -> None:
    """Serve the app of RUN on this machine until the time is over, or until Ctrl-C; the word may be left out.

    A script is a list in JSON: {"do": "goto", "path": "/"}, {"do": "click", "name": "New"}, {"do": "fill", "label":
    "Name", "text": "Ada"}, {"do": "expect", "text": "Saved"}, {"do": "screenshot", "name": "saved"}.
    """
    from gencode_graph.cli.interrupts import Interrupted, interruptible
    from gencode_graph.runs import Runs

    settings = settings_from()
    found = Runs(settings).get(run)
    screenshot = writable(screenshot, "--screenshot")
    try:
        if screenshot or script:
            steps = _steps(script, screenshot)
            good = asyncio.run(interruptible(_try_out(found, settings, steps, screenshot)))
            raise typer.Exit(0 if good else 1)
        asyncio.run(interruptible(_serve(found, settings, minutes)))
    except Interrupted:
        note("Stopped.")


async def _serve(run: runs.Run, settings: Settings, minutes: float) -> None:
    from gencode_graph.preview import served

    note(f"Starting the app in {run.workspace} ...")
    async with served(run, settings, minutes) as serving:
        results().print(f"[bold]{serving.url}[/]", highlight=False)
        note(f"Served until {serving.expires.astimezone():%H:%M}; Ctrl-C ends it now.")
        over = await serving.over()
    note("The time is over." if over == "expired" else "Stopped.")


def _steps(script: Path | None, picture: Path | None) -> tuple[Step, ...]:
    """What to do: the script, or to open the first page; then the picture."""
    from gencode_graph.errors import InputError
    from gencode_graph.sandbox.browser import Goto, Screenshot, read_steps

    last = (Screenshot(do="screenshot", name=PICTURE),) if picture else ()
    if script is None:
        return (Goto(do="goto", path="/"), *last)
    try:
        return (*read_steps(script.read_bytes()), *last)
    except OSError as error:
        raise InputError(f"--script {script} cannot be read ({error.strerror})") from None


async def _try_out(run: runs.Run, settings: Settings, steps: tuple[Step, ...], picture: Path | None) -> bool:
    """Do the steps in the app and write its pictures; whether nothing was wrong."""
    from gencode_graph.preview import served, tried
    from gencode_graph.sandbox.folder import write_file

    note(f"Starting the app in {run.workspace} ...")
    async with served(run, settings) as serving:
        verdict, pictures = await tried(serving.what, steps)
    for name, content in pictures.items():
        kept = run.workspace / ".gencode" / "artifacts" / "screenshots" / f"{name}.png"
        place = picture if picture and name == PICTURE else kept
        await asyncio.to_thread(write_file, place, content)
        write_line(str(place))
    for finding in verdict.findings:
        note(f"{finding.rule}: {finding.message}", style="red")
    if not verdict.findings:
        note(f"{count(len(steps), 'step')} done, and nothing was wrong.")
    return not verdict.findings


@preview.command()
def ls(as_json: AsJson = False) -> None:
    """List the apps that are served on this machine."""
    from gencode_graph.preview import Previews

    found = Previews(settings_from()).all()
    if as_json:
        write_json([record.model_dump(mode="json", exclude={"owner", "key"}) for record in found])
        return
    if not found:
        note("Nothing is served; `gencode preview` serves the app of the newest run.")
    for record in found:
        ends = "stopping" if record.stopped else f"until {record.expires.astimezone():%H:%M}"
        write_line(f"{record.run_id}  {record.url or 'starting'}  {ends if record.url else ''}".rstrip())


@preview.command()
def extend(run: Run = None, minutes: Minutes = 30.0) -> None:
    """Serve the app of RUN for that long from now, if not longer already."""
    from gencode_graph.preview import Previews

    previews = Previews(settings_from())
    record = previews.extend(_named(previews, run), minutes)
    note(f"{record.url} is served until {record.expires.astimezone():%H:%M}.")


@preview.command()
def stop(run: Run = None) -> None:
    """End the serving of the app of RUN, wherever it was started."""
    from gencode_graph.preview import Previews

    previews = Previews(settings_from())
    name = _named(previews, run)
    previews.stop(name)
    note(f"The app of {name} is no longer served.")


def _named(previews: Any, run: str | None) -> str:
    """The run that was named, or the only one that is served."""
    from gencode_graph.errors import InputError

    if run is not None:
        return run
    found = previews.all()
    if len(found) != 1:
        raise InputError(f"{len(found) or 'no'} apps are served; say which: `gencode preview ls` lists them")
    return str(found[0].run_id)
