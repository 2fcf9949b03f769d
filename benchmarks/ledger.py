"""Random budgets over parallel calls, resumes, cancelled branches and providers that lie: no overruns.

    python benchmarks/ledger.py [--games 1000] [--first 0] [--json]

Each game is played against a server on loopback that keeps its own count. Fails when any game spends more calls,
tokens, USD or seconds than its budget allows, by the server's count, or when what an honest server counted is not
what the run reports, or when an answer that had come was paid for again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.errors import BudgetError, ModelError
from gencode_graph.llm import Patience, connect_model
from gencode_graph.settings import Settings
from gencode_graph.testing import Chance, Rule, Wire
from gencode_graph.types import Prompt, Usage

MODEL = "openai:of-the-game"
PRICE = (1.0, 4.0)
HONEST = ("429", "500", "503", "length", "drip", "filter_answer")
LIES = ("usage_zero", "usage_low", "usage_huge", "usage_none")
LOSSES = ("cut", "bad_sse", "sse_error", "html", "empty", "no_finish", "reset", "hang", "stall")
ANSWERED = (None, "length", "drip", "filter_answer", *LIES)
PATIENCE = Patience(attempts=3, first_wait=0.001, longest_wait=0.01, opens_after=50)
CALL_TIMEOUT = 2.0
ROUNDING = 1e-6
BYTES = 4
"""Of a token, by the server's count: what it cuts off itself fits in the room that the client allows."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a game."""

    text: str
    max_tokens: int
    cancelled_after: float | None
    """Seconds after which the branch that asks is cancelled."""


@dataclass(frozen=True, kw_only=True)
class Game:
    """A run: its budget, and in each process the batches of questions asked side by side."""

    seed: int
    calls: int
    tokens: int
    usd: float
    seconds: float
    processes: tuple[tuple[tuple[Question, ...], ...], ...]
    faults: tuple[str, ...]
    rate: float

    @property
    def honest(self) -> bool:
        """Whether the server's count can be known to the run."""
        cancelled = any(q.cancelled_after is not None for p in self.processes for batch in p for q in batch)
        return set(self.faults) <= set(HONEST) and not cancelled


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a game came to."""

    calls: int
    """That the server got."""
    tokens_in: int
    """By the server's count."""
    tokens_out: int
    spent: Usage
    held: Usage
    answered: int
    refused: int
    """Questions that the budget did not allow."""
    paid_twice: int
    """Answers that had come whole, and were asked for again."""


def script(seed: int) -> Game:
    """The game of a number."""
    dice = random.Random(seed)
    faults = dice.choice([HONEST, LIES, HONEST + LIES, HONEST + LIES + LOSSES])
    cancels = dice.random() < 0.3
    questions = [
        Question(
            text=f"{number} " + "word " * dice.randint(1, 300),
            max_tokens=dice.choice([50, 200, 1000]),
            cancelled_after=dice.uniform(0.0, 0.05) if cancels and dice.random() < 0.3 else None,
        )
        for number in range(dice.randint(4, 16))
    ]
    processes = []
    for _ in range(dice.randint(1, 3)):
        asked = questions[: dice.randint(1, len(questions))]  # a resumed run asks again what it asked before
        size = dice.randint(1, 6)
        processes.append(tuple(tuple(asked[start : start + size]) for start in range(0, len(asked), size)))
    return Game(
        seed=seed,
        calls=dice.choice([dice.randint(1, 12), 200]),
        tokens=dice.choice([dice.randint(500, 12_000), 2_000_000]),
        usd=dice.choice([dice.uniform(0.001, 0.02), 5.0]),
        seconds=dice.choice([dice.uniform(1.0, 9.0), 3600.0]),
        processes=tuple(processes),
        faults=faults,
        rate=dice.choice([0.0, 0.3, 0.7]),
    )


