"""The server as the real clients meet it."""

from __future__ import annotations

from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI

from gencode_graph.testing import Rule, Wire

ASKED = [("system", "You are Derek, who writes code."), ("user", "Task: contracts, attempt 2\nWrite it.")]


def openai(wire: Wire) -> ChatOpenAI:
    return ChatOpenAI(model="gpt-x", base_url=wire.base_url(), api_key="k-openai", max_retries=0, timeout=5)


def google(wire: Wire) -> ChatGoogleGenerativeAI:
    return ChatGoogleGenerativeAI(
        model="gemini-x", base_url=wire.base_url("google"), api_key="k-google", max_retries=1, timeout=5
    )


async def test_a_client_hears_what_the_script_says_and_the_server_knows_who_asked() -> None:
    with Wire([Rule(agent="derek", step="contracts", attempt=2, reply="Here it is.")]) as wire:
        for client in (openai(wire), google(wire)):
            assert (await client.ainvoke(ASKED)).text == "Here it is."
    assert [(c.provider, c.model, c.agent, c.kind, c.step, c.attempt, c.key) for c in wire.calls] == [
        ("openai", "gpt-x", "derek", "task", "contracts", 2, "k-openai"),
        ("google", "gemini-x", "derek", "task", "contracts", 2, "k-google"),
    ]
