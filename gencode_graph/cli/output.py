"""Where the command line writes: progress and complaints to stderr, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import typer

from gencode_graph.plain import plain

if TYPE_CHECKING:
    from rich.console import Console


@cache
def progress() -> Console:
    """stderr."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


@cache
def results() -> Console:
    """stdout."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def complain(message: str) -> None:
    """One error, for people, on stderr."""
    from rich.text import Text

    progress().print(Text("Error: ", style="bold red").append(plain(message), style="default not bold"))


@contextmanager
def explained() -> Iterator[None]:
    """Makes one message of an error of ours, and ends the command with its exit status."""
    from gencode_graph.errors import GencodeError

    try:
        yield
    except GencodeError as error:
        complain(str(error))
        raise typer.Exit(error.exit_status) from None


def fault(error: Exception) -> None:
    """Where an error arose that nobody foresaw, on stderr."""
    import traceback

    progress().out("".join(traceback.format_exception(error)), highlight=False, end="")


def note(message: str, style: str = "dim") -> None:
    """A line on stderr."""
    from rich.text import Text

    progress().print(Text(message, style=style))


def write_line(line: str) -> None:
    """A line on stdout: cut to fit a terminal, whole anywhere else."""
    from rich.text import Text

    if results().is_terminal:
        results().print(Text(line), no_wrap=True, overflow="ellipsis", crop=True)
    else:
        sys.stdout.write(f"{line}\n")


def write_json(value: Any) -> None:
    """JSON on stdout; text is taken to be JSON already."""
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    sys.stdout.write(text)
    sys.stdout.flush()


def count(number: int, word: str) -> str:
    """``1 page``, ``2 pages``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
