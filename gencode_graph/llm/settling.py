"""What a call came to: which of a provider's figures are believed, and what is charged where they cannot be.

1. What a provider says is *spent*, as long as it can be: no more than the worst case that was set aside, and not
   nothing for something.
2. What is *charged* against the budget is never less than our own count, a token for four bytes: a provider that says
   less than it did cannot make a run overdraw.
3. Figures that cannot be, and those that are missing, are replaced by our own count, and the call is marked as doubted.
"""

from __future__ import annotations

from gencode_graph.llm.clients import Heard, Told
from gencode_graph.llm.failures import Failure
from gencode_graph.llm.ledger import NOTHING, Settlement
from gencode_graph.llm.prices import Price
from gencode_graph.llm.tokens import counted, counted_sent, least, least_sent, most_sent
from gencode_graph.types import Prompt, Usage


def worst_case(prompt: Prompt, price: Price, timeout: float) -> Usage:
    """The most that one call can come to."""
    sent = most_sent(prompt)
    usd = max(price.usd(sent, prompt.max_tokens), price.usd(sent, prompt.max_tokens, stored=sent))
    return Usage(calls=1, tokens_in=sent, tokens_out=prompt.max_tokens, usd=usd, seconds=timeout)


def after_answer(heard: Heard, prompt: Prompt, price: Price, worst: Usage, seconds: float) -> Settlement:
    """The settlement of a call that was answered."""
    told = heard.told
    own = Told(
        tokens_in=min(counted_sent(prompt), worst.tokens_in), tokens_out=min(counted(heard.text), worst.tokens_out)
    )
    believed = told is not None and _possible(told, heard, prompt, worst)
    spent = told if told is not None and believed else own
    charged = Told(
        tokens_in=max(spent.tokens_in, own.tokens_in),
        tokens_out=max(spent.tokens_out, own.tokens_out),
        cached=spent.cached,
        stored=spent.stored,
    )
    low = told is not None and (spent.tokens_in * 2 < own.tokens_in or spent.tokens_out * 2 < own.tokens_out)
    return Settlement(
        outcome=heard.finish,
        spent=_usage(spent, price, worst, seconds),
        charged=_usage(charged, price, worst, seconds),
        doubted=not believed or low,
    )


def after_failure(failure: Failure, worst: Usage, seconds: float) -> Settlement:
    """The settlement of a call that failed: what may have cost something is held at its worst."""
    seconds = min(seconds, worst.seconds)
    spent = Usage(calls=1, seconds=seconds) if failure.sent else NOTHING.model_copy(update={"seconds": seconds})
    held = failure.paid
    charged = worst.model_copy(update={"seconds": seconds}) if held else spent
    return Settlement(outcome=failure.kind, spent=spent, charged=charged, held=held)


def _possible(told: Told, heard: Heard, prompt: Prompt, worst: Usage) -> bool:
    sent = min(1, least_sent(prompt)) <= told.tokens_in <= worst.tokens_in
    received = min(1, least(heard.text)) <= told.tokens_out <= worst.tokens_out
    cached = told.cached >= 0 and told.stored >= 0 and told.cached + told.stored <= told.tokens_in
    return sent and received and cached


def _usage(told: Told, price: Price, worst: Usage, seconds: float) -> Usage:
    usd = price.usd(told.tokens_in, told.tokens_out, cached=told.cached, stored=told.stored)
    return Usage(
        calls=1,
        tokens_in=told.tokens_in,
        tokens_out=told.tokens_out,
        usd=min(usd, worst.usd),
        seconds=min(seconds, worst.seconds),
    )
