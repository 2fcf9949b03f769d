"""What agents send for the demo, step by step, beside what they would send if every step saw every file.

    python benchmarks/prompts.py [--workspace DIR] [--json]

Asks no model: it takes the app as it was after each step, from its history, and makes the first prompt of that step's
agent. Tokens are estimated as the context estimates them. Fails when a step's files take more than their budget.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.agents.agent import Agent
from gencode_graph.agents.context import choose, tokens
from gencode_graph.agents.hints import Hints
from gencode_graph.nodes import STEPS
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.step import Step
from gencode_graph.types import Task
from gencode_graph.workspace import Workspace

REQUEST = "Create a bug tracking system with projects, issues, comments and labels"


async def measured(step: Step, files: dict[str, str], settings: Settings) -> dict[str, int | str]:
    """One row of the table: what the agent of a step sends, and would send with every file."""
    agent = next(agent for agent in step.team.agents if isinstance(agent, Agent)) if step.team else None
    if agent is None:
        raise ValueError(f"{step.name} has no agent")
    spec = AppSpec.model_validate_json(files["appspec.json"])
    task = Task(
        run_id="", step=step.name, request=REQUEST, tree="", spec=spec, attempt=2, by=step.persona, does=step.does,
        reads=step.reads, owns=step.writes,
    )  # fmt: skip
    question = await agent.ask(task, files, settings, Hints(tier=agent.tier))
    context = await choose(task, files, settings.context_tokens, settings.embedder)
    sent = tokens(question.system) + sum(map(tokens, question.messages))
    every = sum(tokens(f"`{path}`\n```\n{text}\n```\n\n") for path, text in files.items())
    return {
        "step": step.name,
        "agent": agent.name,
        "sent": sent,
        "context": context.tokens,
        "whole": len(context.whole),
        "outlined": len(context.outlined),
        "files": len(files),
        "every_file": sent - context.tokens + every,
    }


def history(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Step -> the texts of the app as they were after it."""
    after = {}
    for entry in workspace.log():
        if entry.step and entry.step not in after:
            contents = workspace.read(entry.tree)
            after[entry.step] = {path: data.decode() for path, data in contents.items() if is_text(data)}
    return after


def is_text(data: bytes) -> bool:
    """Whether an agent could read it."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


async def table(folder: Path, settings: Settings) -> list[dict[str, int | str]]:
    """A row for every step that has an agent."""
    workspace = Workspace.open(folder, create=False)
    try:
        after = history(workspace)
    finally:
        workspace.close()
    return [
        await measured(step, after[name], settings)
        for name, step in STEPS.items()
        if step.team and step.team.agents and name in after
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, help="an app that is there; made anew by default")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    settings = Settings()
    with tempfile.TemporaryDirectory(prefix="gencode-prompts-") as scratch:
        folder = options.workspace or Path(scratch, "app")
        if options.workspace is None:
            gencode = str(Path(sys.executable).with_name("gencode"))
            subprocess.run([gencode, "new", REQUEST, "-w", str(folder), "--quiet", "--no-agents"], check=True)
        rows = asyncio.run(table(folder, settings))
    sent, every = (sum(int(row[name]) for row in rows) for name in ("sent", "every_file"))
    over = [row["step"] for row in rows if int(row["context"]) > settings.context_tokens]
    if options.json:
        print(
            json.dumps({"rows": rows, "sent": sent, "every_file": every, "budget": settings.context_tokens}, indent=1)
        )
    else:
        print(f"{'step':24}{'agent':10}{'sent':>8}{'files of it':>13}{'whole':>7}{'outlined':>10}{'every file':>12}")
        for row in rows:
            print(
                f"{row['step']:24}{row['agent']:10}{row['sent']:8,}{row['context']:13,}{row['whole']:7}"
                f"{row['outlined']:10}{row['every_file']:12,}"
            )
        print(f"{'together':34}{sent:8,}{'':30}{every:12,}   {every / sent:.1f} times as much")
        print(f"budget of a step's files: {settings.context_tokens:,}; over it: {', '.join(map(str, over)) or 'none'}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
