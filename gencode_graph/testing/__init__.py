"""What other packages can be tested with: the contract of a port, and models on loopback that misbehave."""

from gencode_graph.testing.sandbox import SERVER, SandboxContract, fetch, refused, sh
from gencode_graph.testing.wire import Answer, Call, Chance, Conversation, Fault, Rule, Wire, load_script

__all__ = [
    "SERVER",
    "Answer",
    "Call",
    "Chance",
    "Conversation",
    "Fault",
    "Rule",
    "SandboxContract",
    "Wire",
    "fetch",
    "load_script",
    "refused",
    "sh",
]