async def play(game: Game, home: Path, set_variable: Callable[[str, str], None]) -> Outcome:
    """Play a game in a folder of its own; ``set_variable`` points clients at the server."""
    chance = Chance(seed=game.seed, rate=game.rate, kinds=game.faults, seconds=0.02)
    rule = Rule(reply=lambda call: ("answer " * (len(call.last) % 90 + 1))[: BYTES * (call.max_tokens or 1)])
    counted: Counter[str] = Counter()
    spent = held = Usage()
    with Wire([rule], chance=chance) as server:
        for name, value in server.env.items():
            set_variable(name, value)
        settings = Settings(
            home=home, model=MODEL, prices={MODEL: PRICE}, call_timeout=CALL_TIMEOUT, calls_at_once=8,
            budget_calls=game.calls, budget_tokens=game.tokens, budget_usd=game.usd, budget_seconds=game.seconds,
        )  # fmt: skip
        for process in game.processes:
            async with connect_model(settings, f"game-{game.seed}", patience=PATIENCE) as model:
                assert model is not None
                for batch in process:
                    counted.update(await asyncio.gather(*(_ask(model.ask, question) for question in batch)))
                spent, held = model.spent, model.held
    whole = Counter(c.conversation.digest for c in server.calls if c.fault in ANSWERED and c.end == "sent")
    return Outcome(
        calls=len(server.calls),
        tokens_in=server.usage.tokens_in,
        tokens_out=server.usage.tokens_out,
        spent=spent,
        held=held,
        answered=counted["answered"],
        refused=counted["refused"],
        paid_twice=sum(count - 1 for count in whole.values()),
    )


async def _ask(ask: Callable[[Prompt], object], question: Question) -> str:
    prompt = Prompt(
        agent="derek", step="contracts", attempt=1, system="You are Derek, a developer.", messages=(question.text,),
        max_tokens=question.max_tokens,
    )  # fmt: skip
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ask(prompt), question.cancelled_after)  # type: ignore[arg-type]
            return "answered"
    except BudgetError:
        return "refused"
    except ModelError:
        return "failed"
    return "cancelled"


def overruns(game: Game, outcome: Outcome) -> dict[str, str]:
    """What a game did wrong; empty where all is well."""
    tokens = outcome.tokens_in + outcome.tokens_out
    usd = (outcome.tokens_in * PRICE[0] + outcome.tokens_out * PRICE[1]) / 1_000_000
    seconds = outcome.spent.seconds + outcome.held.seconds
    wrong = {
        "calls": f"{outcome.calls} of {game.calls}" if outcome.calls > game.calls else "",
        "tokens": f"{tokens} of {game.tokens}" if tokens > game.tokens else "",
        "usd": f"{usd} of {game.usd}" if usd > game.usd + ROUNDING else "",
        "seconds": f"{seconds} of {game.seconds}" if outcome.spent.seconds > game.seconds + ROUNDING else "",
    }
    if game.honest:
        said = (outcome.spent.calls, outcome.spent.tokens_in, outcome.spent.tokens_out)
        counted = (outcome.calls, outcome.tokens_in, outcome.tokens_out)
        wrong["report"] = f"{said} for {counted}" if said != counted else ""
    if not any(q.cancelled_after is not None for p in game.processes for batch in p for q in batch):
        wrong["paid twice"] = str(outcome.paid_twice) if outcome.paid_twice else ""
    return {name: text for name, text in wrong.items() if text}


async def main(games: int, first: int, *, as_json: bool) -> int:
    """Play; 1 where any game went wrong."""
    bad: dict[int, dict[str, str]] = {}
    total: Counter[str] = Counter()
    began = time.monotonic()
    for seed in range(first, first + games):
        game = script(seed)
        with tempfile.TemporaryDirectory(prefix="ledger-") as home:
            outcome = await play(game, Path(home), os.environ.__setitem__)
        if wrong := overruns(game, outcome):
            bad[seed] = wrong
        total.update(games=1, honest=int(game.honest), calls=outcome.calls, answered=outcome.answered,
                     refused=outcome.refused, resumes=len(game.processes) - 1,
                     tokens=outcome.tokens_in + outcome.tokens_out)  # fmt: skip
    figures = {**total, "overruns": len(bad), "seconds": round(time.monotonic() - began, 1)}
    if as_json:
        print(json.dumps({**figures, "bad": bad}))
    else:
        print("\n".join(f"{name:10} {value}" for name, value in figures.items()))
        print("\n".join(f"game {seed}: {wrong}" for seed, wrong in bad.items()))
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--games", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.games, given.first, as_json=given.json)))
