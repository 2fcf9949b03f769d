"""Language models behind one door: ``connect_model(settings, run_id)``; their figures: ``figures`` and ``metrics``."""

from gencode_graph.llm.model import connect_model
from gencode_graph.llm.patience import Patience
from gencode_graph.llm.redaction import redact, secrets_in
from gencode_graph.llm.telemetry import Figure, cost, figures, metrics

__all__ = ["Figure", "Patience", "connect_model", "cost", "figures", "metrics", "redact", "secrets_in"]
