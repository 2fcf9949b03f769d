"""Figures of the calls to models: by agent, model and step, for reports and for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gencode_graph.database import connected, database
from gencode_graph.llm.ledger import TABLES
from gencode_graph.settings import Settings
from gencode_graph.types import Value

ANSWERS = ("stop", "length", "filter", "refusal", "missing")
"""Outcomes of calls that were answered."""


class Figure(Value):
    """What one agent asked of one model for one step."""

    run_id: str
    step: str
    agent: str
    model: str
    calls: int
    answers: int
    """Calls that were answered; the others failed."""
    tokens_in: int
    tokens_out: int
    usd: float
    seconds: float
    doubted: int
    """Answers whose usage cannot be right, or was missing."""
    held_usd: float
    """What calls may have cost beyond that whose end nobody knows."""
    attempts: int
    """Of the step, in which this model was asked."""
    accepted: int
    """Attempts of this agent whose work was taken."""
    judged: int
    """Attempts of which that is known."""


_FIGURES = f"""select c.run_id, c.step, c.agent, c.model, sum(c.calls) as calls,
    sum(c.outcome in {ANSWERS}) as answers, sum(c.tokens_in) as tokens_in, sum(c.tokens_out) as tokens_out,
    sum(c.usd) as usd, sum(c.seconds) as seconds, sum(c.doubted) as doubted,
    sum(case when c.state = 'settled' then 0.0 else c.charged_usd end) as held_usd,
    count(distinct c.attempt) as attempts,
    (select coalesce(sum(accepted), 0) from model_judgements j
        where j.run_id = c.run_id and j.step = c.step and j.agent = c.agent) as accepted,
    (select count(*) from model_judgements j
        where j.run_id = c.run_id and j.step = c.step and j.agent = c.agent) as judged
    from model_calls c where ? is null or c.run_id = ?
    group by c.run_id, c.step, c.agent, c.model order by min(c.id)"""

_OUTCOMES = """select agent, model, step, outcome, sum(calls) from model_calls where state != 'open'
    group by agent, model, step, outcome order by agent, model, step, outcome"""
_JUDGEMENTS = """select agent, step, accepted, count(*) from model_judgements
    group by agent, step, accepted order by agent, step, accepted"""


def figures(settings: Settings, run_id: str | None = None) -> tuple[Figure, ...]:
    """Of one run, or of all on this machine; blocks for a few ms."""
    with connected(database(settings)) as connection:
        for table in TABLES:
            connection.execute(table)
        cursor = connection.execute(_FIGURES, (run_id, run_id))
        names = [column[0] for column in cursor.description]
        return tuple(Figure.model_validate(dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def metrics(settings: Settings) -> str:
    """All runs of this machine as Prometheus text; blocks for a few ms."""
    rows = figures(settings)
    with connected(database(settings)) as connection:
        outcomes = connection.execute(_OUTCOMES).fetchall()
        judgements = connection.execute(_JUDGEMENTS).fetchall()
    by_call = [({"agent": a, "model": m, "step": s, "outcome": o}, n) for a, m, s, o, n in outcomes]
    judged = [({"agent": a, "step": s, "accepted": str(bool(yes)).lower()}, n) for a, s, yes, n in judgements]
    lines = [
        *_metric("calls_total", "Calls to models, by how they ended.", by_call),
        *_metric("tokens_total", "Tokens sent to and received from models.", [
            *((_labels(row) | {"direction": "sent"}, row.tokens_in) for row in rows),
            *((_labels(row) | {"direction": "received"}, row.tokens_out) for row in rows),
        ]),
        *_metric("usd_total", "Cost of calls to models in USD.", [(_labels(row), row.usd) for row in rows]),
        *_metric("usd_held_total", "What calls may have cost whose end nobody knows.",
                 [(_labels(row), row.held_usd) for row in rows]),
        *_metric("seconds_total", "Seconds spent waiting for models.", [(_labels(row), row.seconds) for row in rows]),
        *_metric("doubted_total", "Answers whose usage is doubted.", [(_labels(row), row.doubted) for row in rows]),
        *_metric("judged_total", "Attempts of agents, by whether their work was taken.", judged),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def cost(usd: float, settings: Settings) -> str:
    """A cost for people: ``$0.0123``, and in the second currency where one is set: ``$0.0123 (EUR 0.0114)``."""
    shown = f"${usd:.4f}"
    if settings.currency.upper() == "USD":
        return shown
    return f"{shown} ({settings.currency.upper()} {usd * settings.currency_rate:.4f})"


def _labels(row: Figure) -> dict[str, str]:
    return {"agent": row.agent, "model": row.model, "step": row.step}


def _metric(name: str, what: str, samples: Iterable[tuple[Mapping[str, str], Any]]) -> Iterator[str]:
    """A counter in Prometheus's text format; samples with the same labels are added up."""
    sums: dict[str, float] = {}
    for labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        sums[shown] = sums.get(shown, 0) + value
    yield f"# HELP gencode_model_{name} {what}"
    yield f"# TYPE gencode_model_{name} counter"
    for shown, value in sums.items():
        yield f"gencode_model_{name}{{{shown}}} {value:.12g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
