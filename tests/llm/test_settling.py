"""What a call came to, whatever the provider says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.llm.clients import Heard
from gencode_graph.llm.failures import Failure, Kind
from gencode_graph.llm.prices import FixedPrice
from gencode_graph.llm.settling import after_answer, after_failure, worst_case
from gencode_graph.llm.tokens import counted, counted_sent
from gencode_graph.types import Usage
from tests.llm.conftest import prompt

PRICE = FixedPrice(sent=1.0, received=4.0)
NUMBERS = st.integers(-10, 3000)


def heard(text: str, sent: int | None, received: int = 0, cached: int = 0) -> Heard:
    """An answer, and what its provider says it cost."""
    usage = None if sent is None else {
        "input_tokens": sent, "output_tokens": received, "input_token_details": {"cache_read": cached}
    }  # fmt: skip
    return Heard(parts=[text], reason="stop", usage=usage, begun=True)


@given(st.text(max_size=4000), NUMBERS, NUMBERS, NUMBERS, st.floats(0, 1e6))
def test_no_figure_is_above_the_worst_case_or_charged_below_our_own_count(
    text: str, sent: int, received: int, cached: int, seconds: float
) -> None:
    asked = prompt("please " * 50)
    worst = worst_case(asked, PRICE, 60.0)
    end = after_answer(heard(text, sent, received, cached), asked, PRICE, worst, seconds)
    for account in (end.spent, end.charged):
        assert 0 <= account.tokens_in <= worst.tokens_in
        assert 0 <= account.tokens_out <= worst.tokens_out
        assert 0 <= account.usd <= worst.usd
        assert 0 <= account.seconds <= worst.seconds
        assert account.calls == 1
    assert end.charged.tokens_in >= counted_sent(asked)
    assert end.charged.tokens_out >= min(counted(text), worst.tokens_out)
    assert end.charged.usd >= end.spent.usd - 1e-12


@pytest.mark.parametrize(
    ("sent", "received", "spent", "doubted"),
    [
        (120, 30, (120, 30), False),
        (80, 20, (80, 20), False),
        (10, 3, (10, 3), True),
        (0, 30, (100, 25), True),
        (120, 0, (100, 25), True),
        (-1, 30, (100, 25), True),
        (10**7, 30, (100, 25), True),
        (120, 501, (100, 25), True),
        (120, 500, (120, 500), False),
        (None, 0, (100, 25), True),
    ],
)
def test_what_can_be_is_believed(sent: int | None, received: int, spent: tuple[int, int], doubted: bool) -> None:
    asked = prompt(system="", messages=("x" * 384,))
    assert counted_sent(asked) == 100
    worst = worst_case(asked, PRICE, 60.0)
    end = after_answer(heard("y" * 100, sent, received), asked, PRICE, worst, 1.0)
    assert (end.spent.tokens_in, end.spent.tokens_out) == spent
    assert end.doubted == doubted


@pytest.mark.parametrize(
    ("kind", "begun", "calls", "held"),
    [
        ("unreachable", False, 0, False),
        ("rate_limit", False, 1, False),
        ("server_error", False, 1, False),
        ("server_error", True, 1, True),
        ("unauthorised", False, 1, False),
        ("timeout", False, 1, True),
        ("cut", True, 1, True),
        ("garbled", False, 1, True),
    ],
)
def test_what_may_have_to_be_paid_is_held(kind: Kind, begun: bool, calls: int, held: bool) -> None:
    worst = Usage(calls=1, tokens_in=100, tokens_out=50, usd=0.01, seconds=60.0)
    end = after_failure(Failure(kind=kind, message="", begun=begun), worst, 99.0)
    assert end.spent == Usage(calls=calls, seconds=60.0)
    assert end.held == held
    assert end.charged == (worst if held else end.spent)
