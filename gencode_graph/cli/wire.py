"""``gencode-wire``: a server on loopback that clients take for a provider of models."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from gencode_graph.cli.output import count, explained, note, write_line

if TYPE_CHECKING:
    from gencode_graph.testing.wire import Chance, Wire

HELP = """
Serve models that say what a script says, and fail on demand.

Clients of OpenAI, Gemini and Anthropic take it for the real one.
The lines on stdout point the first two at it; nothing leaves this machine.
For Anthropic's, export ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL too.

Examples:

\b
  gencode-wire --script rules.yaml              answer by rules
  gencode-wire --script rules.yaml --port 8099  on a port of your choice
  gencode-wire --faults 7,0.2 --log calls.jsonl a fifth goes wrong; keep all
  eval "$(gencode-wire --env --port 8099)"      only say what to export

A script is a list of rules; the first one that matches a call decides:

\b
  rules:
    - {agent: derek, step: contracts, attempt: 1, times: 1, fault: 429}
    - {agent: derek, step: contracts, reply_file: contracts.md}
    - {kind: review, reply_json: {score: 9, findings: []}}

A call's agent is the name after `You are` in its system prompt.
Its kind, step and attempt are in the user's first line:
`Task: contracts, attempt 2`, or `Review: contracts, attempt 2`.
docs/testing.md has every field and every fault.

Faults: FAULT_NAMES.

Exit status:

\b
  0  ended by Ctrl-C or SIGTERM
  2  the script, or an option, cannot be used
  3  the port is in use
"""


class Served(TyperCommand):
    """The command; an error of ours becomes one message and its exit status, and its help lists the faults."""

    def invoke(self, ctx: Any) -> Any:
        with explained():
            return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from gencode_graph.testing.wire import FAULTS

        self.help = (self.help or "").replace("FAULT_NAMES", ", ".join(FAULTS))
        super().format_help(ctx, formatter)


app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

ScriptFile = Annotated[Path | None, typer.Option("--script", metavar="FILE", help="Rules, as YAML or JSON.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 is any free one.")]
Faults = Annotated[
    str | None, typer.Option("--faults", metavar="SEED,RATE", help="Faults at random, in place of the script's.")
]
Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="Keep every call there, as JSON lines.")]
OnlyEnv = Annotated[bool, typer.Option("--env", help="Write the lines to export for --port, and serve nothing.")]


@app.command(cls=Served, help=HELP)
def serve(
    script: ScriptFile = None, port: Port = 0, faults: Faults = None, log: Log = None, env: OnlyEnv = False
) -> None:
    """Serve until a signal comes."""
    from gencode_graph.errors import SettingError
    from gencode_graph.testing.wire import Wire, load_script

    if env and not port:
        raise SettingError("--env needs the --port that the server listens on")
    read = vars(load_script(script)) if script else {}
    if faults is not None:
        read["chance"] = chance_from(faults)
    wire = Wire(**read, port=port, log=writable(log))
    if env:
        return show(wire)
    with signalled() as over, wire:
        show(wire)
        note(f"Serving {count(len(read.get('rules', ())), 'rule')} on {wire.url}; Ctrl-C ends it.")
        over.wait()
    used = wire.usage
    note(f"{count(len(wire.calls), 'call')}, {count(used.tokens_in + used.tokens_out, 'token')}.")
    return None


def show(wire: Wire) -> None:
    """The lines for a shell, on stdout."""
    for name, value in wire.env.items():
        write_line(f"export {name}={shlex.quote(value)}")
    sys.stdout.flush()


def chance_from(text: str) -> Chance:
    """``7,0.2`` -> faults in a fifth of the calls. Raises ``SettingError`` for anything else."""
    from gencode_graph.errors import SettingError
    from gencode_graph.testing.wire import Chance

    seed, _, rate = text.partition(",")
    try:
        return Chance(seed=int(seed), rate=float(rate))
    except SettingError:
        raise
    except ValueError:
        raise SettingError(f"--faults {text!r} cannot be used; write SEED,RATE, for instance 7,0.2") from None


def writable(log: Path | None) -> Path | None:
    """The file, if lines can be added to it; ``SettingError`` otherwise."""
    from gencode_graph.errors import SettingError

    if log is None:
        return None
    try:
        with log.open("a", encoding="utf-8"):
            return log
    except OSError as error:
        raise SettingError(f"--log {log} cannot be written ({error.strerror})") from None


@contextmanager
def signalled() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, from now on."""
    over = threading.Event()
    before = {which: signal.signal(which, lambda *_: over.set()) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield over
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def main() -> None:
    """The entry point of the command."""
    app()


if __name__ == "__main__":
    main()
