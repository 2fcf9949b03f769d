"""Asking a model: over both wire formats, with every fault, through retries and failover."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import BaseModel

from gencode_graph.testing import Rule, Wire
from tests.llm.conftest import GEMINI, OPENAI, Asking, prompt

Wiring = Callable[..., Wire]
BOTH = pytest.mark.parametrize("spec", [OPENAI, GEMINI])


class Review(BaseModel):
    """What a structured answer looks like."""

    score: int
    findings: list[str] = []


@BOTH
async def test_an_answer_comes_with_what_it_cost(wire: Wiring, asking: Asking, spec: str) -> None:
    with wire(Rule(reply="roses are red", agent="derek")) as server:
        async with asking(model=spec) as model:
            reply = await model.ask(prompt())
            assert (reply.text, reply.finish, reply.model) == ("roses are red", "stop", spec)
            assert model.spent == reply.usage
        assert (reply.usage.tokens_in, reply.usage.tokens_out) == (server.usage.tokens_in, server.usage.tokens_out)
        assert reply.usage.calls == len(server.calls) == 1
        assert reply.usage.usd > 0
        assert server.calls[0].conversation.max_tokens == 500
