"""From any answer of a model to a list of operations, and from those to changed files.

``read_answer(text)`` never raises and takes time in proportion to the text; ``apply(answer, files)`` never guesses:
what cannot be applied with certainty becomes a finding.
"""

from gencode_graph.llm.answers.applying import Applied, apply
from gencode_graph.llm.answers.operations import Answer, Operation
from gencode_graph.llm.answers.reading import read_answer

__all__ = ["Answer", "Applied", "Operation", "apply", "read_answer"]
