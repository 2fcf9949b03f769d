"""``gencode images``: what code runs in where there is Docker, made once and kept."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gencode_graph.cli.options import AsJson, settings_from
from gencode_graph.cli.output import count, note, progress, results, write_json

if TYPE_CHECKING:
    from gencode_graph.sandbox.image_crew import News

OWN_CERTIFICATES = Path("/usr/local/share/ca-certificates")
"""Where Debian keeps the root certificates that this machine trusts beyond the usual ones."""
STYLES = {"fresh": "green", "stale": "yellow", "missing": "dim"}

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which images; all by default.")]
Base = Annotated[
    str | None,
    typer.Option(envvar="GENCODE_BASE_IMAGE", metavar="IMAGE", help="Make them on this image instead of Debian's."),
]
Certificates = Annotated[
    Path | None,
    typer.Option("--ca", metavar="FOLDER", help="Trust the root certificates (*.crt) in this folder; by default those "
                 "of this machine in /usr/local/share/ca-certificates."),
]  # fmt: skip
Again = Annotated[bool, typer.Option("--again", help="Build all anew, with Debian's newest packages.")]
Jobs = Annotated[int, typer.Option(min=1, max=16, help="How many are built at once.")]

images = typer.Typer(
    help="Build and list the images that code runs in.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@images.command("build")
def build_(
    names: Names = None, base: Base = None, ca: Certificates = None, again: Again = False, jobs: Jobs = 2
) -> None:
    """Build images that are missing, or made from something else than they would be made from now.

    This is the only time that a network is needed: nothing is pulled or installed when a run begins.

    Examples:

    \b
      gencode images build app                       what runs of apps need
      gencode images build                           all of them
      gencode images build java --base gencode/debian  on an image that is here
      gencode images build --ca ~/company-roots      behind a company's proxy
    """
    from gencode_graph.errors import InputError, MissingError
    from gencode_graph.sandbox.image_builds import ImageEngine, certificates_in
    from gencode_graph.sandbox.image_crew import Order, build_all
    from gencode_graph.sandbox.image_recipes import in_order
    from gencode_graph.sandbox.image_recipes import names as known

    if ca is not None and not ca.is_dir():
        raise InputError(f"--ca {ca} is not a folder; name one that holds *.crt files")
    wanted = tuple(names or known())
    in_order(wanted)
    order = Order(
        names=wanted, base=base, certificates=certificates_in(ca or OWN_CERTIFICATES), exact=ca is not None,
        again=again, jobs=jobs, logs=settings_from().cache / "images",
    )  # fmt: skip
    engine = ImageEngine()
    why: list[str] = []
    with watching(progress()) as show:

        def hear(news: News) -> None:
            if news.what == "failed":
                why.append(news.text)
            show(news)

        failed = build_all(engine, order, hear)
    engine.close()
    if failed:
        raise MissingError("\n".join(why))


@images.command()
def ls(as_json: AsJson = False) -> None:
    """List the images: whether each is there and up to date, its size, its age and its programs."""
    from gencode_graph.sandbox.image_builds import ImageEngine, state_of
    from gencode_graph.sandbox.image_recipes import in_order, names

    engine = ImageEngine()
    found = sorted(((it, *state_of(engine, it)) for it in in_order(names())), key=lambda row: row[0].name)
    engine.close()
    if as_json:
        rows = [
            {"name": it.name, "state": state, **(dataclasses.asdict(built) if built else {})}
            for it, state, built in found
        ]
        write_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("image", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("size", "age"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("holds")
    for it, state, built in found:
        told = (megabytes(built.size), age(built.created), built.holds) if built else ("", "", it.summary)
        table.add_row(it.name, Text(state, style=STYLES[state]), *told)
    results().print(table, soft_wrap=False)
    lacking = [it.name for it, state, _ in found if state != "fresh"]
    if lacking:
        note(f"gencode images build {' '.join(lacking)}   makes what is missing or stale.")


def megabytes(size: int) -> str:
    """``402 MB``."""
    return f"{size / 1e6:,.0f} MB"


def age(created: str) -> str:
    """How long ago, in the largest unit: ``3 hours``."""
    then = datetime.fromisoformat(re.sub(r"\.\d+|Z$", "", created)).replace(tzinfo=UTC)
    seconds = max(0, int((datetime.now(UTC) - then).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return count(seconds // length, unit)
    return "now"


@contextmanager
def watching(console: Console) -> Iterator[Callable[[News], None]]:
    """Shows the builds until the block ends: a line each that moves on a terminal, plain lines anywhere else."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    if not console.is_terminal:
        yield lambda news: told(console, news)
        return
    columns = (
        SpinnerColumn(finished_text=" "), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[line]}", markup=True),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as shown:
        rows = {}

        def show(news: News) -> None:
            if news.what == "began":
                rows[news.name] = shown.add_task(f"{news.name:<9}", total=None, line="")
            elif news.what == "said" and (step := re.match(r"Step (\d+)/(\d+) : (.*)", news.text)):
                shown.update(rows[news.name], completed=int(step[1]) - 1, total=int(step[2]), line=step[3][:60])
            elif news.what != "said":
                if news.name in rows:
                    shown.remove_task(rows[news.name])
                told(shown.console, news)

        yield show


def told(console: Console, news: News) -> None:
    """One line on an image that is begun or done with."""
    if news.what == "began":
        console.out(f"{news.name}: building ...", highlight=False)
    elif news.what == "failed":
        console.out(f"{news.name}: failed", highlight=False)
    elif news.built:
        how = f"built in {news.built.seconds:.0f} s" if news.what == "built" else "up to date"
        console.out(f"{news.name}: {how}, {megabytes(news.built.size)}: {news.built.holds}", highlight=False)
