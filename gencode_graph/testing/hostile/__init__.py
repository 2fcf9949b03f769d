"""Hostile programs that any sandbox must contain, and the test class that runs them."""

from gencode_graph.testing.hostile.attack import Attack, Evidence, carry_out, complaints
from gencode_graph.testing.hostile.contract import ATTACKS, HostileContract

__all__ = ["ATTACKS", "Attack", "Evidence", "HostileContract", "carry_out", "complaints"]
