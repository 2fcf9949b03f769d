"""``connect_model``: the models of a run behind one door, with failover, budget, journal and redaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from gencode_graph.errors import BudgetError, ContextError, GencodeError, ModelError
from gencode_graph.journal import Journal, journal
from gencode_graph.llm.breaker import Breaker
from gencode_graph.llm.calls import DECLINED, Caller, Link, Notify
from gencode_graph.llm.clients import Client
from gencode_graph.llm.failures import CallFailedError, Failure, Kind
from gencode_graph.llm.ledger import Ledger
from gencode_graph.llm.patience import Patience
from gencode_graph.llm.prices import price_of
from gencode_graph.llm.providers import Chains, chains_of, check_provider, provider_of, require_key
from gencode_graph.llm.redaction import redact
from gencode_graph.llm.tokens import least_sent
from gencode_graph.settings import Settings
from gencode_graph.types import Prompt, Reply, Usage


class ChainModel:
    """The models of a run; see the protocol :class:`~gencode_graph.protocols.Model`."""

    def __init__(
        self,
        settings: Settings,
        run_id: str,
        journ: Journal,
        chains: Chains,
        patience: Patience,
        notify: Notify | None,
    ) -> None:
        self._settings = settings
        self._run_id = run_id
        self._journal = journ
        self._patience = patience
        self._ledger = Ledger(journ, run_id, settings)
        self._caller = Caller(settings, journ, self._ledger, notify)
        specs = dict.fromkeys(spec for chain in chains.values() for spec in chain)
        breakers = {provider_of(spec): Breaker(patience.opens_after, patience.opens_for) for spec in specs}
        missing: set[str] = set()
        links = {
            spec: Link(
                spec=spec,
                client=Client(spec, settings.call_timeout),
                price=price_of(spec, settings),
                breaker=breakers[provider_of(spec)],
                missing=missing,
            )
            for spec in specs
        }
        self._links = tuple(links.values())
        self._chains = {tier: tuple(links[spec] for spec in chain) for tier, chain in chains.items()}

    async def open(self) -> None:
        """Make the clients, and read what was spent before."""
        for link in self._links:
            await link.client.connect()
        await self._ledger.open()

    async def close(self) -> None:
        """Close all connections."""
        for link in self._links:
            await link.client.close()

    @property
    def spent(self) -> Usage:
        """By this run so far, earlier processes included, as the providers say."""
        return self._ledger.spent

    @property
    def held(self) -> Usage:
        """What calls may have cost beyond that whose end nobody knows; it counts against the budget."""
        return self._ledger.held

    def charged(self, step: str) -> Usage:
        """What counts against the budget for one step's calls, those under way at their worst case."""
        return self._ledger.charged(step)

    def affords(self, prompt: Prompt) -> bool:
        """Whether the budget allows the worst case of a call to any model of the tier."""
        return any(self._ledger.lacks(self._caller.worst(link, prompt)) is None for link in self._chains[prompt.tier])

    async def judged(self, *, step: str, agent: str, attempt: int, accepted: bool) -> None:
        """Record whether what an agent wrote in an attempt was taken; said again, the last word counts."""
        statement = "insert or replace into model_judgements values (?, ?, ?, ?, ?)"
        await self._journal.write((statement, (self._run_id, step, agent, attempt, accepted)))

    async def ask(self, prompt: Prompt) -> Reply:
        """The answer of the first model of the tier's chain that works; paid for once, whatever is killed."""
        prompt = _redacted(prompt)
        key = self._journal.key("model", _arguments(prompt), outside=(self._run_id, prompt.step))
        if found := await self._journal.find(key):
            return Reply.model_validate(found[0])
        failures: list[tuple[str, Failure]] = []
        declined: Reply | None = None
        unaffordable: BudgetError | None = None
        for link in self._chains[prompt.tier]:
            if said_before := await self._journal.find(f"{key}/{link.spec}"):
                declined = Reply.model_validate(said_before[0])
                continue
            try:
                got = await self._ask_one(link, prompt, key)
            except BudgetError as error:  # another model may cost less
                unaffordable = unaffordable or error
                continue
            if isinstance(got, Failure):
                failures.append((link.spec, got))
            elif got.finish not in DECLINED:
                return got
            else:
                declined = got
        if declined is not None:
            return declined
        if unaffordable is not None:
            raise unaffordable
        raise _no_answer(failures)

    async def _ask_one(self, link: Link, prompt: Prompt, key: str) -> Reply | Failure:
        """What one model says, tried again while that makes sense."""
        window = link.price.window
        if window is not None and least_sent(prompt) + prompt.max_tokens > window:
            return Failure(kind="context", message=f"more than the {window} tokens it can read")
        if link.spec in link.missing:
            return Failure(kind="not_found", message="its provider does not know it")
        try:
            return await self._patience.retrying(link.breaker)(self._caller.call, link, prompt, key)
        except CallFailedError as error:
            return error.failure


@asynccontextmanager
async def connect_model(
    settings: Settings, run_id: str, *, notify: Notify | None = None, patience: Patience | None = None
) -> AsyncIterator[ChainModel | None]:
    """The models of a run; None where agents are off, or no model is set and no provider's key either.

    Raises ``SettingError`` for a model or provider that nobody knows, a key that is missing, or a price that is not
    known, and ``MissingError`` where a provider's package is not installed. ``notify`` hears of each call; without it
    an event is sent from inside a graph's node.
    """
    chains = chains_of(settings)
    if not chains:
        yield None
        return
    await asyncio.to_thread(_check, chains)
    async with journal(settings) as journ:
        model = await asyncio.to_thread(ChainModel, settings, run_id, journ, chains, patience or Patience(), notify)
        try:
            await model.open()
            yield model
        finally:
            await model.close()


def _check(chains: Chains) -> None:
    for spec in dict.fromkeys(spec for chain in chains.values() for spec in chain):
        check_provider(spec)
        require_key(spec)


def _redacted(prompt: Prompt) -> Prompt:
    """Without secrets, and without half characters, which no client can send."""
    system, *messages = (redact(text.encode(errors="replace").decode()) for text in (prompt.system, *prompt.messages))
    return replace(prompt, system=system, messages=tuple(messages))


def _arguments(prompt: Prompt) -> dict[str, Any]:
    """What makes a question the same question; which model answers it does not."""
    return {
        "agent": prompt.agent,
        "step": prompt.step,
        "attempt": prompt.attempt,
        "system": prompt.system,
        "messages": list(prompt.messages),
        "tier": prompt.tier,
        "max_tokens": prompt.max_tokens,
        "shape": prompt.shape.model_json_schema() if prompt.shape else None,
    }


_FIXES: dict[Kind, str] = {
    "unauthorised": "check its key",
    "quota": "its quota or balance is spent",
    "not_found": "set another model with GENCODE_MODEL",
    "unreachable": "check the network",
}


def _no_answer(failures: list[tuple[str, Failure]]) -> GencodeError:
    told = "; ".join(
        f"{spec}: {failure.kind}, {failure.message}" + (f" ({fix})" if (fix := _FIXES.get(failure.kind)) else "")
        for spec, failure in failures
    )
    if all(failure.kind == "context" for _, failure in failures):
        return ContextError(f"the prompt is too long for every model that could be asked: {told}")
    return ModelError(f"no model answered: {told}")
