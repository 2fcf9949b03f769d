"""Healing: repairs without a model, cheapest first."""

from gencode_graph.healing.heal import Heal
from gencode_graph.healing.recall import Recall

REPAIRS = (Heal(), Recall())
"""What every step tries on a draft that fails: all that is certain, then what worked before."""

__all__ = ["REPAIRS", "Heal", "Recall"]
