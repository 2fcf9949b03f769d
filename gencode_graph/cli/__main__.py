"""``python -m gencode_graph.cli``: the command, where it is not on the path."""

from gencode_graph.cli import main

main()
