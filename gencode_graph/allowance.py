"""How often a step may still ask a model: as often as the settings say, less when little of the budget is left."""

from __future__ import annotations

from gencode_graph.services import Services
from gencode_graph.step import Step

ASKS = 3
"""How often a step asks a model at most."""
SCARCE = 0.3
"""Share of the budget that is left, below which a step gets two attempts at most; below a third of that, one."""


def attempts_allowed(services: Services, step: Step) -> int:
    """How many attempts of a step may ask a model, by what is left of the scarcest limit; 0 without a model.

    None begins once the step has used up its own share of the run's tokens or USD.
    """
    if services.model is None:
        return 0
    if _share(services, step) >= step.share:
        return 0
    settings, spent, held = services.settings, services.model.spent, services.model.held
    used = (
        (spent.usd + held.usd, settings.budget_usd),
        (spent.tokens_in + spent.tokens_out + held.tokens_in + held.tokens_out, settings.budget_tokens),
        (spent.calls + held.calls, settings.budget_calls),
        (spent.seconds + held.seconds, settings.budget_seconds),
    )
    left = min(1 - part / limit if limit else 0.0 for part, limit in used)
    most = ASKS if left >= SCARCE else 2 if left >= SCARCE / 3 else 1
    return min(most, settings.attempts)


def _share(services: Services, step: Step) -> float:
    """The larger part of the run's tokens or USD that counts for this step so far."""
    if services.model is None:
        return 0.0
    settings, used = services.settings, services.model.charged(step.name)
    parts = ((used.tokens_in + used.tokens_out, settings.budget_tokens), (used.usd, settings.budget_usd))
    return max(part / limit if limit else 0.0 for part, limit in parts)
