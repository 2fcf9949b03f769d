"""What a resumed run takes over from the settings of now."""

from __future__ import annotations

from pathlib import Path

from gencode_graph.running import resumed
from gencode_graph.settings import Settings

THEN = Settings(home=Path("/then"), sandbox="local", vibe="dark", model="openai:gpt-5-mini", budget_usd=2, attempts=2)


def test_a_resumed_run_keeps_what_it_was_started_with() -> None:
    now = resumed(THEN, Settings(home=Path("/now")))
    assert now == THEN.model_copy(update={"home": Path("/now")})


def test_models_budgets_and_the_sandbox_that_are_set_now_win() -> None:
    now = resumed(THEN, Settings(agents=False, budget_usd=10, vibe="glass", attempts=5, sandbox="docker"))
    assert (now.agents, now.budget_usd, now.model, now.sandbox) == (False, 10, THEN.model, "docker")
    assert (now.vibe, now.attempts) == ("dark", 2)
