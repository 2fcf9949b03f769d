"""``gencode``: the commands, and how errors are shown. What a command needs is imported when it runs."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gencode_graph.cli.costs import costs
from gencode_graph.cli.doctor import doctor
from gencode_graph.cli.drawing import graph
from gencode_graph.cli.images import images
from gencode_graph.cli.look import diff, runs, show
from gencode_graph.cli.make import new, resume
from gencode_graph.cli.memory import memory
from gencode_graph.cli.output import explained
from gencode_graph.cli.preview import preview

HELP = """
Turn a sentence into a tested, running full-stack app.

Examples:

\b
  gencode doctor                           what this machine lacks
  gencode new "A bug tracker with issues"  make the app in ./bug-tracker
  gencode new "A gym" --vibe bold -w gym   choose the look and the folder
  gencode resume                           go on where the last run stopped
  gencode show                             what the last run came to
  gencode preview                          serve the app of the last run
  gencode preview ls                       what is served now
  gencode diff                             what the last step changed
  gencode costs                            what models were asked, and for how much
  gencode memory ls                        the repairs that were learned
  gencode images build app                 what code runs in, where there is Docker

Exit status:

\b
  0  delivered
  1  something asked for is unmet, or a check failed
  2  bad input
  3  something is missing on this machine
  4  stopped, and can be resumed
  130  interrupted, and can be resumed
"""


class Commands(TyperGroup):
    """All commands; an error of ours becomes one message and its exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with explained():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Commands,
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (new, resume, runs, show, diff, costs, graph, doctor):
    app.command()(command)
app.add_typer(preview, name="preview")
app.add_typer(memory, name="memory")
app.add_typer(images, name="images")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("gencode-graph"))
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The entry point of the command."""
    app()
