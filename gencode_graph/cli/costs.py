"""``gencode costs``: what models were asked for, what it cost, and how much of it was taken."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from gencode_graph.cli.options import AsJson, Run, settings_from
from gencode_graph.cli.output import note, results, write_json


def costs(
    run: Run = None,
    as_json: AsJson = False,
    prometheus: Annotated[bool, typer.Option("--prometheus", help="All runs in Prometheus' text format.")] = False,
) -> None:
    """Show what models cost by step, agent and model, and how many of their drafts were taken.

    Examples:

    \b
      gencode costs
      gencode costs 20261121-5a3f9c --json
      gencode costs --prometheus > /var/lib/node_exporter/gencode.prom
    """
    from gencode_graph.llm import cost, figures, metrics
    from gencode_graph.runs import Runs

    settings = settings_from()
    if prometheus:
        results().out(metrics(settings), end="", highlight=False)
        return
    rows = figures(settings, Runs(settings).get(run).run_id)
    if as_json:
        write_json([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        note("No model was asked in this run.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("step", "agent", "model"):
        table.add_column(name)
    for name in ("calls", "tokens", "cost", "seconds", "taken"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.step, row.agent, row.model, str(row.calls), f"{row.tokens_in + row.tokens_out:,}",
            cost(row.usd, settings), f"{row.seconds:.1f}", f"{row.accepted} of {row.judged}",
        )  # fmt: skip
    results().print(table)
