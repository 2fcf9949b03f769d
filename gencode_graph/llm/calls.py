"""One call to one model: wait for a free place, set its worst case aside, ask, keep the answer and what it cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from gencode_graph.crashpoints import point
from gencode_graph.events import ModelCalled, emit, in_a_graph
from gencode_graph.journal import Journal
from gencode_graph.llm.breaker import Breaker
from gencode_graph.llm.clients import Client, Heard
from gencode_graph.llm.failures import RETRYABLE, STOPPING, CallFailedError, Failure, failure_of
from gencode_graph.llm.gate import GATE
from gencode_graph.llm.ledger import Asker, Ledger, Reservation, Settlement
from gencode_graph.llm.prices import Price
from gencode_graph.llm.settling import after_answer, after_failure, worst_case
from gencode_graph.settings import Settings
from gencode_graph.types import Prompt, Reply, Usage

Notify = Callable[[ModelCalled], None]
DECLINED = frozenset({"filter", "refusal"})
"""How an answer ends that another model may give better."""
EMPTY = Failure(kind="empty", message="an answer without words, and without a reason for that")
LEFT_ALONE = Failure(kind="connection", message="it kept failing, and is left alone for a while")


@dataclass(frozen=True, kw_only=True)
class Link:
    """One model of a chain."""

    spec: str
    client: Client
    price: Price
    breaker: Breaker
    """Of its provider."""
    missing: set[str]
    """Models that their provider does not know."""


class Caller:
    """Makes the calls of a run."""

    def __init__(self, settings: Settings, journal: Journal, ledger: Ledger, notify: Notify | None) -> None:
        self._settings = settings
        self._journal = journal
        self._ledger = ledger
        self._notify = notify

    def worst(self, link: Link, prompt: Prompt) -> Usage:
        """The most that one call can come to."""
        return worst_case(prompt, link.price, self._settings.call_timeout)

    async def call(self, link: Link, prompt: Prompt, key: str) -> Reply:
        """One call, from its reservation to its settlement. Raises ``CallFailedError`` and ``BudgetError``."""
        asker = Asker(agent=prompt.agent, step=prompt.step, attempt=prompt.attempt, model=link.spec)
        async with GATE.passed(self._settings.calls_at_once):
            if not link.breaker.enter():
                raise CallFailedError(link.breaker.stopped or LEFT_ALONE)
            try:
                reservation = await self._ledger.reserve(asker, self.worst(link, prompt))
            except BaseException:
                link.breaker.left()
                raise
            heard, began = Heard(), time.monotonic()
            point("model.reserved")
            try:
                async with asyncio.timeout(reservation.worst.seconds):
                    await link.client.ask(prompt, heard)
                failure = None if heard.finish != "missing" or heard.text else EMPTY
            except Exception as error:  # whatever an SDK raises is a call that failed, and is recorded as one
                failure = failure_of(error, begun=heard.begun)
            except BaseException:
                self._ledger.abandon(reservation)
                link.breaker.left()
                raise
            seconds = time.monotonic() - began
            if failure is not None:
                end = after_failure(failure, reservation.worst, seconds)
                if failure is EMPTY and heard.told is not None:
                    answered = after_answer(heard, prompt, link.price, reservation.worst, seconds)
                    end = replace(answered, outcome=failure.kind)
                await self._failed(link, asker, reservation, failure, end)
                raise CallFailedError(failure)
            return await self._answered(link, asker, reservation, prompt, heard, seconds, key)

    async def _failed(
        self, link: Link, asker: Asker, reservation: Reservation, failure: Failure, end: Settlement
    ) -> None:
        if failure.kind in STOPPING:
            link.breaker.stop(failure)
        if failure.kind == "not_found":
            link.missing.add(link.spec)
        if failure.kind in RETRYABLE:
            link.breaker.failed()
        else:
            link.breaker.left()
        self._ledger.settle(reservation, end)
        await self._journal.write(self._ledger.settlement(reservation, end))
        self._tell(asker, end)

    async def _answered(
        self,
        link: Link,
        asker: Asker,
        reservation: Reservation,
        prompt: Prompt,
        heard: Heard,
        seconds: float,
        key: str,
    ) -> Reply:
        """Keep an answer and what it cost, in one transaction."""
        link.breaker.succeeded()
        end = after_answer(heard, prompt, link.price, reservation.worst, seconds)
        reply = Reply(text=heard.text, finish=heard.finish, model=link.spec, usage=end.spent)
        key = f"{key}/{link.spec}" if reply.finish in DECLINED else key
        self._ledger.settle(reservation, end)
        statement = self._ledger.settlement(reservation, end)
        kept = await self._journal.record(key, "model", reply.model_dump(mode="json"), statement)
        self._tell(asker, end)
        return Reply.model_validate(kept)

    def _tell(self, asker: Asker, end: Settlement) -> None:
        event = ModelCalled(
            step=asker.step, agent=asker.agent, attempt=asker.attempt, model=asker.model, outcome=end.outcome,
            tokens_in=end.spent.tokens_in, tokens_out=end.spent.tokens_out, usd=end.spent.usd,
            seconds=round(end.spent.seconds, 3), doubted=end.doubted,
        )  # fmt: skip
        if self._notify is not None:
            self._notify(event)
        elif in_a_graph():
            emit(event)
