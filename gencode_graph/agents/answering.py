"""An answer with its end: continued where it was cut off, and stitched; then asked for again with more room."""

from __future__ import annotations

from dataclasses import replace

from gencode_graph.agents.prompting import prompt
from gencode_graph.protocols import Model
from gencode_graph.types import Prompt, Reply

CONTINUATIONS = 2
"""Times that a cut-off answer is continued."""
MORE = 3
"""Times the tokens, when that did not help."""
OVERLAP = 400
"""Characters within which a continuation may repeat the end of what it continues."""
LEAST_OVERLAP = 12
"""Fewer equal characters may be chance."""


async def whole_answer(model: Model, question: Prompt) -> Reply:
    """The answer, with what was cut off fetched as far as the budget allows; still ``truncated`` when that fails."""
    reply = await _continued(model, question, await model.ask(question))
    larger = replace(question, max_tokens=question.max_tokens * MORE)
    if reply.truncated and model.affords(larger):
        again = await model.ask(larger)
        return reply if again.truncated and len(again.text) < len(reply.text) else again
    return reply


async def _continued(model: Model, question: Prompt, reply: Reply) -> Reply:
    for _ in range(CONTINUATIONS):
        if not reply.truncated or not reply.text.strip():
            break
        following = replace(question, messages=(*question.messages, reply.text, prompt("continue")))
        if not model.affords(following):
            break
        more = await model.ask(following)
        if not more.text.strip():
            break
        reply = reply.model_copy(update={"text": stitch(reply.text, more.text), "finish": more.finish})
    return reply


def stitch(start: str, end: str) -> str:
    """Both parts as one text: what the second repeats of the first's end, or the block it opens anew, goes."""
    inside = _open_fence(start)
    first, _, rest = end.lstrip("\n").partition("\n")
    if inside and first.startswith("```") and rest:
        end = rest
    longest = min(OVERLAP, len(start), len(end))
    for size in range(longest, LEAST_OVERLAP - 1, -1):
        if start.endswith(end[:size]):
            return start + end[size:]
    return start + end


def _open_fence(text: str) -> bool:
    """Whether a text ends inside a fenced block."""
    return sum(line.startswith("```") for line in text.splitlines()) % 2 == 1
