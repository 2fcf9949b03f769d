"""A server on loopback that speaks like the providers of models, says what a script says, and fails on demand."""

from gencode_graph.testing.wire.conversation import Conversation, Turn, count_tokens
from gencode_graph.testing.wire.faults import FAULTS, Chance, Fault
from gencode_graph.testing.wire.record import Call, read_log
from gencode_graph.testing.wire.rules import Answer, Rule
from gencode_graph.testing.wire.script import load_script
from gencode_graph.testing.wire.server import Wire

__all__ = [
    "FAULTS",
    "Answer",
    "Call",
    "Chance",
    "Conversation",
    "Fault",
    "Rule",
    "Turn",
    "Wire",
    "count_tokens",
    "load_script",
    "read_log",
]
