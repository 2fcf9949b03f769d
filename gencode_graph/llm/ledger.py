"""The budget of a run: the worst case is set aside before each call, what it came to is put down after it.

A row of ``model_calls`` is ``open`` while its call is under way, then ``settled``, or ``held`` where nobody knows what
the provider charges for it: the answer was cut off, or never came, or this process was killed. Every row has two
accounts: what was *spent* as far as the provider said, and what is *charged* against the budget. Charged is the worst
case while a row is open or held, and the larger of the provider's figure and our own count once it is settled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gencode_graph.errors import BudgetError
from gencode_graph.journal import Journal, Statement
from gencode_graph.settings import Settings
from gencode_graph.types import Usage

State = Literal["open", "settled", "held"]
NOTHING = Usage()
ROUNDING = 1e-9
SHORTEST_CALL = 10.0
"""Seconds that a call should have, where the budget has no more left than that; fewer are no use."""

TABLES = (
    """create table if not exists model_calls (
    id integer primary key, run_id text not null, agent text not null, step text not null, attempt integer not null,
    model text not null, state text not null, outcome text not null, doubted integer not null default 0,
    calls integer not null, tokens_in integer not null default 0, tokens_out integer not null default 0,
    usd real not null default 0, seconds real not null default 0,
    charged_in integer not null, charged_out integer not null, charged_usd real not null, charged_seconds real not null,
    at text not null default current_timestamp)""",
    "create index if not exists model_calls_of_run on model_calls (run_id)",
    """create table if not exists model_judgements (
    run_id text not null, step text not null, agent text not null, attempt integer not null, accepted integer not null,
    primary key (run_id, step, agent, attempt)) without rowid""",
)

_RESERVE = """insert into model_calls
    (run_id, agent, step, attempt, model, state, outcome, calls, charged_in, charged_out, charged_usd, charged_seconds)
    select ?, ?, ?, ?, ?, 'open', '', ?, ?, ?, ?, ? from (
        select coalesce(sum(calls), 0) as calls, coalesce(sum(charged_in + charged_out), 0) as tokens,
        coalesce(sum(charged_usd), 0) as usd, coalesce(sum(charged_seconds), 0) as seconds
        from model_calls where run_id = ?
    ) where calls + ? <= ? and tokens + ? <= ? and usd + ? <= ? and seconds + ? <= ?"""
_SETTLE = """update model_calls set state = ?, outcome = ?, doubted = ?, calls = ?, tokens_in = ?, tokens_out = ?,
    usd = ?, seconds = ?, charged_in = ?, charged_out = ?, charged_usd = ?, charged_seconds = ? where id = ?"""
_FORGOTTEN = "update model_calls set state = 'held', outcome = 'killed' where run_id = ? and state = 'open'"
_ROWS = """select id, step, state, calls, tokens_in, tokens_out, usd, seconds,
    charged_in, charged_out, charged_usd, charged_seconds from model_calls where run_id = ? order by id"""


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks which model, for the records."""

    agent: str
    step: str
    attempt: int
    model: str


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """The worst case of one call, set aside."""

    id: int
    worst: Usage


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How a call ended."""

    outcome: str
    spent: Usage
    charged: Usage
    held: bool = False
    """Nobody knows what the provider charges."""
    doubted: bool = False
    """The provider's figures cannot be right, or there were none."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    step: str
    state: State
    spent: Usage
    charged: Usage


def total(usages: Iterable[Usage]) -> Usage:
    """The sum."""
    kept = tuple(usages)
    return Usage(
        calls=sum(usage.calls for usage in kept),
        tokens_in=sum(usage.tokens_in for usage in kept),
        tokens_out=sum(usage.tokens_out for usage in kept),
        usd=sum(usage.usd for usage in kept),
        seconds=sum(usage.seconds for usage in kept),
    )


