"""What worked elsewhere is weighed by where it worked, and by how near the query was."""

from __future__ import annotations

import numpy as np
import pytest

from gencode_graph.decisions import Context
from gencode_graph.memory.explorer import Elsewhere, same, weight

HERE = Context(archetype="saas_app", step="backend_models", language="python")
NEAR = Context(archetype="ecommerce_store", step="backend_models", language="python")
FAR = Context(archetype="landing_page", step="frontend_mock", language="typescript")
X = np.array([1, 0, 0], np.float32)
Y = np.array([0, 1, 0], np.float32)


@pytest.mark.parametrize(
    ("there", "counts"),
    [(HERE, 1.0), (Context(), 1.0), (NEAR, 0.8), (HERE.model_copy(update={"language": "go"}), 0.7), (FAR, 0.3)],
)
def test_the_more_two_contexts_share_the_more_it_counts(there: Context, counts: float) -> None:
    assert weight(HERE, there) == pytest.approx(counts)
    assert same(HERE, there) == (counts == 1.0)


def test_what_worked_nearer_by_comes_first() -> None:
    elsewhere = Elsewhere(3)
    for option, context, query in (("near", NEAR, X), ("far", FAR, X), ("other", NEAR, Y), ("here", HERE, X)):
        elsewhere.add(query, option, 1.0, context)
    found = elsewhere.best(X, HERE, {"near", "far", "other", "here"})
    assert sorted(found, key=lambda name: -found[name]) == ["near", "far", "other"]


def test_what_mostly_failed_elsewhere_is_no_help() -> None:
    elsewhere = Elsewhere(3)
    for reward in (1.0, 0.0, 0.0):
        elsewhere.add(X, "a", reward, NEAR)
    assert elsewhere.best(X, HERE, {"a"}) == {}


def test_an_option_that_changed_is_forgotten_and_only_candidates_count() -> None:
    elsewhere = Elsewhere(3)
    elsewhere.add(X, "a", 1.0, NEAR)
    elsewhere.add(X, "b", 1.0, NEAR)
    elsewhere.forget("a")
    assert elsewhere.best(X, HERE, {"a", "c"}) == {}


def test_it_is_the_same_after_a_restart_and_holds_the_last_ones_only() -> None:
    elsewhere = Elsewhere(3)
    for i in range(1100):
        elsewhere.add(X, f"{i % 2 if i < 1050 else 2}", 1.0, NEAR)
    again = Elsewhere.restored({k: v.copy() for k, v in elsewhere.arrays().items()}, elsewhere.contexts)
    assert len(again.contexts) == 1000
    for one in (elsewhere, again):
        one.add(X, "2", 0.0, NEAR)
    names = {"0", "1", "2"}
    assert elsewhere.best(X, HERE, names) == pytest.approx(again.best(X, HERE, names))
