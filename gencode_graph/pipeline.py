"""Series-parallel expressions of steps, and the LangGraph graph that one describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from langgraph.graph import END, START, StateGraph

from gencode_graph.errors import WiringError
from gencode_graph.settings import Settings
from gencode_graph.state import AppInput, AppOutput, AppState
from gencode_graph.step import Step, verify
from gencode_graph.supervision import supervised

AppGraph = StateGraph[AppState, Settings, AppInput, AppOutput]
AnyGraph = StateGraph[AppState, Settings, Any, AppOutput]


@dataclass(frozen=True)
class Series:
    """Parts one after the other."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Parallel:
    """Branches side by side; what follows waits for all of them."""

    parts: tuple[Expression, ...]


Expression = str | Series | Parallel


def series(*parts: Expression) -> Series:
    """Parts one after the other."""
    return Series(parts)


def parallel(*parts: Expression) -> Parallel:
    """Branches side by side."""
    return Parallel(parts)


def leaves(expression: Expression) -> Iterator[str]:
    """The names of all steps, in reading order: a step comes after everything it waits for."""
    if isinstance(expression, str):
        yield expression
        return
    for part in expression.parts:
        yield from leaves(part)


def build(expression: Expression, steps: Mapping[str, Step]) -> AppGraph:
    """The graph of an expression. Raises ``WiringError`` for wiring that cannot work, and says why."""
    order = tuple(leaves(expression))
    for name in order:
        if name not in steps:
            raise WiringError(f"there is no step {name!r}; known steps: {', '.join(sorted(steps))}")
        if order.count(name) > 1:
            raise WiringError(f"step {name!r} stands twice in the pipeline")
    _flow(expression, steps, frozenset({"request"}))
    graph: AppGraph = StateGraph(AppState, context_schema=Settings, input_schema=AppInput, output_schema=AppOutput)
    graph.add_edge(_add(graph, expression, steps, order, [START]), END)
    return graph


def _flow(expression: Expression, steps: Mapping[str, Step], before: frozenset[str]) -> frozenset[str]:
    """What is written once an expression is done; raises where a read has no writer or two branches own a file."""
    if isinstance(expression, str):
        verify(steps[expression], before)
        return before | set(steps[expression].writes)
    if not expression.parts:
        raise WiringError("an empty series or parallel does nothing: take it out")
    if isinstance(expression, Series):
        for part in expression.parts:
            before = _flow(part, steps, before)
        return before
    after = [_flow(part, steps, before) - before for part in expression.parts]
    for index, own in enumerate(after):
        for other in after[:index]:
            if clash := own & other:
                raise WiringError(f"two parallel branches write {', '.join(sorted(clash))}: run them in series")
    return before.union(*after)


def _add(
    graph: AnyGraph, expression: Expression, steps: Mapping[str, Step], order: tuple[str, ...], after: list[str]
) -> list[str]:
    """Add an expression behind the nodes ``after``; returns the nodes it ends with."""
    if isinstance(expression, Series):
        for part in expression.parts:
            after = _add(graph, part, steps, order, after)
        return after
    if isinstance(expression, Parallel):
        return [_branch(graph, part, steps, order, after) for part in expression.parts]
    step = steps[expression]
    graph.add_node(step.name, supervised(step, order), metadata={"persona": step.persona, "does": step.does})
    return _after(graph, after, step.name)


def _branch(
    graph: AnyGraph, part: Expression, steps: Mapping[str, Step], order: tuple[str, ...], after: list[str]
) -> str:
    """One branch of a parallel. Several steps become a graph of their own, or they would wait for their siblings."""
    if isinstance(part, str):
        return _add(graph, part, steps, order, after)[0]
    names = tuple(leaves(part))
    name = f"{names[0]}_to_{names[-1]}"
    inner: AnyGraph = StateGraph(AppState, context_schema=Settings, output_schema=AppOutput)
    inner.add_edge(_add(inner, part, steps, order, [START]), END)
    graph.add_node(name, inner.compile(name=name))
    return _after(graph, after, name)[0]


def _after(graph: AnyGraph, before: list[str], name: str) -> list[str]:
    if before == [START]:
        graph.add_edge(START, name)
    else:
        graph.add_edge(before, name)
    return [name]
