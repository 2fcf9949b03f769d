"""The twelve steps while they run: a live table on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from gencode_graph.cli.drawing import before, rows
from gencode_graph.cli.output import count
from gencode_graph.events import Activity, AttemptFailed, Event, ModelCalled, StepFinished, StepStarted, Warned
from gencode_graph.pipeline import Expression

MARKS = {"waiting": "·", "earlier": "✓", "passed": "✓", "failed": "✗"}
STYLES = {"waiting": "dim", "earlier": "green", "passed": "green", "failed": "red", "running": "cyan"}


@dataclass
class Row:
    """What is known of one step."""

    state: Literal["waiting", "running", "earlier", "passed", "failed"] = "waiting"
    """``earlier``: it ended before this run was resumed."""
    persona: str = ""
    attempt: int = 1
    began: float = 0.0
    seconds: float = 0.0
    files: int = 0
    works: list[str] = field(default_factory=list)
    """Producers and checks at work now."""


class Steps:
    """What the events told of each step so far."""

    def __init__(
        self, expression: Expression, personas: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._before = before(expression)
        self._clock = clock
        self.lines = list(rows(expression))
        self.of = {name: Row(persona=personas.get(name, "")) for _, name in self.lines}

    def hear(self, event: Event) -> None:
        """Take in one event; steps that it does not know are left out."""
        if isinstance(event, Warned) or event.step not in self.of:
            return
        row = self.of[event.step]
        if isinstance(event, StepStarted):
            row.state, row.began, row.works = "running", self._clock(), []
            for name in self._before[event.step]:
                if self.of[name].state == "waiting":
                    self.of[name].state = "earlier"
        elif isinstance(event, Activity):
            row.attempt = event.attempt
            if event.state == "started":
                row.works.append(event.name)
            elif event.name in row.works:
                row.works.remove(event.name)
        elif isinstance(event, StepFinished):
            row.state, row.seconds, row.files, row.works = event.status, event.seconds, event.files, []

    def seconds(self, row: Row) -> float:
        """How long a step took, or takes so far."""
        return self._clock() - row.began if row.state == "running" else row.seconds


class Screen:
    """The steps as a table that Rich draws anew several times a second."""

    def __init__(self, title: str, steps: Steps, clock: Callable[[], float] = time.monotonic) -> None:
        self._title, self._steps, self._clock, self._began = title, steps, clock, clock()
        self._spinners = {name: Spinner("dots", style="cyan") for name in steps.of}

    def __rich__(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        for style, right in (("", False), ("", False), ("dim", False), ("", True), ("dim", False)):
            table.add_column(style=style, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
        for lead, name in self._steps.lines:
            row = self._steps.of[name]
            style = STYLES[row.state]
            mark = self._spinners[name] if row.state == "running" else Text(MARKS[row.state], style=style)
            shade = {"running": "bold", "waiting": "dim"}.get(row.state, "default")
            label = Text.assemble((lead, "dim"), (name, shade))
            seconds = f"{self._steps.seconds(row):.1f} s" if row.state not in ("waiting", "earlier") else ""
            table.add_row(mark, label, row.persona, seconds, doing(row))
        head = Text(self._title, style="bold", no_wrap=True, overflow="ellipsis")
        return Group(head, table, Text(f"{self._clock() - self._began:.0f} s", style="dim"))


def doing(row: Row) -> str:
    """What a step is at, in a few words."""
    again = f"attempt {row.attempt}" if row.attempt > 1 else ""
    if row.state == "running":
        return ", ".join(filter(None, [again, *row.works]))
    if row.state == "earlier":
        return "done before"
    return ", ".join(filter(None, [again, count(row.files, "file") if row.files else ""]))


class Lines:
    """The events as plain lines, for logs."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock, self._began = console, clock, clock()

    def hear(self, event: Event) -> None:
        """Write the line of an event, if it is worth one."""
        for text in told(event):
            self._console.out(f"[{self._clock() - self._began:6.1f} s] {text}", highlight=False)


def told(event: Event) -> Iterator[str]:
    """The lines that an event is worth; none for each single activity."""
    if isinstance(event, StepStarted):
        yield f"{event.step}: started by {event.persona}"
    elif isinstance(event, StepFinished):
        noted = f", {count(event.findings, 'finding')}" if event.findings else ""
        yield f"{event.step}: {event.status} in {event.seconds:.1f} s, {count(event.files, 'file')}{noted}"
    elif isinstance(event, AttemptFailed):
        errors = [f for f in event.findings if f.severity == "error"]
        yield f"{event.step}: attempt {event.attempt} did not pass, {count(len(errors), 'error')}"
        for finding in errors[:3]:
            where = f"{finding.path}: " if finding.path else ""
            yield f"    {finding.rule}: {where}{shortened(finding.message)}"
    elif isinstance(event, ModelCalled):
        cost = f"{event.tokens_in + event.tokens_out:,} tokens, {event.usd:.4f} USD, {event.seconds:.1f} s"
        yield f"{event.step}: {event.agent} asked {event.model}: {event.outcome}, {cost}"
    elif isinstance(event, Warned):
        yield f"warning: {event.message}"


def shortened(text: str, width: int = 160) -> str:
    """The first line of a text, cut where it is long."""
    line = next(iter(text.strip().splitlines()), "")
    return line if len(line) <= width else f"{line[: width - 1]}…"


@contextmanager
def watching(
    console: Console, title: str, expression: Expression, personas: Mapping[str, str]
) -> Iterator[Callable[[Event], None]]:
    """Shows the run until the block ends; yields what wants to hear its events."""
    if not console.is_terminal:
        console.out(title, highlight=False)
        yield Lines(console).hear
        return
    steps = Steps(expression, personas)
    with Live(Screen(title, steps), console=console, refresh_per_second=8) as live:

        def hear(event: Event) -> None:
            steps.hear(event)
            if isinstance(event, Warned | AttemptFailed):
                for text in told(event):
                    live.console.print(Text(text, style="yellow"))

        yield hear


@contextmanager
def only_warnings(console: Console) -> Iterator[Callable[[Event], None]]:
    """Shows nothing of the run but its warnings."""

    def hear(event: Event) -> None:
        if isinstance(event, Warned):
            console.out(*told(event), highlight=False)

    yield hear
