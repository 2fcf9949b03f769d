"""The pipeline as a drawing, made from the expression that the graph is built of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from gencode_graph.cli.output import results

if TYPE_CHECKING:
    from gencode_graph.pipeline import Expression


def graph(
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Mermaid, for Markdown and mermaid.live.")] = False,
) -> None:
    """Draw the pipeline: its steps, which of them run side by side, and who does them."""
    if mermaid:
        from gencode_graph.graph import build_graph

        text = build_graph().compile(name="gencode").get_graph(xray=1).draw_mermaid()
    else:
        text = "\n".join(drawing())
    results().out(text, highlight=False)


def drawing() -> Iterator[str]:
    """The whole pipeline, one line a step."""
    from gencode_graph.graph import APP
    from gencode_graph.nodes import STEPS

    drawn = list(rows(APP))
    width = max(len(lead) + len(name) for lead, name in drawn) + 2
    for lead, name in drawn:
        yield f"{lead}{name}".ljust(width) + f"{STEPS[name].persona:<10}{STEPS[name].does}"


def rows(expression: Expression) -> Iterator[tuple[str, str]]:
    """The lines that lead to each step, and its name, from top to bottom.

    ::

        ┬─ frontend_mock          side by side ...
        └─ contracts              ... with this one
    """
    from gencode_graph.pipeline import Series

    if isinstance(expression, str):
        yield "", expression
    elif isinstance(expression, Series):
        for part in expression.parts:
            yield from rows(part)
    else:
        last = len(expression.parts) - 1
        for place, part in enumerate(expression.parts):
            corner = "└─ " if place == last else "├─ " if place else "┬─ "
            for line, (lead, name) in enumerate(rows(part)):
                yield (corner if line == 0 else "   " if place == last else "│  ") + lead, name


def before(expression: Expression, earlier: frozenset[str] = frozenset()) -> dict[str, frozenset[str]]:
    """For each step, the steps that have ended when it begins."""
    from gencode_graph.pipeline import Series

    if isinstance(expression, str):
        return {expression: earlier}
    found: dict[str, frozenset[str]] = {}
    for part in expression.parts:
        inside = before(part, earlier)
        found |= inside
        if isinstance(expression, Series):
            earlier = earlier | inside.keys()
    return found
