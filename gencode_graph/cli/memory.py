"""``gencode memory``: what the memory holds, and how to take it along or let it go."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from gencode_graph.cli.options import AsJson, settings_from
from gencode_graph.cli.output import count, note, results, write_json, write_line

if TYPE_CHECKING:
    from gencode_graph.memory.evolution import Evolution

T = TypeVar("T")
Kind = Annotated[str | None, typer.Option(help="Only of this kind: repair or plan.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Of a pattern, or the beginning of it.")]

memory = typer.Typer(
    help="Show, export and forget the patterns that runs have learned.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@memory.command()
def ls(kind: Kind = None, as_json: AsJson = False) -> None:
    """List patterns, the most trusted first."""
    patterns = _with(lambda it: it.patterns(kind))
    if as_json:
        write_json([pattern.model_dump(mode="json") for pattern in patterns])
        return
    if not patterns:
        note("Nothing is remembered yet: patterns come from repairs that turned a failing check green.")
        return
    table = Table(box=None, pad_edge=False)
    rows = [
        (it.id[:8], it.kind, it.context.step or "anywhere", f"{it.worked} of {it.used}", it.text) for it in patterns
    ]
    for number, name in enumerate(("id", "kind", "where", "worked")):
        table.add_column(name, no_wrap=True, min_width=max(len(row[number]) for row in rows))  # "for" gives way
    table.add_column("for", overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    results().print(table)


@memory.command()
def show(pattern: Id) -> None:
    """Show one pattern as JSON: what it is for, its edits, and what proved it."""
    write_json(_with(lambda it: _found(it, pattern)))


@memory.command()
def forget(pattern: Id) -> None:
    """Forget one pattern for good."""

    async def work(it: Evolution) -> str:
        found = json.loads(await _found(it, pattern))["id"]
        await it.forget(found)
        return str(found)

    note(f"Forgot {_with(work)}.")


@memory.command()
def export() -> None:
    """Write all patterns to stdout, a line of JSON each, for another machine.

    Example:

    \b
      gencode memory export > patterns.jsonl
    """
    for line in _with(lambda it: it.export()):
        write_line(line)


@memory.command("import")
def import_(file: Annotated[Path, typer.Argument(help="What `gencode memory export` wrote.")]) -> None:
    """Take in patterns that were exported elsewhere, all of them or none."""
    from gencode_graph.errors import InputError

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        ) from None
    note(f"Took in {count(_with(lambda it: it.import_(lines)), 'new pattern')}.")


def _with(work: Callable[[Evolution], Awaitable[T]]) -> T:
    """What some work with the memory comes to."""
    from gencode_graph.llm.redaction import redact
    from gencode_graph.memory import connect_memory

    async def run() -> T:
        async with connect_memory(settings_from(), redact=redact) as opened:
            return await work(opened)

    return asyncio.run(run())


async def _found(opened: Evolution, beginning: str) -> str:
    """The one pattern whose id begins so, as JSON."""
    from gencode_graph.errors import InputError

    found = [it for it in await opened.patterns() if it.id.startswith(beginning)]
    if len(found) != 1:
        problem = f"{len(found)} patterns begin with" if found else "no pattern is"
        raise InputError(f"{problem} {beginning!r}; `gencode memory ls` lists all")
    return found[0].model_dump_json(indent=1) + "\n"
