"""What an agent sees: files by rule and by attention, whole while they fit, else their outlines, within a budget.

By rule: files named in findings, then files that the step may write, then what it reads. By attention: within a group,
the nearest to the request and the findings first, by the configured embedder (cosine of unit vectors) and by what the
memory learned of such tasks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gencode_graph.agents.outline import outline
from gencode_graph.memory.embedders import embedder
from gencode_graph.step import within
from gencode_graph.types import Task

BYTES_PER_TOKEN = 3.5
"""Of code and English, a little below what tokenizers of today reach."""
WHOLE_SHARE = 0.8
"""Of the budget, for whole files; the rest is for outlines of others."""
NOT_SHOWN = "Files that are there and not shown in full:\n\n"
UNSEEN = ("package-lock.json", "requirements.txt", "seed_data.json", "seed.json", "openapi.json", "schema.d.ts", ".svg")
"""Made by tools, and long: never shown whole unless a finding is about them."""


_TICKS = re.compile("`{3,}")


@dataclass(frozen=True, kw_only=True)
class Context:
    """The chosen files as text, and what was chosen."""

    text: str
    whole: tuple[str, ...]
    outlined: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """How many it comes to, estimated."""
        return tokens(self.text)


def tokens(text: str) -> int:
    """How many tokens a text has, estimated."""
    return math.ceil(len(text.encode()) / BYTES_PER_TOKEN)


async def choose(
    task: Task,
    files: Mapping[str, str],
    budget: int,
    embedder_name: str,
    weight: Callable[[str], float] = lambda path: 0,
) -> Context:
    """The files that a task needs, in at most ``budget`` tokens; ``weight`` adds to a path's nearness.

    Deterministic for the same task and files.
    """
    ranked = await _ranked(task, files, embedder_name, weight)
    whole: list[str] = []
    parts: list[str] = []
    left = budget * WHOLE_SHARE
    for path in ranked:
        block = _block(path, files[path])
        hidden = path.endswith(UNSEEN) and not any(f.path == path for f in task.findings)
        if not hidden and tokens(block) <= left:
            whole.append(path)
            parts.append(block)
            left -= tokens(block)
    left = budget - sum(map(tokens, parts))
    outlined: list[str] = []
    for path in (path for path in ranked if path not in whole):
        line = ("" if outlined else NOT_SHOWN) + f"- `{path}`: {outline(path, files[path])}\n"
        if tokens(line) > left:
            break
        outlined.append(path)
        parts.append(line)
        left -= tokens(line)
    return Context(text="".join(parts), whole=tuple(whole), outlined=tuple(outlined))


async def _ranked(
    task: Task, files: Mapping[str, str], embedder_name: str, weight: Callable[[str], float]
) -> list[str]:
    """Paths, the most needed first."""
    named = {finding.path for finding in task.findings}
    groups: list[list[str]] = [[], [], [], []]
    for path in sorted(files):
        place = 0 if path in named else 1 if within(path, task.owns) else 2 if within(path, task.reads) else 3
        groups[place].append(path)
    question = "\n".join([task.request, *(f"{f.path or ''} {f.message}" for f in task.findings)])
    near = await _nearness(question, {path: files[path] for group in groups for path in group}, embedder_name)
    return [path for group in groups for path in sorted(group, key=lambda path: -near[path] - weight(path))]


async def _nearness(question: str, files: Mapping[str, str], embedder_name: str) -> dict[str, float]:
    """Cosine of each file, by its path and outline, with the question."""
    chosen = embedder(embedder_name)
    texts = [question, *(f"{path} {outline(path, text)}" for path, text in files.items())]
    first, *others = await chosen.embed(texts)
    return {path: sum(map(float.__mul__, first, it)) for path, it in zip(files, others, strict=True)}


def _block(path: str, text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"`{path}`\n{fence}\n{text.rstrip()}\n{fence}\n\n"