class Ledger:
    """What a run may still spend on models; shared by all that ask for it, kept over resumes."""

    def __init__(self, journal: Journal, run_id: str, settings: Settings) -> None:
        self._journal = journal
        self._run_id = run_id
        self._settings = settings
        self._entries: dict[int, _Entry] = {}
        self._mine: set[int] = set()
        """Open rows of this process: they will be settled, so that it pays to wait for them."""
        self._reserving = asyncio.Lock()
        self._settled = asyncio.Event()

    async def open(self) -> None:
        """Read what was spent before; what was under way when a process was killed is held at its worst case."""
        for table in TABLES:
            await self._journal.write((table, ()))
        await self._journal.write((_FORGOTTEN, (self._run_id,)))
        await self._refresh()

    @property
    def spent(self) -> Usage:
        """As the providers say; calls that have ended only."""
        return total(entry.spent for entry in self._entries.values() if entry.state != "open")

    @property
    def held(self) -> Usage:
        """What may have been spent beyond that, by calls of which nobody knows."""
        return total(_beyond(entry) for entry in self._entries.values() if entry.state == "held")

    def charged(self, step: str) -> Usage:
        """What counts against the budget for one step's calls, those under way at their worst case."""
        return total(entry.charged for entry in self._entries.values() if entry.step == step)

    def lacks(self, worst: Usage) -> str | None:
        """The setting that does not allow a call; None where all do."""
        worst = worst.model_copy(update={"seconds": self.seconds(worst.seconds)})
        return self._lacking(worst, self._charged(self._entries))

    def seconds(self, longest: float) -> float:
        """How long a call may take: ``longest``, or what is left of the budget where that is less but of use."""
        left = self._settings.budget_seconds - self._charged(self._entries).seconds
        return left if min(SHORTEST_CALL, longest) <= left < longest else longest

    async def reserve(self, asker: Asker, worst: Usage) -> Reservation:
        """Set the worst case of a call aside, on disk. Waits where only calls under way stand in the way.

        Raises ``BudgetError``, which names the limit and how to raise it.
        """
        while True:
            async with self._reserving:
                worst = worst.model_copy(update={"seconds": self.seconds(worst.seconds)})
                added = await self._insert(asker, worst)
                if added is not None:
                    self._entries[added] = _Entry(step=asker.step, state="open", spent=NOTHING, charged=worst)
                    self._mine.add(added)
                    return Reservation(id=added, worst=worst)
                await self._refresh()
                self._must_fit(worst)
                settled = self._settled
            await settled.wait()

    def settlement(self, reservation: Reservation, end: Settlement) -> Statement:
        """What puts the end of a call on disk; for the transaction that keeps its answer. Then call :meth:`settle`."""
        spent, charged = end.spent, end.charged
        state = "held" if end.held else "settled"
        return _SETTLE, (
            state, end.outcome, end.doubted, spent.calls, spent.tokens_in, spent.tokens_out, spent.usd, spent.seconds,
            charged.tokens_in, charged.tokens_out, charged.usd, charged.seconds, reservation.id,
        )  # fmt: skip

    def settle(self, reservation: Reservation, end: Settlement) -> None:
        """Count the end of a call from now on."""
        state: State = "held" if end.held else "settled"
        self._end(reservation, state, end.spent, end.charged)

    def abandon(self, reservation: Reservation) -> None:
        """A call was cancelled: it stays held. Its row stays open, and is held from the next process on."""
        self._end(reservation, "held", Usage(calls=1), reservation.worst)

    def _end(self, reservation: Reservation, state: State, spent: Usage, charged: Usage) -> None:
        if reservation.id in self._mine:
            self._mine.discard(reservation.id)
            step = self._entries[reservation.id].step
            self._entries[reservation.id] = _Entry(step=step, state=state, spent=spent, charged=charged)
            self._settled.set()
            self._settled = asyncio.Event()

    def _must_fit(self, worst: Usage) -> None:
        """Raise ``BudgetError`` where the call would not fit even if the calls under way cost nothing."""
        over = {row: entry for row, entry in self._entries.items() if row not in self._mine}
        lacking = self._lacking(worst, self._charged(over))
        if lacking is None and self._mine:
            return
        lacking = lacking or self._lacking(worst, self._charged(self._entries)) or "budget_calls"
        spent, most = _amounts(lacking, self._charged(over)), _amounts(lacking, worst)
        raise BudgetError(
            f"{lacking} is {_shown(getattr(self._settings, lacking))}: {_shown(spent)} are spent or held, and the next "
            f"call may take up to {_shown(most)} more; raise GENCODE_{lacking.upper()}, or let the built-in drafts do"
        )

    def _lacking(self, worst: Usage, charged: Usage) -> str | None:
        after = total((charged, worst))
        limits = ("budget_calls", "budget_tokens", "budget_usd", "budget_seconds")
        return next((n for n in limits if _amounts(n, after) > getattr(self._settings, n) + ROUNDING), None)

    @staticmethod
    def _charged(entries: dict[int, _Entry]) -> Usage:
        return total(entry.charged for entry in entries.values())

    async def _insert(self, asker: Asker, worst: Usage) -> int | None:
        """The row's id; None where the budget, as it is on disk, does not allow the call."""
        limits = self._settings
        tokens = worst.tokens_in + worst.tokens_out
        return await self._journal.write(
            (_RESERVE, (
                self._run_id, asker.agent, asker.step, asker.attempt, asker.model,
                worst.calls, worst.tokens_in, worst.tokens_out, worst.usd, worst.seconds, self._run_id,
                worst.calls, limits.budget_calls, tokens, limits.budget_tokens,
                worst.usd, limits.budget_usd + ROUNDING, worst.seconds, limits.budget_seconds + ROUNDING,
            ))
        )  # fmt: skip

    async def _refresh(self) -> None:
        for row in await self._journal.read(_ROWS, (self._run_id,)):
            number, step, state, calls, sent, received, usd, seconds, *charged = row
            if number in self._mine or (number in self._entries and self._entries[number].state != "open"):
                continue  # this process knows more than the disk, or nothing changes any more
            charged_in, charged_out, charged_usd, charged_seconds = charged
            self._entries[number] = _Entry(
                step=step,
                state=state,
                spent=Usage(calls=calls, tokens_in=sent, tokens_out=received, usd=usd, seconds=seconds),
                charged=Usage(
                    calls=calls, tokens_in=charged_in, tokens_out=charged_out, usd=charged_usd, seconds=charged_seconds
                ),
            )


def _beyond(entry: _Entry) -> Usage:
    """What is charged for a call, and not said to be spent."""
    charged, spent = entry.charged, entry.spent
    return Usage(
        calls=charged.calls - spent.calls,
        tokens_in=charged.tokens_in - spent.tokens_in,
        tokens_out=charged.tokens_out - spent.tokens_out,
        usd=charged.usd - spent.usd,
        seconds=charged.seconds - spent.seconds,
    )


def _shown(amount: float) -> str:
    return f"{amount:,.4f}".rstrip("0").rstrip(".")


def _amounts(limit: str, usage: Usage) -> float:
    """What of a usage a limit is about."""
    return {
        "budget_calls": usage.calls,
        "budget_tokens": usage.tokens_in + usage.tokens_out,
        "budget_usd": usage.usd,
        "budget_seconds": usage.seconds,
    }[limit]
