"""What the real clients make of every fault: the table in docs/testing.md, row by row."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import openai
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from gencode_graph.testing import Fault, Rule, Wire
from gencode_graph.testing.wire import FAULTS

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs" / "testing.md"
TEXT = "A text of some length, which can be cut in halves. " * 20
ASKED = "Say something."


def table() -> dict[str, list[str]]:
    """Fault -> what each client makes of it, as the docs say."""
    text = DOCS.read_text(encoding="utf-8").split("\n## Faults")[1]
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


async def met(client: BaseChatModel, wire: Wire, *, stream: bool) -> str:
    """What comes of one call, in the words of the docs."""
    try:
        if stream:
            message = AIMessage("")
            chunks = [chunk async for chunk in client.astream(ASKED)]
            for number, chunk in enumerate(chunks):
                message = message + chunk if number else chunk  # type: ignore[assignment]
        else:
            message = await client.ainvoke(ASKED)
    except Exception as error:  # whatever the client raises is the outcome
        return f"`{type(error).__name__}`"
    share = {0: "nothing", len(TEXT) // 2: "half", len(TEXT): "all"}.get(len(message.text), "another text")
    about = message.response_metadata
    call = wire.calls[-1]
    usage = message.usage_metadata
    cost = "no usage" if usage is None else ""
    if usage and call.paid and (usage["input_tokens"], usage["output_tokens"]) != (call.tokens_in, call.tokens_out):
        cost = "wrong usage"
    refused = "refused" if message.additional_kwargs.get("refusal") else ""
    return ", ".join(
        filter(None, [share, f"`{about.get('finish_reason') or about.get('stop_reason')}`", refused, cost])
    )


def cell(whole: str, stream: str) -> str:
    return whole if whole == stream else f"{whole}; stream: {stream}"


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:coroutine 'ClientResponse.json' was never awaited:RuntimeWarning")
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_client_meets_what_the_docs_say(fault: str, connect) -> None:
    meant = Fault(fault, seconds=0.2) if fault in ("drip", "429") else Fault(fault)

    async def both(provider: str) -> str:
        async with Wire([Rule(reply=TEXT, fault=meant)]) as wire:
            client = connect(wire, provider, timeout=1.0 if fault in ("hang", "stall") else 20.0)
            whole, stream = await met(client, wire, stream=False), await met(client, wire, stream=True)
        assert [call.fault for call in wire.calls] == [fault, fault]
        return cell(whole, stream)

    found = await asyncio.gather(*(both(provider) for provider in ("openai", "google", "anthropic")))
    assert [FAULTS[fault], *found] == table().get(fault), f"| `{fault}` | {' | '.join([FAULTS[fault], *found])} |"


@pytest.mark.parametrize(
    ("fault", "code"),
    [("quota", "insufficient_quota"), ("context", "context_length_exceeded"), ("429", "rate_limit_exceeded")],
)
async def test_openais_errors_have_a_code(fault: str, code: str, connect) -> None:
    async with Wire([Rule(fault=fault)]) as wire:
        with pytest.raises(openai.APIStatusError) as caught:
            await connect(wire, "openai").ainvoke(ASKED)
    assert caught.value.code == code


def test_the_docs_know_every_fault_and_no_other() -> None:
    assert list(table()) == list(FAULTS)
