"""How many tokens a text can have: bounds that hold for every tokenizer, and need none."""

from __future__ import annotations

import json

from gencode_graph.types import Prompt

AROUND_MESSAGE = 16
"""Tokens that a provider may put around each message."""
AROUND_PROMPT = 64
LONGEST_TOKEN = 32
"""Characters, blanks left out, that one token may stand for."""
USUAL_TOKEN = 4
"""Bytes of a token in English and in code."""


def most(text: str) -> int:
    """The most tokens that a text can have: tokenizers of today fall back to one a byte."""
    return len(text.encode(errors="replace"))


def least(text: str) -> int:
    """The fewest tokens that a text can have."""
    return -(-sum(len(word) for word in text.split()) // LONGEST_TOKEN)


def counted(text: str) -> int:
    """Our own count of a text, as good as can be without the tokenizer."""
    return -(-most(text) // USUAL_TOKEN)


def counted_sent(prompt: Prompt) -> int:
    """Our own count of a prompt; four for what is around each message."""
    texts = [text for text in (prompt.system, *prompt.messages) if text]
    return sum(counted(text) + USUAL_TOKEN for text in texts) + counted(_schema(prompt))


def most_sent(prompt: Prompt) -> int:
    """The most tokens that a prompt can have, its schema included."""
    texts = (prompt.system, *prompt.messages)
    return sum(most(text) + AROUND_MESSAGE for text in texts) + most(_schema(prompt)) + AROUND_PROMPT


def least_sent(prompt: Prompt) -> int:
    """The fewest tokens that a prompt can have."""
    return sum(least(text) for text in (prompt.system, *prompt.messages))


def _schema(prompt: Prompt) -> str:
    return json.dumps(prompt.shape.model_json_schema()) if prompt.shape else ""
